import { Decimal } from '../../../src/core/decimal.ts';
import type { AnyEvent } from '../../../src/core/events.ts';
import type { Fill } from '../../../src/core/fill.ts';
import {
  isFinal,
  ORDER_TRANSITIONS,
  type OrderRequest,
  type OrderState,
  type OrderUpdate,
} from '../../../src/core/order.ts';
import type { VenueOrderRecord, VenueTradeRecord } from '../../../src/ports/venue-ledger.ts';
import type { ExchangeCore } from '../../support/exchange-sim/exchange-core.ts';
import { isOpen } from '../../support/exchange-sim/order-store.ts';
import type { History } from './history.ts';
import { HOUR_MS, type EpochMs } from '../../../src/core/time.ts';

/** As far as the exchange's clock may be ahead. */
export const CLOCKS_APART_MS = 41_000;

/** An order as events told of it. */
interface WatchedOrder {
  readonly request: OrderRequest;
  state: OrderState;
  filled: Decimal;
}

/** What an input put into the venue's ledger. */
export interface Puts {
  readonly orders: readonly VenueOrderRecord[];
  readonly trades: readonly VenueTradeRecord[];
}

/**
 * What must hold of orders, from what is on record and what the exchange itself knows: it survives
 * processes, as the exchange does. Nothing of it is taken from the engine's own books.
 */
export class OrderWatch {
  readonly orders = new Map<string, WatchedOrder>();
  readonly #core: ExchangeCore;
  readonly #history: History;
  /** What is on record, by client id. */
  readonly #intents = new Map<string, VenueOrderRecord>();
  readonly #clientIds = new Map<string, string[]>();
  readonly #trades = new Set<string>();
  /** Open time of the bar that a signal was raised on. */
  readonly #bars = new Map<number, EpochMs>();
  readonly #posts = new Map<string, number>();

  constructor(core: ExchangeCore, history: History) {
    this.#core = core;
    this.#history = history;
  }

  get posted(): number {
    return this.#posts.size;
  }

  intent(clientId: string): VenueOrderRecord | undefined {
    return this.#intents.get(clientId);
  }

  intents(): Iterable<VenueOrderRecord> {
    return this.#intents.values();
  }

  requestOf(clientId: string): OrderRequest | undefined {
    const record = this.#intents.get(clientId);
    return record === undefined ? undefined : this.orders.get(record.orderId)?.request;
  }

  /** An order is about to leave. */
  leaving(clientId: string | null, now: EpochMs): void {
    if (clientId === null) {
      this.#history.broken('I07', 'an order leaves without a client id');
      return;
    }
    const posts = (this.#posts.get(clientId) ?? 0) + 1;
    this.#posts.set(clientId, posts);
    if (posts > 1) this.#history.broken('I08', `order ${clientId} leaves ${posts} times`);
    const record = this.#intents.get(clientId);
    if (record === undefined) {
      this.#history.broken('I07', `order ${clientId} leaves, and no intent is on record`);
    } else if (record.stage !== 'intended') {
      this.#history.broken('I07', `order ${clientId} leaves, and is ${record.stage} on record`);
    }
    const request = this.requestOf(clientId);
    if (request?.role !== 'entry') return;
    // One that the engine watched the market for leaves when its price comes.
    if (this.orders.get(request.id)?.state === 'submitted') this.#fresh(now, request, 'leaves');
  }

  /** An input is on record. */
  recorded(events: readonly AnyEvent[], puts: Puts): void {
    for (const record of puts.orders) this.#intended(record);
    for (const record of puts.trades) this.#booked(record, events);
    for (const event of events) this.#event(event);
  }

  /** The event of a world is broken where numbers are none. */
  #event(event: AnyEvent): void {
    const problem = oddNumber(event.payload);
    if (problem !== null) this.#history.broken('I05', `${event.type} has ${problem}`);
    if (event.type === 'order.requested') this.#requested(event.ts, event.payload);
    else if (event.type === 'signal.raised') this.#bars.set(event.seq, event.payload.barOpenTime);
    else if (event.type === 'order.approved') this.#advance(event.payload.id, 'approved');
    else if (event.type === 'order.rejected') this.#advance(event.payload.order.id, 'rejected');
    else if (event.type === 'order.updated') this.#updated(event.payload);
    else if (event.type === 'order.filled') this.#filled(event.payload);
  }

  #requested(now: EpochMs, request: OrderRequest): void {
    if (this.orders.has(request.id)) this.#broken('I10', request.id, 'was requested twice');
    this.orders.set(request.id, { request, state: 'created', filled: Decimal.zero });
    if (request.role === 'entry') this.#fresh(now, request, 'is asked for');
  }

  /** An entry is asked for, and leaves, on a bar that has closed, and not long ago. */
  #fresh(now: EpochMs, { id, signalSeq }: OrderRequest, does: string): void {
    const openTime = this.#bars.get(signalSeq);
    if (openTime === undefined) return;
    const age = now - openTime - HOUR_MS;
    if (age < -CLOCKS_APART_MS) this.#broken('I26', id, `${does} on a bar that is not closed`);
    if (age > 2 * HOUR_MS) this.#broken('I26', id, `${does} ${age} ms after its bar closed`);
  }

  #updated({ orderId: id, state }: OrderUpdate): void {
    this.#advance(id, state);
    if (!isFinal(state)) return;
    for (const clientId of this.#clientIds.get(id) ?? []) {
      const open = this.#core.store.withClientId(clientId).find(isOpen);
      if (open !== undefined) {
        this.#broken('I13', id, `is ${state}, and open at the exchange as ${clientId}`);
      }
    }
  }

  #advance(id: string, to: OrderState): void {
    const order = this.orders.get(id);
    if (order === undefined) return this.#broken('I10', id, 'is not known');
    if (!ORDER_TRANSITIONS[order.state].includes(to)) {
      this.#broken('I10', id, `goes from ${order.state} to ${to}`);
    }
    order.state = to;
  }

  #filled(fill: Fill): void {
    const order = this.orders.get(fill.orderId);
    if (order === undefined) return this.#broken('I10', fill.orderId, 'fills and is not known');
    order.filled = order.filled.plus(fill.quantity);
    if (fill.late === undefined) this.#advance(fill.orderId, fill.orderState);
    const { request, filled } = order;
    const isOver = filled.greaterThan(request.quantity);
    if (!fill.quantity.isPositive || (isOver && fill.excess === undefined)) {
      this.#broken('I11', fill.orderId, `filled ${filled.toString()}`);
    }
    const there = this.filledAtExchange(fill.orderId);
    if (filled.greaterThan(there)) {
      const text = `filled ${filled.toString()}, at the exchange ${there.toString()}`;
      this.#broken('I12', fill.orderId, text);
    }
  }

  filledAtExchange(id: string): Decimal {
    return (this.#clientIds.get(id) ?? []).reduce((sum, clientId) => {
      const order = this.#core.order(clientId);
      return order === undefined ? sum : sum.plus(Decimal.parse(order.filled));
    }, Decimal.zero);
  }

  #intended(record: VenueOrderRecord): void {
    const known = this.#intents.get(record.clientId);
    this.#intents.set(record.clientId, record);
    if (known === undefined) {
      const ids = this.#clientIds.get(record.orderId) ?? [];
      this.#clientIds.set(record.orderId, [...ids, record.clientId]);
    } else if (known.orderId !== record.orderId) {
      this.#broken('I08', record.orderId, `has the client id ${record.clientId} of another order`);
    } else if (known.stage === 'over' && record.stage !== 'over') {
      this.#broken('I10', record.orderId, `is ${record.stage} after its leg was over`);
    }
  }

  #booked({ symbol, venueTradeId }: VenueTradeRecord, events: readonly AnyEvent[]): void {
    const key = `${symbol} ${venueTradeId}`;
    const isCorrection = events.some(({ type }) => type === 'fee.corrected');
    if (this.#trades.has(key) && !isCorrection) {
      this.#history.broken('I12', `trade ${key} was booked twice`);
    }
    this.#trades.add(key);
  }

  #broken(invariant: string, id: string, what: string): void {
    this.#history.broken(invariant, `order ${id} ${what}`);
  }
}

/** Names a number within that is none, or not a plain one; null where all are. */
function oddNumber(value: unknown): string | null {
  if (typeof value === 'number') {
    return Number.isFinite(value) && !Object.is(value, -0) ? null : String(value);
  }
  if (value instanceof Decimal || typeof value !== 'object' || value === null) return null;
  for (const [name, member] of Object.entries(value)) {
    // What risk did not measure is no number, and lets no order pass.
    if (name === 'actual' && Number.isNaN(member)) continue;
    const found = oddNumber(member);
    if (found !== null) return found;
  }
  return null;
}
