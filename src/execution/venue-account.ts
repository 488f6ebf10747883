import type { Bar } from '../core/bar.ts';
import { Decimal } from '../core/decimal.ts';
import type { Fill } from '../core/fill.ts';
import type { PositionId } from '../core/ids.ts';
import { OpenItems } from '../core/open-items.ts';
import type { ApprovedOrder, EntryOrder } from '../core/order.ts';
import type { Meeting } from './bar-matching.ts';

/** When and where a position was last entered: its protection may meet the rest of that bar. */
export interface EntryMoment {
  readonly bar: Bar;
  readonly meeting: Meeting;
  /** The entry order announced a stop-loss that has not arrived yet. */
  awaitsStop: boolean;
  /** It announced a take-profit that has not arrived yet. */
  awaitsTarget: boolean;
}

interface Holding {
  quantity: Decimal;
  entry: EntryMoment | null;
}

/** The venue's own books, as an exchange keeps them: cash, and what each position holds. */
export class VenueAccount {
  #cash: Decimal;
  readonly #holdings = new OpenItems<PositionId, Holding>();

  constructor(initialCash: Decimal) {
    this.#cash = initialCash;
  }

  get cash(): Decimal {
    return this.#cash;
  }

  /** Base units, zero or positive, long and short alike. */
  held(position: PositionId): Decimal {
    return this.#holdings.get(position)?.quantity ?? Decimal.zero;
  }

  /** The entry of a position inside this bar, or null. */
  entryIn(bar: Bar, position: PositionId): EntryMoment | null {
    const entry = this.#holdings.get(position)?.entry ?? null;
    return entry?.bar === bar ? entry : null;
  }

  book(fill: Fill, order: ApprovedOrder): void {
    const value = fill.quantity.times(fill.price);
    const flow = fill.side === 'buy' ? value.negated() : value;
    this.#cash = this.#cash.plus(flow).minus(fill.fee);
    const { position, role } = order;
    const before = this.held(position);
    const after = role === 'entry' ? before.plus(fill.quantity) : before.minus(fill.quantity);
    const holding = this.#holdings.get(position);
    if (after.isZero) this.#holdings.delete(position);
    else if (holding === undefined) this.#holdings.set(position, { quantity: after, entry: null });
    else holding.quantity = after;
  }

  /** Remembers that an entry filled inside a bar, with trading of that bar still to come. */
  noteEntry({ position, protection }: EntryOrder, bar: Bar, meeting: Meeting): void {
    const holding = this.#holdings.get(position);
    if (holding === undefined) return;
    const { stopLoss, takeProfit } = protection;
    holding.entry = {
      bar,
      meeting,
      awaitsStop: stopLoss !== null,
      awaitsTarget: takeProfit !== null,
    };
  }
}
