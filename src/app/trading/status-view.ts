import type { EventBus } from '../../core/event-bus.ts';
import type { GateChange } from '../../core/operator.ts';
import type { OrderState } from '../../core/order.ts';
import type { OrderId } from '../../core/ids.ts';
import type { Position } from '../../core/position.ts';
import { formatTime, type EpochMs } from '../../core/time.ts';
import type { OpenOrder } from '../../ports/portfolio-view.ts';
import { VERSION } from '../version.ts';
import type { Engine } from '../wire-engine.ts';
import type { TradingPlan } from './plan-trading.ts';
import type { StatusOrder, StatusPosition, TradingStatus } from './trading-status.ts';
import type { TradingVenue } from './trading-venue.ts';

interface Watched {
  readonly plan: TradingPlan;
  readonly engine: Engine;
  readonly venue: TradingVenue;
}

/** What is true for as long as the process lives. */
export type StatusHead = Pick<
  TradingStatus,
  'mode' | 'run_id' | 'session' | 'pid' | 'host' | 'account' | 'started_at'
>;

/** What changes outside the engine. */
type StatusMoment = Pick<TradingStatus, 'phase' | 'errors' | 'memory_mb' | 'failure'> & {
  readonly now: EpochMs;
};

/** Keeps count of what happens on the bus, and tells how things stand. */
export class StatusView {
  readonly #watched: Watched;
  readonly #gates = new Map<string, GateChange>();
  readonly #states = new Map<OrderId, OrderState>();
  #lastBar: EpochMs | null = null;
  #fills = 0;
  #refusals = 0;

  constructor(watched: Watched) {
    this.#watched = watched;
    const { control, executor, portfolio, bus } = watched.engine;
    // What an earlier session left counts from the first moment on.
    for (const gate of control.snapshot()) this.#gates.set(keyOf(gate), gate);
    for (const { order, state } of executor.snapshot().open) this.#states.set(order.id, state);
    if (portfolio.markedAt > 0) this.#lastBar = portfolio.markedAt;
    this.#subscribe(bus);
  }

  read(head: StatusHead, { now, ...moment }: StatusMoment): TradingStatus {
    const { plan, engine, venue } = this.#watched;
    const { portfolio, risk, bus } = engine;
    const { halted } = risk;
    return {
      ...head,
      ...moment,
      written_at: formatTime(now),
      version: VERSION,
      config_hash: plan.configHash,
      exchange: plan.exchange,
      strategies: plan.strategies.map(({ id }) => id),
      symbols: plan.symbols,
      timeframe: plan.timeframe,
      currency: plan.currency,
      halt:
        halted === null
          ? null
          : {
              check: halted.check,
              since: formatTime(halted.since),
              message: halted.message,
            },
      gates: [...this.#gates.values()].map(({ gate, symbol, reason }) => {
        return { gate, symbol, reason: reason ?? '' };
      }),
      equity: Number.isFinite(portfolio.equity) ? portfolio.equity : null,
      cash: portfolio.cash.toString(),
      day_opening_equity: portfolio.dayOpeningEquity,
      peak_equity: portfolio.peakEquity,
      positions: portfolio.openPositions().map((each) => this.#position(each)),
      orders: this.#orders(),
      last_bar: this.#lastBar === null ? null : formatTime(this.#lastBar),
      last_seq: bus.seq,
      orders_sent: venue.ordersSent,
      fills: this.#fills,
      refusals: this.#refusals,
    };
  }

  #subscribe(bus: Pick<EventBus, 'on'>): void {
    bus.on('slice.closed', ({ payload }) => {
      this.#lastBar = payload.closeTime;
      return undefined;
    });
    bus.on('gate.changed', ({ payload }) => {
      const key = keyOf(payload);
      if (payload.reason === null) this.#gates.delete(key);
      else this.#gates.set(key, payload);
      return undefined;
    });
    bus.on('order.filled', ({ payload }) => {
      this.#fills++;
      this.#states.set(payload.orderId, payload.orderState);
      return undefined;
    });
    bus.on('order.rejected', () => {
      this.#refusals++;
      return undefined;
    });
    bus.on('order.updated', ({ payload }) => {
      this.#states.set(payload.orderId, payload.state);
      return undefined;
    });
  }

  #position(position: Position): StatusPosition {
    const { strategy, symbol, side, quantity } = position;
    const entryPrice = this.#watched.engine.portfolio.ledger.heldPriceOf(position);
    const price = this.#watched.engine.portfolio.lastPrice(symbol);
    const sign = side === 'long' ? 1 : -1;
    const moved = price === null ? null : (price - entryPrice.toNumber()) * sign;
    return {
      strategy,
      symbol,
      side,
      quantity: quantity.toString(),
      entry_price: entryPrice.toString(),
      price,
      unrealised: moved === null ? null : moved * quantity.toNumber(),
      is_dust: this.#watched.engine.portfolio.isDust(position),
    };
  }

  #orders(): readonly StatusOrder[] {
    const open = this.#watched.engine.portfolio.allOpenOrders();
    const ids = new Set(open.map(({ id }) => id));
    for (const id of this.#states.keys()) if (!ids.has(id)) this.#states.delete(id);
    return open.map((order) => this.#order(order.strategy, order));
  }

  #order(strategy: string, order: OpenOrder): StatusOrder {
    return {
      id: order.id,
      strategy,
      symbol: order.symbol,
      side: order.side,
      role: order.role,
      type: order.type,
      quantity: order.quantity.toString(),
      filled: order.filled.toString(),
      limit_price: 'limitPrice' in order ? order.limitPrice.toString() : null,
      stop_price: 'stopPrice' in order ? order.stopPrice.toString() : null,
      at: this.#watched.venue.placeOf(order.id),
      state: this.#states.get(order.id) ?? 'submitted',
    };
  }
}

function keyOf({ gate, symbol }: GateChange): string {
  return `${gate} ${symbol ?? ''}`;
}
