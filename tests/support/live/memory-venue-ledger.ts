import type {
  VenueLedger,
  VenueOrderRecord,
  VenueTradeRecord,
} from '../../../src/ports/venue-ledger.ts';

/**
 * A venue ledger in memory, with the one property that matters: what was put is on record once
 * `commit` is called, and gone when the process dies before.
 */
export class MemoryVenueLedger implements VenueLedger {
  #orders = new Map<string, VenueOrderRecord>();
  #trades = new Map<string, VenueTradeRecord>();
  #durable: { readonly orders: VenueOrderRecord[]; readonly trades: VenueTradeRecord[] } = {
    orders: [],
    trades: [],
  };

  commit(): void {
    this.#durable = { orders: [...this.#orders.values()], trades: [...this.#trades.values()] };
  }

  /** The ledger as another process finds it. */
  reopened(): MemoryVenueLedger {
    const other = new MemoryVenueLedger();
    for (const order of this.#durable.orders) other.putOrder(order);
    for (const trade of this.#durable.trades) other.putTrade(trade);
    other.commit();
    return other;
  }

  /** Whether a client id is on record, uncommitted puts not counted. */
  isDurable(clientId: string): boolean {
    return this.#durable.orders.some((order) => order.clientId === clientId);
  }

  get orders(): readonly VenueOrderRecord[] {
    return [...this.#orders.values()];
  }

  get trades(): readonly VenueTradeRecord[] {
    return [...this.#trades.values()];
  }

  putOrder(record: VenueOrderRecord): void {
    this.#orders.set(record.clientId, record);
  }

  order(clientId: string): VenueOrderRecord | null {
    return this.#orders.get(clientId) ?? null;
  }

  orderAt(symbol: string, venueId: string): VenueOrderRecord | null {
    const isIt = (each: VenueOrderRecord) => each.venueId === venueId && each.symbol === symbol;
    return this.orders.find(isIt) ?? null;
  }

  unfinished(): readonly VenueOrderRecord[] {
    return this.orders.filter(({ stage }) => stage !== 'over');
  }

  putTrade(record: VenueTradeRecord): void {
    this.#trades.set(`${record.symbol} ${record.venueTradeId}`, record);
  }

  trade(symbol: string, venueTradeId: string): VenueTradeRecord | null {
    return this.#trades.get(`${symbol} ${venueTradeId}`) ?? null;
  }

  tradesOf(orderId: string): readonly VenueTradeRecord[] {
    return this.trades.filter((trade) => trade.orderId === orderId);
  }
}
