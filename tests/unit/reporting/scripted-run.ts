import { USUAL_TERMS } from '../../../src/core/signal.ts';
import { Decimal } from '../../../src/core/decimal.ts';
import { EventBus } from '../../../src/core/event-bus.ts';
import type { Publish } from '../../../src/core/event-bus.ts';
import type { EventType } from '../../../src/core/events.ts';
import type { Fill } from '../../../src/core/fill.ts';
import { exitGroupOf, isStrategyId, orderId, positionId, tradeId } from '../../../src/core/ids.ts';
import type { StrategyId } from '../../../src/core/ids.ts';
import type {
  ApprovedOrder,
  EntryOrder,
  ExitOrder,
  OrderRequest,
} from '../../../src/core/order.ts';
import type { Position } from '../../../src/core/position.ts';
import type { EntrySignal } from '../../../src/core/signal.ts';
import { HOUR_MS } from '../../../src/core/time.ts';
import type { RoundTrip } from '../../../src/reporting/round-trips.ts';

/** 2024-01-01T00:00Z, a Monday. */
export const MONDAY = Date.UTC(2024, 0, 1);

export const decimal = (text: string): Decimal => Decimal.parse(text);

export function strategyNamed(name: string): StrategyId {
  if (!isStrategyId(name)) throw new Error(`a strategy id was expected, was "${name}"`);
  return name;
}

/** A bus with hand-made publishers: a run told event by event. */
export class ScriptedRun {
  now = MONDAY;
  readonly bus = new EventBus({ now: () => this.now });
  readonly #publishers = new Map<EventType, unknown>();

  publish<T extends EventType>(type: T, payload: Parameters<Publish<T>>[0]): void {
    const publisher = this.#publishers.get(type) ?? this.bus.publisher(type);
    this.#publishers.set(type, publisher);
    (publisher as Publish<T>)(payload);
  }

  /** Requests and approves in one go. */
  order(request: OrderRequest): void {
    this.publish('order.requested', request);
    this.publish('order.approved', approved(request));
  }
}

/** Only risk can make an approved order; a scripted run stands in for it. */
export function approved(request: OrderRequest): ApprovedOrder {
  return request as ApprovedOrder;
}

export function entryOrder(count: number, overrides: Partial<EntryOrder> = {}): EntryOrder {
  const base = {
    id: orderId(count),
    strategy: strategyNamed('reverter'),
    symbol: 'BTC/USD',
    side: 'buy',
    quantity: decimal('2'),
    timeInForce: 'gtc',
    expiresAt: null,
    replaces: null,
    position: positionId(1),
    signalSeq: 1,
    referencePrice: 100,
    reason: 'entry signal',
    type: 'market',
    role: 'entry',
    group: null,
    sizedAtFill: null,
    protection: { stopLoss: null, takeProfit: null },
  } as const;
  return { ...base, ...overrides } as EntryOrder;
}

export function exitOrder(count: number, overrides: Partial<ExitOrder> = {}): ExitOrder {
  const base = {
    id: orderId(count),
    strategy: strategyNamed('reverter'),
    symbol: 'BTC/USD',
    side: 'sell',
    quantity: decimal('2'),
    timeInForce: 'gtc',
    expiresAt: null,
    replaces: null,
    position: positionId(1),
    signalSeq: 1,
    referencePrice: 100,
    reason: 'middle band reached',
    type: 'market',
    role: 'exit',
    group: exitGroupOf(positionId(1)),
  } as const;
  return { ...base, ...overrides } as ExitOrder;
}

/** Two units bought at 101 where 100 was quoted, fee 1.2. */
export function fill(count: number, overrides: Partial<Fill> = {}): Fill {
  return {
    tradeId: tradeId(count),
    orderId: orderId(count),
    symbol: 'BTC/USD',
    side: 'buy',
    quantity: decimal('2'),
    price: decimal('101'),
    rawPrice: decimal('100'),
    impact: Decimal.zero,
    fee: decimal('1.2'),
    commission: null,
    isFeeProvisional: false,
    liquidity: 'taker',
    time: MONDAY,
    orderState: 'filled',
    ...overrides,
  };
}

/**
 * Two units from 101 to 111: 20 before fees, of which slippage took 3; fees 2.5, net 17.5, on an entry
 * value of 202.
 */
export function closedPosition(count: number, overrides: Partial<Position> = {}): Position {
  return {
    id: positionId(count),
    strategy: strategyNamed('reverter'),
    symbol: 'BTC/USD',
    side: 'long',
    quantity: Decimal.zero,
    entered: decimal('2'),
    entryPrice: decimal('101'),
    exitPrice: decimal('111'),
    grossPnl: decimal('20'),
    fees: decimal('2.5'),
    slippage: decimal('3'),
    impact: Decimal.zero,
    financing: Decimal.zero,
    entryTime: MONDAY + HOUR_MS,
    exitTime: MONDAY + 5 * HOUR_MS,
    exitReason: 'middle band reached',
    ...overrides,
  };
}

export function openPosition(count: number, overrides: Partial<Position> = {}): Position {
  return closedPosition(count, {
    quantity: decimal('2'),
    exitPrice: null,
    exitTime: null,
    exitReason: null,
    grossPnl: Decimal.zero,
    ...overrides,
  });
}

export function entrySignal(overrides: Partial<EntrySignal> = {}): EntrySignal {
  return {
    strategy: strategyNamed('reverter'),
    symbol: 'BTC/USD',
    barOpenTime: MONDAY,
    price: 100,
    reason: 'close below the lower band',
    conditions: [{ name: 'z', value: -2.5, comparison: '<', threshold: -2, holds: true }],
    intent: 'enter',
    terms: USUAL_TERMS,
    oneCancelsOther: null,
    side: 'buy',
    confidence: 1,
    protection: { stopLoss: null, takeProfit: null },
    ...overrides,
  };
}

interface RoundTripFigures {
  readonly grossPnl?: string;
  readonly fees?: string;
  readonly slippage?: string;
  readonly impact?: string;
  readonly financing?: string;
  readonly symbol?: string;
}

/** A closed trade on an entry value of 200; without figures nothing won, nothing paid. */
export function roundTrip(figures: RoundTripFigures): RoundTrip {
  const { grossPnl = '0', fees = '0', slippage = '0', symbol = 'BTC/USD' } = figures;
  const { impact = '0', financing = '0' } = figures;
  const costs = [slippage, fees, financing].map(decimal);
  const netPnl = costs.reduce((left, cost) => left.minus(cost), decimal(grossPnl));
  return {
    strategy: strategyNamed('reverter'),
    symbol,
    side: 'long',
    quantity: decimal('2'),
    entryTime: MONDAY,
    entryPrice: decimal('100'),
    exitTime: MONDAY + HOUR_MS,
    exitPrice: decimal('100'),
    grossPnl: decimal(grossPnl),
    fees: decimal(fees),
    slippage: decimal(slippage),
    spreadCost: decimal(slippage).minus(decimal(impact)),
    impactCost: decimal(impact),
    financing: decimal(financing),
    netPnl,
    netReturn: netPnl.toNumber() / 200,
    exitReason: null,
    entryOrder: orderId(1),
    exitOrder: orderId(2),
  };
}
