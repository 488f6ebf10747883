import { USUAL_TERMS } from '../../../src/core/signal.ts';
import { Decimal } from '../../../src/core/decimal.ts';
import type { AnyEvent } from '../../../src/core/events.ts';
import {
  exitGroupOf,
  isStrategyId,
  orderId,
  positionId,
  tradeId,
  type OrderId,
  type StrategyId,
} from '../../../src/core/ids.ts';
import type { ApprovedOrder, EntryOrder, ExitOrder } from '../../../src/core/order.ts';
import type { Position } from '../../../src/core/position.ts';
import type { RunEnd, RunStart } from '../../../src/ports/run-store.ts';
import { START } from './bar-rows.ts';

type Draft = AnyEvent extends infer E
  ? E extends AnyEvent
    ? Pick<E, 'type' | 'payload'>
    : never
  : never;

const dec = (text: string): Decimal => Decimal.parse(text);
const EVENTS_PER_TRIP = 24;

function strategyId(text: string): StrategyId {
  if (!isStrategyId(text)) throw new Error(`not a strategy id: ${text}`);
  return text;
}

const STRATEGY = strategyId('mean_reversion');

export function runStart(changes: Partial<RunStart> = {}): RunStart {
  return {
    mode: 'backtest',
    strategies: [
      {
        id: 'mean_reversion',
        kind: 'mean_reversion',
        params: '{"window":20}',
        symbols: ['BTC/USD', 'ETH/USD'],
        allowShort: false,
        source: null,
      },
    ],
    exchange: 'test',
    symbols: ['BTC/USD', 'ETH/USD'],
    timeframe: '1h',
    adjustment: 'raw',
    start: START,
    end: null,
    initialCapital: '10000',
    currency: 'USD',
    config: '{}',
    configHash: 'c0ffee',
    version: '0.1.0',
    startedAt: 1_750_000_000_000,
    ...changes,
  };
}

export function runEnd(changes: Partial<RunEnd> = {}): RunEnd {
  return {
    status: 'completed',
    finishedAt: 1_750_000_000_500,
    resultHash: 'abc',
    dataFingerprint: 'def',
    bars: 17_520,
    finalEquity: 10_123.456789012345,
    metrics: { sharpe_ratio: 0.1 + 0.2, profit_factor: null },
    report: '{"ok":true}',
    error: null,
    ...changes,
  };
}

/**
 * One round trip with everything around it, as the engine publishes it. With `n` counted from 0:
 * entry order `o4n+1`, its stop `o4n+2`, its exit `o4n+3`, a refused entry `o4n+4`.
 */
export function roundTrip(n: number): readonly AnyEvent[] {
  return roundTripFrom(n, n * EVENTS_PER_TRIP + 1);
}

/** The same with its events numbered from `first` on. */
export function roundTripFrom(n: number, first: number): readonly AnyEvent[] {
  const id = (k: number): OrderId => orderId(4 * n + k);
  const time = START + n * 3_600_000;
  const position = positionId(n + 1);
  const base = { strategy: STRATEGY, symbol: 'BTC/USD' } as const;
  const conditions = [
    { name: 'z-score', value: -2.5, comparison: '<', threshold: -2, holds: true },
  ] as const;
  const seen = { ...base, barOpenTime: time, price: 100.25, reason: 'dip', conditions } as const;
  const entry: EntryOrder = {
    ...base,
    id: id(1),
    side: 'buy',
    quantity: dec('0.5'),
    timeInForce: 'gtc',
    expiresAt: null,
    replaces: null,
    position,
    signalSeq: first,
    referencePrice: 100.25,
    reason: 'dip',
    role: 'entry',
    group: null,
    sizedAtFill: null,
    protection: { stopLoss: null, takeProfit: null },
    type: 'market',
  };
  const stop: ExitOrder = {
    ...entry,
    id: id(2),
    side: 'sell',
    role: 'stop-loss',
    group: exitGroupOf(position),
    reason: 'stop-loss',
    type: 'stop',
    stopPrice: dec('98'),
  };
  const exit: ExitOrder = {
    ...entry,
    id: id(3),
    side: 'sell',
    role: 'exit',
    group: exitGroupOf(position),
    signalSeq: first + 12,
    reason: 'middle band',
  };
  const refused: EntryOrder = {
    ...entry,
    id: id(4),
    signalSeq: first + 19,
    position: positionId(9_999),
  };
  const open: Position = {
    ...base,
    id: position,
    side: 'long',
    quantity: dec('0.5'),
    entered: dec('0.5'),
    entryPrice: dec('100.3'),
    exitPrice: null,
    grossPnl: Decimal.zero,
    fees: dec('0.3'),
    slippage: dec('0.02'),
    impact: Decimal.zero,
    financing: Decimal.zero,
    entryTime: time,
    exitTime: null,
    exitReason: null,
  };
  const closed: Position = {
    ...open,
    quantity: Decimal.zero,
    exitPrice: dec('103'),
    grossPnl: dec('1.35'),
    fees: dec('0.61'),
    exitTime: time + 1,
    exitReason: 'middle band',
  };
  const fill = {
    symbol: 'BTC/USD',
    quantity: dec('0.5'),
    commission: null,
    isFeeProvisional: false,
    liquidity: 'taker',
    time,
    orderState: 'filled',
  } as const;
  const drafts: readonly Draft[] = [
    {
      type: 'signal.raised',
      payload: {
        ...seen,
        intent: 'enter',
        terms: USUAL_TERMS,
        oneCancelsOther: null,
        side: 'buy',
        confidence: 0.75,
        protection: entry.protection,
      },
    },
    { type: 'order.requested', payload: entry },
    { type: 'order.approved', payload: entry as ApprovedOrder },
    { type: 'order.updated', payload: { orderId: id(1), state: 'submitted', reason: '' } },
    { type: 'order.updated', payload: { orderId: id(1), state: 'accepted', reason: '' } },
    {
      type: 'order.filled',
      payload: {
        ...fill,
        tradeId: tradeId(2 * n + 1),
        orderId: id(1),
        side: 'buy',
        price: dec('100.3'),
        rawPrice: dec('100.26'),
        impact: Decimal.zero,
        fee: dec('0.3'),
      },
    },
    { type: 'position.updated', payload: open },
    { type: 'order.requested', payload: stop },
    { type: 'order.approved', payload: stop as ApprovedOrder },
    { type: 'order.updated', payload: { orderId: id(2), state: 'submitted', reason: '' } },
    { type: 'order.updated', payload: { orderId: id(2), state: 'accepted', reason: '' } },
    {
      type: 'equity.marked',
      payload: { time, equity: 1, cash: 1, exposure: 0, peak: 1, drawdown: 0 },
    },
    { type: 'signal.raised', payload: { ...seen, intent: 'exit', terms: USUAL_TERMS } },
    { type: 'order.requested', payload: exit },
    { type: 'order.approved', payload: exit as ApprovedOrder },
    { type: 'order.updated', payload: { orderId: id(3), state: 'submitted', reason: '' } },
    {
      type: 'order.filled',
      payload: {
        ...fill,
        tradeId: tradeId(2 * n + 2),
        orderId: id(3),
        side: 'sell',
        price: dec('103'),
        rawPrice: dec('103'),
        impact: Decimal.zero,
        fee: dec('0.31'),
      },
    },
    {
      type: 'order.updated',
      payload: { orderId: id(2), state: 'canceled', reason: 'position closed' },
    },
    { type: 'position.updated', payload: closed },
    {
      type: 'signal.raised',
      payload: {
        ...seen,
        intent: 'enter',
        terms: USUAL_TERMS,
        oneCancelsOther: null,
        side: 'buy',
        confidence: 1,
        protection: entry.protection,
      },
    },
    { type: 'order.requested', payload: refused },
    {
      type: 'order.rejected',
      payload: {
        order: refused,
        refusal: {
          layer: 'symbol',
          check: 'symbol-exposure',
          limit: 0.15,
          actual: 0.17,
          message: 'too much',
        },
      },
    },
    { type: 'signal.raised', payload: { ...seen, intent: 'exit', terms: USUAL_TERMS } },
    { type: 'signal.ignored', payload: { ...base, signalSeq: first + 22, reason: 'no-position' } },
  ];
  // Each event is caused by the one before it, the first by the outside.
  return drafts.map((draft, at) => {
    const seq = first + at;
    return { ...draft, seq, ts: time, causedBy: at === 0 ? null : seq - 1 };
  });
}
