import { DAY_MS, type EpochMs, HOUR_MS } from '../../../src/core/time.ts';
import type { Bar, Slice } from '../../../src/core/bar.ts';
import { Decimal } from '../../../src/core/decimal.ts';
import { exitGroupOf, isStrategyId, orderId, positionId } from '../../../src/core/ids.ts';
import type { PositionId, StrategyId } from '../../../src/core/ids.ts';
import { assetClassOf, type Instrument, type SymbolName } from '../../../src/core/instrument.ts';
import type { EntryOrder, ExitOrder, OrderPricing } from '../../../src/core/order.ts';
import type { Position } from '../../../src/core/position.ts';
import type { PortfolioView } from '../../../src/ports/portfolio-view.ts';
import type { RiskLimits } from '../../../src/risk/risk-limits.ts';
import type { RiskState } from '../../../src/risk/risk-state.ts';

/** 2024-01-01T00:00Z. */
export const START: EpochMs = 1_704_067_200_000;
export const HOUR = HOUR_MS;
export const DAY = DAY_MS;

export function strategy(text: string): StrategyId {
  if (!isStrategyId(text)) throw new Error(`a strategy id was expected, was "${text}"`);
  return text;
}

export function decimal(value: number | string): Decimal {
  return typeof value === 'string' ? Decimal.parse(value) : Decimal.fromNumber(value);
}

/** Lots of one thousandth, whatever the symbol. */
export function instrument(symbol: SymbolName): Instrument {
  return {
    symbol,
    assetClass: assetClassOf(symbol),
    quoteCurrency: 'USD',
    tickSize: decimal('0.01'),
    lotStep: decimal('0.001'),
    minNotional: Decimal.zero,
    fees: null,
  };
}

/** Every limit off, so that a test switches on the one it is about. */
export const NO_LIMITS: RiskLimits = {
  position: { maxFraction: null, stopLoss: { crypto: null, stock: null }, takeProfitRatio: null },
  symbol: { maxExposure: null },
  portfolio: {
    maxInvested: null,
    correlation: { threshold: null, lookbackBars: 5, maxGroupExposure: null },
  },
  system: {
    maxDailyLoss: null,
    maxDrawdown: null,
    dailyLossReset: 'next_day',
    onBreach: 'halt',
    maxOrdersPerMinute: null,
    maxOrdersPerDay: null,
    maxOrderNotional: null,
    maxDailyNotional: null,
  },
};

export function systemLimits(system: Partial<RiskLimits['system']>): RiskLimits {
  return { ...NO_LIMITS, system: { ...NO_LIMITS.system, ...system } };
}

export function positionLimits(position: Partial<RiskLimits['position']>): RiskLimits {
  return { ...NO_LIMITS, position: { ...NO_LIMITS.position, ...position } };
}

type EntryOverrides = Partial<Omit<EntryOrder, keyof OrderPricing>> & {
  readonly pricing?: OrderPricing;
};

/** Buys ten BTC at 100, worth 1,000; stop 2 % away. */
export function entry({ pricing, ...overrides }: EntryOverrides = {}): EntryOrder {
  return {
    id: orderId(1),
    strategy: strategy('alpha'),
    symbol: 'BTC/USD',
    side: 'buy',
    quantity: decimal(10),
    timeInForce: 'gtc',
    expiresAt: null,
    replaces: null,
    position: positionId(1),
    signalSeq: 1,
    referencePrice: 100,
    reason: 'test',
    role: 'entry',
    group: null,
    sizedAtFill: null,
    protection: { stopLoss: { kind: 'fraction', fraction: 0.02 }, takeProfit: null },
    ...overrides,
    ...(pricing ?? { type: 'market' }),
  };
}

/** Sells ten BTC at 100 to close position p1. */
export function exit(overrides: Partial<Omit<ExitOrder, keyof OrderPricing>> = {}): ExitOrder {
  return {
    id: orderId(2),
    strategy: strategy('alpha'),
    symbol: 'BTC/USD',
    side: 'sell',
    quantity: decimal(10),
    timeInForce: 'gtc',
    expiresAt: null,
    replaces: null,
    position: positionId(1),
    signalSeq: 1,
    referencePrice: 100,
    reason: 'test',
    role: 'exit',
    group: exitGroupOf(positionId(1)),
    ...overrides,
    type: 'market',
  };
}

/** Long ten BTC at 100, position p1 of strategy alpha. */
export function position(overrides: Partial<Position> = {}): Position {
  return {
    id: positionId(1),
    strategy: strategy('alpha'),
    symbol: 'BTC/USD',
    side: 'long',
    quantity: decimal(10),
    entered: decimal(10),
    entryPrice: decimal(100),
    exitPrice: null,
    grossPnl: Decimal.zero,
    fees: Decimal.zero,
    slippage: Decimal.zero,
    impact: Decimal.zero,
    financing: Decimal.zero,
    entryTime: START,
    exitTime: null,
    exitReason: null,
    ...overrides,
  };
}

export function state(overrides: Partial<RiskState> = {}): RiskState {
  return {
    instrument: instrument('BTC/USD'),
    equity: 10_000,
    exposures: [],
    halt: null,
    approvedLastMinute: 0,
    approvedToday: 0,
    notionalToday: 0,
    correlation: () => ({ coefficient: null, returns: 0 }),
    ...overrides,
  };
}

/** One slice of one-hour bars that close at `closeTime`, a flat bar per symbol. */
export function slice(closeTime: EpochMs, closes: Readonly<Record<SymbolName, number>>): Slice {
  const bars = Object.entries(closes).map(([symbol, close]): Bar => ({
    symbol,
    timeframe: '1h',
    openTime: closeTime - HOUR,
    closeTime,
    open: close,
    high: close,
    low: close,
    close,
    volume: 1,
    flags: 0,
  }));
  return { closeTime, bars };
}

/** A portfolio that says what the test tells it. */
export class ScriptedPortfolio implements PortfolioView {
  equity = 10_000;
  cash = decimal(10_000);
  dayOpeningEquity = 10_000;
  peakEquity = 10_000;
  markedAt: EpochMs = START;
  readonly positions = new Map<PositionId, Position>();
  readonly prices = new Map<SymbolName, number>();

  hold(held: Position): void {
    this.positions.set(held.id, held);
  }

  openPositions(): readonly Position[] {
    return [...this.positions.values()];
  }

  positionOf(owner: StrategyId, symbol: SymbolName): Position | null {
    const isWanted = (held: Position) => held.strategy === owner && held.symbol === symbol;
    return this.openPositions().find(isWanted) ?? null;
  }

  openOrders(): readonly [] {
    return [];
  }

  lastPrice(symbol: SymbolName): number | null {
    return this.prices.get(symbol) ?? null;
  }
}
