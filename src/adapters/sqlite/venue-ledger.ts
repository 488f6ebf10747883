import { invariant } from '../../core/assert.ts';
import type { OrderId, RunId } from '../../core/ids.ts';
import type { SymbolName } from '../../core/instrument.ts';
import type { DatabaseOwner } from '../../ports/lasting-run.ts';
import type { VenueLedger, VenueOrderRecord, VenueTradeRecord } from '../../ports/venue-ledger.ts';
import type { Database } from './database.ts';

type OfRun<T> = T & { readonly runId: RunId };

const ORDER = `SELECT run_id AS runId, client_id AS clientId, order_id AS orderId, symbol, stage,
  venue_id AS venueId, intended_at AS intendedAt, detail FROM venue_orders`;
const TRADE = `SELECT run_id AS runId, venue_trade_id AS venueTradeId, symbol, trade_id AS tradeId,
  order_id AS orderId, time, detail FROM venue_trades`;

/**
 * Orders and executions of one account. What is put waits in memory for the transaction of the input
 * it belongs to, and is read from there until then.
 */
export class SqliteVenueLedger implements VenueLedger {
  readonly #runId: RunId;
  readonly #owner: DatabaseOwner;
  readonly #statements;
  readonly #orders = new Map<string, VenueOrderRecord>();
  readonly #trades = new Map<string, VenueTradeRecord>();

  constructor(database: Database, runId: RunId, owner: DatabaseOwner) {
    this.#runId = runId;
    this.#owner = owner;
    this.#statements = prepare(database);
  }

  /** Whether nothing was put since the last commit. */
  get isClean(): boolean {
    return this.#orders.size === 0 && this.#trades.size === 0;
  }

  putOrder(record: VenueOrderRecord): void {
    const { clientId, orderId, stage } = record;
    const known = this.#order(clientId);
    if (known !== null) {
      const { runId, orderId: knownId } = known;
      invariant(
        runId === this.#runId && knownId === orderId,
        () => `client order id ${clientId} belongs to order ${knownId} of run ${runId}`,
      );
      invariant(
        stage !== 'intended' || known.stage === 'intended',
        () => `order ${orderId} was sent as ${clientId}: it cannot be intended again`,
      );
    }
    this.#orders.set(clientId, record);
  }

  order(clientId: string): VenueOrderRecord | null {
    const found = this.#order(clientId);
    return found === null ? null : orderOf(found);
  }

  orderAt(symbol: SymbolName, venueId: string): VenueOrderRecord | null {
    for (const record of this.#orders.values()) {
      if (record.venueId === venueId && record.symbol === symbol) return record;
    }
    const found = this.#statements.orderAt.get(this.#runId, symbol, venueId);
    return found === undefined ? null : orderOf(found);
  }

  unfinished(): readonly VenueOrderRecord[] {
    const stored = this.#statements.unfinished.all(this.#runId).map(orderOf);
    const known = new Set(stored.map(({ clientId }) => clientId));
    const merged = stored.map((each) => this.#orders.get(each.clientId) ?? each);
    const fresh = [...this.#orders.values()].filter(({ clientId }) => !known.has(clientId));
    return [...merged, ...fresh].filter(({ stage }) => stage !== 'over');
  }

  putTrade(record: VenueTradeRecord): void {
    const { symbol, venueTradeId, tradeId, orderId } = record;
    const known = this.#trade(symbol, venueTradeId);
    invariant(
      known === null ||
        (known.runId === this.#runId && known.tradeId === tradeId && known.orderId === orderId),
      () => `execution ${venueTradeId} of ${symbol} is booked as trade ${known?.tradeId} already`,
    );
    this.#trades.set(keyOf(symbol, venueTradeId), record);
  }

  trade(symbol: SymbolName, venueTradeId: string): VenueTradeRecord | null {
    const found = this.#trade(symbol, venueTradeId);
    return found === null ? null : tradeOf(found);
  }

  tradesOf(orderId: OrderId): readonly VenueTradeRecord[] {
    const stored = this.#statements.tradesOf.all(this.#runId, orderId).map(tradeOf);
    const keyed = new Map(stored.map((each) => [keyOf(each.symbol, each.venueTradeId), each]));
    for (const [key, record] of this.#trades) {
      if (record.orderId === orderId) keyed.set(key, record);
    }
    return [...keyed.values()];
  }

  /** Runs inside a transaction, after the orders of the run were written. */
  write(): void {
    for (const record of this.#orders.values()) this.#writeOrder(record);
    for (const record of this.#trades.values()) this.#writeTrade(record);
  }

  /** Forgets what was put, once it is committed. */
  committed(): void {
    this.#orders.clear();
    this.#trades.clear();
  }

  #order(clientId: string): OfRun<VenueOrderRecord> | null {
    const put = this.#orders.get(clientId);
    if (put !== undefined) return { ...put, runId: this.#runId };
    return this.#statements.order.get(clientId) ?? null;
  }

  #trade(symbol: SymbolName, venueTradeId: string): OfRun<VenueTradeRecord> | null {
    const put = this.#trades.get(keyOf(symbol, venueTradeId));
    if (put !== undefined) return { ...put, runId: this.#runId };
    const { exchange, account } = this.#owner;
    return this.#statements.trade.get(exchange, account ?? '', symbol, venueTradeId) ?? null;
  }

  #writeOrder(record: VenueOrderRecord): void {
    const { clientId, orderId, symbol, stage, venueId, intendedAt, detail } = record;
    const ids = [clientId, this.#runId, orderId, symbol] as const;
    this.#statements.putOrder.run(...ids, stage, venueId, intendedAt, detail);
  }

  #writeTrade(record: VenueTradeRecord): void {
    const { exchange, account } = this.#owner;
    const { symbol, venueTradeId, tradeId, orderId, time, detail } = record;
    const key = [exchange, account ?? '', symbol, venueTradeId] as const;
    this.#statements.putTrade.run(...key, this.#runId, tradeId, orderId, time, detail);
  }
}

function prepare(database: Database) {
  return {
    order: database.prepare<[string], OfRun<VenueOrderRecord>>(`${ORDER} WHERE client_id = ?`),
    orderAt: database.prepare<[RunId, SymbolName, string], OfRun<VenueOrderRecord>>(
      `${ORDER} WHERE run_id = ? AND symbol = ? AND venue_id = ?`,
    ),
    unfinished: database.prepare<[RunId], OfRun<VenueOrderRecord>>(
      `${ORDER} WHERE run_id = ? AND stage <> 'over' ORDER BY number`,
    ),
    trade: database.prepare<[string, string, SymbolName, string], OfRun<VenueTradeRecord>>(
      `${TRADE} WHERE exchange = ? AND account = ? AND symbol = ? AND venue_trade_id = ?`,
    ),
    tradesOf: database.prepare<[RunId, OrderId], OfRun<VenueTradeRecord>>(
      `${TRADE} WHERE run_id = ? AND order_id = ? ORDER BY number`,
    ),
    putOrder: database.prepare<(string | number | null)[]>(
      `INSERT INTO venue_orders (client_id, run_id, order_id, symbol, stage, venue_id, intended_at,
         detail)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (client_id) DO UPDATE SET stage = excluded.stage, venue_id = excluded.venue_id,
         detail = excluded.detail`,
    ),
    putTrade: database.prepare<(string | number)[]>(
      `INSERT INTO venue_trades (exchange, account, symbol, venue_trade_id, run_id, trade_id,
         order_id, time, detail)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (exchange, account, symbol, venue_trade_id) DO UPDATE SET
         detail = excluded.detail`,
    ),
  };
}

function orderOf(row: OfRun<VenueOrderRecord>): VenueOrderRecord {
  const { clientId, orderId, symbol, stage, venueId, intendedAt, detail } = row;
  return { clientId, orderId, symbol, stage, venueId, intendedAt, detail };
}

function tradeOf(row: OfRun<VenueTradeRecord>): VenueTradeRecord {
  const { venueTradeId, symbol, tradeId, orderId, time, detail } = row;
  return { venueTradeId, symbol, tradeId, orderId, time, detail };
}

function keyOf(symbol: SymbolName, venueTradeId: string): string {
  return `${symbol} ${venueTradeId}`;
}
