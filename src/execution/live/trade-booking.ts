import type { AccountDifference } from '../../core/account-check.ts';
import { Decimal } from '../../core/decimal.ts';
import { toExactJson } from '../../core/exact-json.ts';
import type { Fill } from '../../core/fill.ts';
import type { TradeId } from '../../core/ids.ts';
import type { VenueTrade } from '../../ports/exchange-account.ts';
import type { VenueTradeRecord } from '../../ports/venue-ledger.ts';
import { isOurs } from './client-order-id.ts';
import { bookedFee, correctionOf, fillOf, type FeeState } from './live-fill.ts';
import type { LiveDesk } from './live-desk.ts';
import { isHeldEntry, standsBehind } from './entry-queue.ts';
import { isOut } from './leg.ts';
import { isEnded, isExit, type LiveOrder } from './live-order.ts';
import { feeStateOf } from './order-record.ts';

/** How many trades are kept whose order is not known yet. */
const STRAYS = 200;

const FILLED_BEFORE = 'a leg before it filled';
const GROUP_TAKEN = 'another of its group filled';
const CAME_TOO_LATE = 'the entry that was called back for it filled after all';

interface TradeBookingOptions {
  readonly desk: LiveDesk;
  readonly differ: (difference: AccountDifference) => void;
  /** Decides what becomes of an order whose leg may be over now. */
  readonly settle: (orderId: LiveOrder['request']['id']) => void;
}

/**
 * Books executions, each once and for ever: by the exchange's own trade id, across processes and runs.
 *
 * What an order report says was filled is never booked by itself. It has a rounded mean price and no
 * fee, and nothing could take it back exactly once the trades arrive. It only says how much is still
 * to come: an order does not end before the trades for all of it are booked.
 */
export class TradeBooking {
  readonly #options: TradeBookingOptions;
  /** Trades that cannot be, and were reported. */
  readonly #refused = new Set<string>();
  /** Trades that came before anything told whose they are. */
  #strays: readonly VenueTrade[] = [];

  constructor(options: TradeBookingOptions) {
    this.#options = options;
  }

  /** Whether a trade is ours and not booked, or booked without the fee it brings. */
  isNews(trade: VenueTrade): boolean {
    if (this.#refused.has(keyOf(trade))) return false;
    const record = this.#recordOf(trade);
    if (record !== null) return trade.fee !== null && feeStateOf(record).isProvisional;
    const isOurs = this.#orderOf(trade) !== null;
    if (!isOurs) this.#keep(trade);
    return isOurs;
  }

  /** Trades kept so far whose order is known by now. */
  get claimed(): readonly VenueTrade[] {
    if (this.#strays.length === 0) return this.#strays;
    const claimed = this.#strays.filter((trade) => this.#orderOf(trade) !== null);
    if (claimed.length > 0) this.#strays = this.#strays.filter((each) => !claimed.includes(each));
    return claimed.filter((trade) => this.#recordOf(trade) === null);
  }

  /** Books a trade, or what it says of the fee of one that is booked. */
  show(trade: VenueTrade): void {
    const record = this.#recordOf(trade);
    if (record !== null) {
      this.#correct(record, trade);
      return;
    }
    const { desk } = this.#options;
    const names = namesOf(trade);
    const present = desk.book.named(names);
    if (present !== null) {
      this.#bookOnLeg(present, trade);
      return;
    }
    const past = desk.book.past(names);
    if (past !== null) this.#bookLate(desk.book.get(past.request.id) ?? past, trade);
  }

  #bookOnLeg(order: LiveOrder, trade: VenueTrade): void {
    const { leg, request } = order;
    const filled = leg.filled.plus(trade.quantity);
    const total = order.filled.plus(trade.quantity);
    const isTooMuch = filled.greaterThan(leg.quantity) || total.greaterThan(request.quantity);
    if (isTooMuch || !trade.quantity.isPositive) {
      this.#overfilled(order, trade, filled);
      this.#options.desk.doubt(request.id, 'more of it filled than was ordered');
      return;
    }
    const tradeId = this.#enter(order, trade);
    const isWhole = !filled.lessThan(leg.quantity);
    const isOver = isWhole && this.#isComplete(order, total);
    const orderState = isOver ? 'filled' : 'partially_filled';
    const phase = isOver ? 'over' : 'working';
    const cumulative = leg.cumulative.max(filled);
    const venueId = trade.venueOrderId;
    const next = { ...leg, filled, cumulative, venueId, phase } as const;
    this.#options.desk.book.put({
      ...order,
      state: orderState,
      filled: total,
      failures: 0,
      leg: next,
    });
    this.#report(order, trade, { tradeId, orderState });
    this.#options.settle(request.id);
  }

  /**
   * An execution of a leg that was taken for over. The exchange said so, and was wrong: it is booked
   * all the same, on an order that may be final to the engine.
   */
  #bookLate(order: LiveOrder, trade: VenueTrade): void {
    const { request } = order;
    const { desk } = this.#options;
    const isOpen = desk.book.get(request.id) !== null;
    const total = this.#bookedOf(order).plus(trade.quantity);
    if (total.greaterThan(request.quantity) || !trade.quantity.isPositive) {
      this.#overfilled(order, trade, total);
      return;
    }
    desk.options.logger.warn(
      { order: request.id, trade: trade.tradeId, symbol: request.symbol },
      'an execution came after the exchange had called its order over',
    );
    const tradeId = this.#enter(order, trade);
    const orderState = total.equals(request.quantity) ? 'filled' : 'partially_filled';
    if (isOpen) this.#keepOpen({ ...order, filled: total }, orderState);
    else {
      const ended = isEnded(order) ? order.state : 'canceled';
      desk.book.put({
        ...order,
        state: ended,
        filled: total,
        leg: { ...order.leg, phase: 'over' },
      });
    }
    this.#report(order, trade, { tradeId, orderState, isLate: !isOpen });
  }

  /** An order of which all is filled by now may still have a leg at the exchange: that is called back. */
  #keepOpen(order: LiveOrder, orderState: Fill['orderState']): void {
    const { book, options } = this.#options.desk;
    if (orderState !== 'filled') {
      book.put({ ...order, state: orderState });
      return;
    }
    if (!isOut(order.leg)) {
      book.put({ ...order, state: orderState, leg: { ...order.leg, phase: 'over' } });
      return;
    }
    const recall = order.leg.recall ?? { reason: FILLED_BEFORE, askedAt: options.clock.now() };
    const leg = { ...order.leg, recall };
    book.put({ ...order, state: 'partially_filled', ending: FILLED_BEFORE, leg });
  }

  /** Writes an execution into the books and the ledger, before anybody hears of it. */
  #enter({ request }: LiveOrder, trade: VenueTrade): TradeId {
    const { desk } = this.#options;
    const { symbol, quantity, price } = trade;
    const { position, side, role } = request;
    const tradeId = desk.books.nextTradeId();
    const state: FeeState = {
      ...bookedFee(trade.fee, { symbol, price }),
      isProvisional: trade.fee === null,
      position,
      isEntry: role === 'entry',
      side,
      quantity,
      price,
    };
    const executed = { key: keyOf(trade), time: trade.time };
    desk.books.book({ ...state, symbol: request.symbol }, executed);
    const record = { venueTradeId: trade.tradeId, symbol: trade.symbol, tradeId } as const;
    const detail = toExactJson(state);
    desk.options.ledger.putTrade({ ...record, orderId: request.id, time: trade.time, detail });
    return tradeId;
  }

  #report(
    order: LiveOrder,
    trade: VenueTrade,
    {
      isLate = false,
      ...parts
    }: {
      readonly tradeId: TradeId;
      readonly orderState: Fill['orderState'];
      readonly isLate?: boolean;
    },
  ): void {
    const { desk } = this.#options;
    const fill = fillOf(order, trade, parts);
    desk.reports.filled(isLate ? { ...fill, late: order.request } : fill);
    if (order.request.role === 'entry') {
      this.#excludeGroup(order);
      this.#excludeFollowers(order);
    }
    desk.replan(order.request.position);
  }

  /** An exit is complete, too, once nothing is left that could be sold. */
  #isComplete(order: LiveOrder, total: Decimal): boolean {
    const { request } = order;
    if (total.equals(request.quantity)) return true;
    return isExit(order) && this.#options.desk.sellable(request.position, request.symbol).isZero;
  }

  /** The first entry of a group to fill, however little, is the only one. */
  #excludeGroup({ request: { id, role, group } }: LiveOrder): void {
    if (role !== 'entry' || group === null) return;
    const { desk } = this.#options;
    for (const { request } of desk.book.all()) {
      if (request.group === group && request.id !== id) desk.cancel(request.id, GROUP_TAKEN);
    }
  }

  /** Entries that were let pass on the word that this one would go. */
  #excludeFollowers(order: LiveOrder): void {
    const { desk } = this.#options;
    const all = desk.book.all();
    for (const other of all) {
      const isUnsent = other.leg.phase === 'sending' && desk.outbox.isUnsent(other.leg);
      const isHeld = isUnsent || isHeldEntry(other);
      if (isHeld && standsBehind(other, [order])) desk.cancel(other.request.id, CAME_TOO_LATE);
    }
  }

  #correct(record: VenueTradeRecord, trade: VenueTrade): void {
    const { desk } = this.#options;
    const before = feeStateOf(record);
    if (trade.fee === null || !before.isProvisional) return;
    const { tradeId, orderId, symbol } = record;
    const correction = correctionOf(before, trade.fee, { tradeId, orderId, symbol });
    const { fee, commission, position } = correction;
    const after: FeeState = { ...before, fee, commission, isProvisional: false };
    desk.books.correct({ ...before, symbol }, { ...after, symbol }, { key: keyOf(trade) });
    desk.options.ledger.putTrade({ ...record, detail: toExactJson(after) });
    desk.reports.feeCorrected(correction);
    desk.replan(position);
  }

  #bookedOf({ request }: LiveOrder): Decimal {
    return this.#options.desk.options.ledger
      .tradesOf(request.id)
      .reduce((sum, record) => sum.plus(feeStateOf(record).quantity), Decimal.zero);
  }

  #recordOf({ symbol, tradeId }: VenueTrade): VenueTradeRecord | null {
    return this.#options.desk.options.ledger.trade(symbol, tradeId);
  }

  #orderOf(trade: VenueTrade): LiveOrder | null {
    const { book } = this.#options.desk;
    const names = namesOf(trade);
    return book.named(names) ?? book.past(names);
  }

  /** A trade that names an id of somebody else will never be ours. */
  #keep(trade: VenueTrade): void {
    if (trade.clientId !== null && !isOurs(trade.clientId)) return;
    const isKept = this.#strays.some(
      ({ tradeId, symbol }) => tradeId === trade.tradeId && symbol === trade.symbol,
    );
    if (!isKept) this.#strays = [...this.#strays, trade].slice(-STRAYS);
  }

  #overfilled({ leg, request }: LiveOrder, trade: VenueTrade, filled: Decimal): void {
    this.#refused.add(keyOf(trade));
    this.#options.differ({
      kind: 'overfilled-order',
      symbol: request.symbol,
      subject: trade.venueOrderId,
      ours: leg.quantity,
      theirs: filled,
      message:
        `at most ${leg.quantity.toString()} was expected to fill of order ${trade.venueOrderId}, ` +
        `was "${filled.toString()}" with trade ${trade.tradeId}`,
    });
  }
}

function keyOf({ symbol, tradeId }: VenueTrade): string {
  return `${symbol} ${tradeId}`;
}

function namesOf({ clientId, venueOrderId, symbol }: VenueTrade) {
  return { clientId, venueId: venueOrderId, symbol };
}
