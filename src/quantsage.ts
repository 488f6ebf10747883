/**
 * What `import … from 'quantsage'` gives to strategies of the user's own: how to define one, and the
 * types of what it sees. Nothing here reaches clock, network, bus or database.
 */
export * as z from 'zod';
export { defineStrategy } from './strategies/define-strategy.ts';
export { allOf, anyOf, rule } from './strategies/rule.ts';
export type { Quantity, Rule } from './strategies/rule.ts';
export type {
  CrossSectionalSetup,
  CrossSectionalStrategy,
  Decision,
  Entry,
  Exit,
  NamedRules,
  NewProtection,
  OrderWish,
  Reasoned,
  Replacement,
  Strategy,
  StrategyContext,
  StrategyDefinition,
  StrategySetup,
  SymbolContexts,
  SymbolSetup,
} from './strategies/strategy.ts';
export type { FurtherTimeframe, FurtherTimeframes } from './strategies/further-timeframes.ts';
export type { InformativeSymbol, InformativeSymbols } from './strategies/informative-symbols.ts';
export type { Indicators, Readings } from './strategies/indicators/indicator-set.ts';
export type { IndicatorSource } from './strategies/indicators/indicator-source.ts';
export type { BarIndicator, ValueIndicator } from './strategies/indicators/indicator.ts';
export type { OpenOrder } from './ports/portfolio-view.ts';
export type { Bar } from './core/bar.ts';
export type { Comparison, Condition } from './core/condition.ts';
export type { Decimal } from './core/decimal.ts';
export type { OrderId } from './core/ids.ts';
export type { SymbolName } from './core/instrument.ts';
export type { OrderRole, Side, TimeInForce } from './core/order.ts';
export type { Position, PositionSide } from './core/position.ts';
export type { ProtectiveLevel, StopLevel } from './core/protection.ts';
export type { Signal, WishedTrail } from './core/signal.ts';
export type { EpochMs, Timeframe } from './core/time.ts';
