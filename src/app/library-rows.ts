import type { Condition } from '../core/condition.ts';
import { limitPriceOf, sizedAtFillOf, stopPriceOf, trailTextOf } from '../core/order.ts';
import { notionalOf, slippageOf } from '../reporting/fill-costs.ts';
import type { EquityColumns } from '../reporting/equity-curve.ts';
import type { FillRow, OrderRow } from '../reporting/order-log.ts';
import type { RoundTrip } from '../reporting/round-trips.ts';
import type { SignalRow } from '../reporting/signal-log.ts';
import { bothWays } from './exact-amounts.ts';

/**
 * Rows of a result for programs: the columns of the CSV files. Times are UTC milliseconds, money is
 * in quote currency. An amount is a number; all its digits stand under the same name in `exact`.
 */
export type Trade = ReturnType<typeof tradeOf>;
export type Order = ReturnType<typeof orderOf>;
export type OrderFill = ReturnType<typeof fillOf>;
export type RaisedSignal = ReturnType<typeof signalOf>;

/** A sampled mark of the account; the drawdown is a fraction of the highest equity before. */
export interface EquityPoint {
  readonly time: number;
  readonly equity: number;
  readonly cash: number;
  readonly exposure: number;
  readonly drawdown: number;
}

/**
 * A position from its first entry fill to its last exit fill, of which
 * `grossPnl − slippage − fees − financing = netPnl` and `spreadCost + impactCost = slippage`, exactly.
 */
export function tradeOf(trade: RoundTrip) {
  const { strategy, symbol, side, entryTime, exitTime } = trade;
  const { netReturn, exitReason, entryOrder, exitOrder } = trade;
  const { quantity, entryPrice, exitPrice, grossPnl, fees, slippage, netPnl } = trade;
  const { spreadCost, impactCost, financing } = trade;
  return {
    strategy: String(strategy),
    symbol,
    side,
    entryTime,
    exitTime,
    ...bothWays({
      quantity,
      entryPrice,
      exitPrice,
      grossPnl,
      fees,
      slippage,
      spreadCost,
      impactCost,
      financing,
      netPnl,
    }),
    /** `netPnl` as a fraction of what the entry cost. */
    netReturn,
    exitReason,
    entryOrder: textOf(entryOrder),
    exitOrder: textOf(exitOrder),
  };
}

/** A requested order with its last state. `quantity` is what was asked for; see `sizedAtFill`. */
export function orderOf({ order, requestedAt, state, outcome, ...progress }: OrderRow) {
  const { strategy, symbol, role, side, type, timeInForce, referencePrice, reason } = order;
  const { filledQuantity, averagePrice, fees } = progress;
  const limitPrice = limitPriceOf(order);
  const stopPrice = stopPriceOf(order);
  const { quantity } = order;
  return {
    id: String(order.id),
    requestedAt,
    strategy: String(strategy),
    symbol,
    position: String(order.position),
    role,
    side,
    type,
    timeInForce,
    expiresAt: order.expiresAt,
    /** How it trails: `distance:5` or `fraction:0.02`; null for one that does not. */
    trail: trailTextOf(order),
    /** The order it took the place of; null where none. */
    replaces: textOf(order.replaces),
    /** Share of the free funds that was ordered rather than `quantity`; null where that was. */
    sizedAtFill: sizedAtFillOf(order)?.fraction ?? null,
    state,
    ...bothWays({ quantity, limitPrice, stopPrice, filledQuantity, averagePrice, fees }),
    referencePrice,
    reason,
    /** Why it was refused, cancelled or rejected; null when it was not. */
    outcome,
  };
}

/** One execution of (part of) an order. */
export function fillOf({ fill, order }: FillRow) {
  const { symbol, side, time, liquidity, quantity, price, rawPrice, fee } = fill;
  return {
    id: String(fill.tradeId),
    time,
    order: String(fill.orderId),
    strategy: textOf(order?.strategy ?? null),
    symbol,
    role: order?.role ?? null,
    side,
    ...bothWays({
      quantity,
      price,
      rawPrice,
      notional: notionalOf(fill),
      slippage: slippageOf(fill),
      impactCost: fill.impact,
      fee,
    }),
    liquidity,
  };
}

/** A signal and what became of it. */
export function signalOf({ time, signal, order, ignored }: SignalRow) {
  const { strategy, symbol, barOpenTime, price, intent, reason } = signal;
  const conditions: readonly Condition[] = signal.conditions;
  return {
    time,
    barOpenTime,
    strategy: String(strategy),
    symbol,
    intent,
    price,
    reason,
    conditions,
    side: signal.intent === 'enter' ? signal.side : null,
    confidence: signal.intent === 'enter' ? signal.confidence : null,
    /** First order that stems from it; null when there is none. */
    order: textOf(order),
    /** Why no order was made of it; null when one was. */
    ignored,
  };
}

export function equityPoints(columns: EquityColumns): readonly EquityPoint[] {
  return columns.time.map((time, row) => ({
    time,
    equity: columns.equity[row] ?? Number.NaN,
    cash: columns.cash[row] ?? Number.NaN,
    exposure: columns.exposure[row] ?? Number.NaN,
    drawdown: columns.drawdown[row] ?? Number.NaN,
  }));
}

function textOf(id: string | null): string | null {
  return id;
}
