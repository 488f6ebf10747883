import type { Bar } from '../core/bar.ts';
import { Decimal } from '../core/decimal.ts';
import type { Fill } from '../core/fill.ts';
import type { PositionId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import { OpenItems } from '../core/open-items.ts';
import type { ApprovedOrder, EntryOrder } from '../core/order.ts';
import type { EpochMs } from '../core/time.ts';
import type { Meeting } from './bar-matching.ts';

/** When and where a position was last entered: its protection may meet the rest of that bar. */
export interface EntryMoment {
  readonly bar: Bar;
  readonly meeting: Meeting;
  /** A market order that filled at the bar's first price: all of the bar came after it. */
  readonly isAtOpen: boolean;
  /** The entry order announced a stop-loss that has not arrived yet. */
  awaitsStop: boolean;
  /** It announced a take-profit that has not arrived yet. */
  awaitsTarget: boolean;
}

interface Holding {
  readonly position: PositionId;
  readonly symbol: SymbolName;
  readonly isShort: boolean;
  quantity: Decimal;
  /** When it was last added to. */
  enteredAt: EpochMs;
  entry: EntryMoment | null;
}

/** What a position holds, and how it was entered in the last bar of its symbol; plain data. */
export interface HoldingSnapshot extends Readonly<Omit<Holding, 'entry'>> {
  /** Null where it was not entered in that bar. */
  readonly entry: Readonly<Omit<EntryMoment, 'bar'>> | null;
}

/** The books of an account, to go on from; plain data. */
export interface VenueAccountSnapshot {
  readonly cash: Decimal;
  readonly holdings: readonly HoldingSnapshot[];
}

type LastBar = (symbol: SymbolName) => Bar | null;

/** Goods that were borrowed to be sold. */
export interface Loan {
  readonly position: PositionId;
  readonly symbol: SymbolName;
  readonly quantity: Decimal;
}

interface VenueAccountOptions {
  /** In quote currency; counts where nothing is restored. */
  readonly initialCash: Decimal;
  /** Part of a position's value that equity must cover, in (0, 1]. */
  readonly initialMargin: number;
  /** Last price known of a symbol that is held. */
  readonly priceOf: (symbol: SymbolName) => Decimal;
  readonly restored?: VenueAccountSnapshot | undefined;
  /** Last bar of a symbol, which what is restored refers to. */
  readonly lastBar: LastBar;
}

/** The venue's own books, as an exchange keeps them: cash, and what each position holds. */
export class VenueAccount {
  #cash: Decimal;
  readonly #initialMargin: Decimal;
  readonly #priceOf: VenueAccountOptions['priceOf'];
  readonly #holdings = new OpenItems<PositionId, Holding>();

  constructor({ initialCash, initialMargin, priceOf, restored, lastBar }: VenueAccountOptions) {
    this.#cash = restored?.cash ?? initialCash;
    this.#initialMargin = Decimal.fromNumber(initialMargin);
    this.#priceOf = priceOf;
    for (const { entry, ...holding } of restored?.holdings ?? []) {
      const bar = lastBar(holding.symbol);
      const moment = entry === null || bar === null ? null : { ...entry, bar };
      this.#holdings.set(holding.position, { ...holding, entry: moment });
    }
  }

  /** An entry in an earlier bar than the last has no rest to be met any more: it is left out. */
  snapshot(lastBar: LastBar): VenueAccountSnapshot {
    const holdings = [...this.#holdings.values()].map(({ entry, ...holding }) => {
      if (entry === null || entry.bar !== lastBar(holding.symbol))
        return { ...holding, entry: null };
      const { bar: _bar, ...moment } = entry;
      return { ...holding, entry: moment };
    });
    return { cash: this.#cash, holdings };
  }

  get cash(): Decimal {
    return this.#cash;
  }

  /** Base units, zero or positive, long and short alike. */
  held(position: PositionId): Decimal {
    return this.#holdings.get(position)?.quantity ?? Decimal.zero;
  }

  /** Time of the last fill that made a position larger; −Infinity for one that holds nothing. */
  enteredAt(position: PositionId): EpochMs {
    return this.#holdings.get(position)?.enteredAt ?? -Infinity;
  }

  /** What is sold short. */
  *loans(): Generator<Loan> {
    for (const { position, isShort, symbol, quantity } of this.#holdings.values()) {
      if (isShort) yield { position, symbol, quantity };
    }
  }

  /**
   * The value of further positions that the account can carry, in quote currency:
   * `(equity − initial margin × Σ|value|) / initial margin`, negative where too much is carried
   * already. Without loans it is the cash. The symbol traded counts at the price it trades at.
   */
  buyingPower(symbol: SymbolName, price: Decimal): Decimal {
    const margin = this.#initialMargin;
    const ofLong = Decimal.one.minus(margin);
    const ofShort = Decimal.one.plus(margin);
    let free = this.#cash;
    for (const holding of this.#holdings.values()) {
      if (!holding.isShort && ofLong.isZero) continue;
      const mark = holding.symbol === symbol ? price : this.#priceOf(holding.symbol);
      const value = holding.quantity.times(mark);
      free = holding.isShort ? free.minus(value.times(ofShort)) : free.plus(value.times(ofLong));
    }
    return ofLong.isZero ? free : free.dividedBy(margin);
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
    const { position, role, symbol } = order;
    const before = this.held(position);
    const after = role === 'entry' ? before.plus(fill.quantity) : before.minus(fill.quantity);
    const holding = this.#holdings.get(position);
    if (after.isZero) this.#holdings.delete(position);
    else if (holding === undefined) {
      const isShort = fill.side === 'sell';
      const entered = { enteredAt: fill.time, entry: null };
      this.#holdings.set(position, { position, symbol, isShort, quantity: after, ...entered });
    } else {
      holding.quantity = after;
      if (role === 'entry') holding.enteredAt = fill.time;
    }
  }

  /** Takes what lending costs off the cash. */
  charge(amount: Decimal): void {
    this.#cash = this.#cash.minus(amount);
  }

  /** Remembers that an entry filled inside a bar, with trading of that bar still to come. */
  noteEntry({ position, protection, type }: EntryOrder, bar: Bar, meeting: Meeting): void {
    const holding = this.#holdings.get(position);
    if (holding === undefined) return;
    const { stopLoss, takeProfit } = protection;
    holding.entry = {
      bar,
      meeting,
      isAtOpen: meeting.atStart && type === 'market',
      awaitsStop: stopLoss !== null,
      awaitsTarget: takeProfit !== null,
    };
  }
}
