/**
 * What `import … from 'quantsage'` gives to strategies of the user's own: how to define one, and the
 * types of what it sees. Nothing here reaches clock, network, bus or database.
 */
export * as z from 'zod';
export { defineStrategy } from './strategies/define-strategy.ts';
export { allOf, anyOf, rule } from './strategies/rule.ts';
export type { Quantity, Rule } from './strategies/rule.ts';
export type {
  Decision,
  Entry,
  Exit,
  Strategy,
  StrategyContext,
  StrategyDefinition,
  StrategySetup,
} from './strategies/strategy.ts';
export type { FurtherTimeframe, FurtherTimeframes } from './strategies/further-timeframes.ts';
export type { Indicators, Readings } from './strategies/indicators/indicator-set.ts';
export type { IndicatorSource } from './strategies/indicators/indicator-source.ts';
export type { BarIndicator, ValueIndicator } from './strategies/indicators/indicator.ts';
export type { Bar } from './core/bar.ts';
export type { Comparison, Condition } from './core/condition.ts';
export type { Side } from './core/order.ts';
export type { Position } from './core/position.ts';
export type { ProtectiveLevel } from './core/protection.ts';
export type { Signal } from './core/signal.ts';
export type { Timeframe } from './core/time.ts';
