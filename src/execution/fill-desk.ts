import { Decimal } from '../core/decimal.ts';
import { InvariantError } from '../core/errors.ts';
import type { Fill } from '../core/fill.ts';
import type { FinancingCharge } from '../core/financing.ts';
import { tradeId, type OrderGroupId } from '../core/ids.ts';
import type { EntryOrder, OrderUpdate } from '../core/order.ts';
import type { VenueReports } from '../ports/venue.ts';
import {
  draftFill,
  hasRoom,
  type Encounter,
  type FillDraft,
  type TradingCosts,
} from './fill-draft.ts';
import { quantityAtFill } from './quantity-at-fill.ts';
import type { SymbolBook } from './symbol-book.ts';
import type { SymbolBooks } from './symbol-books.ts';
import type { VenueAccount } from './venue-account.ts';
import type { WorkingOrder } from './working-order.ts';

const GROUP_TAKEN = 'another of its group filled';

const SHORTAGE_RULES = ['reduce', 'cancel'] as const;
/** What becomes of an entry that is not paid for: cut to what is, or cancelled whole. */
export type ShortageRule = (typeof SHORTAGE_RULES)[number];

export interface DeskRules extends TradingCosts {
  readonly shortOfFunds: ShortageRule;
}

/** What the desk remembers; plain data. */
export interface FillDeskSnapshot {
  /** Fills so far. */
  readonly trades: number;
  /** Groups of entries that one was filled of at the running instant. */
  readonly taken: readonly OrderGroupId[];
}

interface FillDeskOptions {
  readonly account: VenueAccount;
  readonly rules: DeskRules;
  readonly books: Pick<SymbolBooks, 'values'>;
  readonly restored?: FillDeskSnapshot | undefined;
}

/** Executes orders where they met the market, keeps the venue's account, reports both. */
export class FillDesk {
  readonly #account: VenueAccount;
  readonly #rules: DeskRules;
  readonly #books: Pick<SymbolBooks, 'values'>;
  /** Groups of entries that one was filled of at the running instant. */
  readonly #taken: Set<OrderGroupId>;
  #reports: VenueReports | null = null;
  #trades: number;

  constructor({ account, rules, books, restored }: FillDeskOptions) {
    this.#account = account;
    this.#rules = rules;
    this.#books = books;
    this.#trades = restored?.trades ?? 0;
    this.#taken = new Set(restored?.taken);
  }

  snapshot(): FillDeskSnapshot {
    return { trades: this.#trades, taken: [...this.#taken] };
  }

  connect(reports: VenueReports): void {
    this.#reports = reports;
  }

  /**
   * Fills what volume, holding and funds allow; an entry loses what the account cannot carry, or all
   * of it where the rules say so. An order for all or nothing is left alone where that is not all of it.
   */
  execute(encounter: Encounter): void {
    const { order } = encounter;
    this.#settle(encounter);
    const draft = draftFill(encounter, this.#account, this.#rules);
    if (draft === null || !isEnough(order, draft)) return;
    const isCut = draft.isShortOfFunds && this.#rules.shortOfFunds === 'cancel';
    if (draft.quantity.isPositive && !isCut) this.#book(encounter, draft);
    if (draft.isShortOfFunds) this.cancel(order, 'insufficient funds');
  }

  /** Does nothing to an order that is closed. */
  cancel(order: WorkingOrder, reason: string): void {
    this.#close(order, 'canceled', reason);
  }

  /** Ends an immediate order, which had its chance; leaves all others alone. */
  endAtOnce(order: WorkingOrder): void {
    if (!order.isImmediate) return;
    const isWhole = order.request.timeInForce === 'fok';
    this.cancel(order, isWhole ? 'not all of it filled at once' : 'not filled at once');
  }

  /** Ends an order whose time is over; does nothing to one that is closed. */
  expire(order: WorkingOrder): void {
    const isOfDay = order.request.timeInForce === 'day';
    this.#close(order, 'expired', isOfDay ? 'the trading day is over' : 'its time is over');
  }

  /** Why an entry comes too late, or null: one of its group was filled before it arrived. */
  exclusionOf({ group }: Pick<EntryOrder, 'group'>): string | null {
    return group !== null && this.#taken.has(group) ? GROUP_TAKEN : null;
  }

  /** Ends an instant: what is ordered from here on was decided with its fills known. */
  settle(): void {
    if (this.#taken.size > 0) this.#taken.clear();
  }

  charge(charge: FinancingCharge): void {
    this.#account.charge(charge.amount);
    this.#connected().charged(charge);
  }

  update(update: OrderUpdate): void {
    this.#connected().updated(update);
  }

  #settle(encounter: Encounter): void {
    const { order } = encounter;
    if (order.unsettled === null || !hasRoom(encounter)) return;
    const books = { account: this.#account, costs: this.#rules };
    order.settle(quantityAtFill(encounter, order.unsettled, books));
    if (order.remaining.isZero) this.cancel(order, 'insufficient funds');
  }

  #close(order: WorkingOrder, state: 'canceled' | 'expired', reason: string): void {
    if (!order.isOpen) return;
    order.close();
    this.update({ orderId: order.request.id, state, reason });
  }

  #book(encounter: Encounter, draft: FillDraft): void {
    const { order, book, bar, meeting } = encounter;
    const { request } = order;
    order.fill(draft.quantity);
    if (order.remaining.isZero) order.close();
    if (!encounter.ignoreVolume && bar !== null) book.budget.take(draft.quantity);
    const fill: Fill = {
      tradeId: tradeId(++this.#trades),
      orderId: request.id,
      symbol: request.symbol,
      side: request.side,
      quantity: draft.quantity,
      price: draft.price,
      rawPrice: meeting.exact,
      impact: draft.impact,
      fee: draft.fee,
      commission: null,
      isFeeProvisional: false,
      liquidity: order.liquidity,
      time: encounter.time,
      orderState: order.isOpen ? 'partially_filled' : 'filled',
    };
    this.#account.book(fill, request);
    if (request.role === 'entry' && encounter.goesOn && bar !== null) {
      this.#account.noteEntry(request, bar, meeting);
    }
    this.#connected().filled(fill);
    if (request.role === 'entry') this.#excludeGroup(order);
    else this.#shrinkGroup(order, book);
  }

  /** The first entry of a group to fill, however little, is the only one. */
  #excludeGroup({ request: { id, group } }: WorkingOrder): void {
    if (group === null) return;
    this.#taken.add(group);
    for (const book of this.#books.values()) {
      for (const sibling of book.orders) {
        const { request } = sibling;
        if (request.group === group && request.id !== id) {
          this.cancel(sibling, GROUP_TAKEN);
        }
      }
    }
  }

  /**
   * Exits share what their position holds: after a fill of one, none is left with more than that.
   * Once nothing is held, what was still to be added to it is not bought any more.
   */
  #shrinkGroup(order: WorkingOrder, book: SymbolBook): void {
    const { group, position } = order.request;
    const held = this.#account.held(position);
    for (const sibling of book.orders) {
      const { request } = sibling;
      if (sibling === order || !sibling.isOpen || request.position !== position) continue;
      if (request.group === group) sibling.reduce(sibling.remaining.minus(held).max(Decimal.zero));
      if (held.isZero || sibling.remaining.isZero) {
        this.cancel(sibling, request.role === 'entry' ? 'position closed' : 'group filled');
      }
    }
    if (held.isZero) this.cancel(order, 'position closed');
  }

  #connected(): VenueReports {
    if (this.#reports !== null) return this.#reports;
    throw new InvariantError('a receiver of reports was expected, was "none": connect the venue');
  }
}

/** True but for an order for all or nothing that would get less, or that its group took some of. */
function isEnough({ request, remaining, isWhole }: WorkingOrder, draft: FillDraft): boolean {
  if (request.timeInForce !== 'fok') return true;
  return isWhole && !draft.quantity.lessThan(remaining);
}
