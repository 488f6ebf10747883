/**
 * What `import … from 'quantsage'` gives: how to define a strategy of one's own, the types of what it
 * sees, and how to run one from a program. What a strategy is given reaches neither clock, network,
 * bus nor database; and to import this costs no more than a strategy needs, whatever a run takes.
 */
import type { Backtest } from './app/library-backtest.ts';
import type { BacktestOptions } from './app/library-options.ts';

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
export {
  ConfigError,
  DataError,
  InvariantError,
  QuantSageError,
  StrategyError,
} from './core/errors.ts';
export type { Backtest } from './app/library-backtest.ts';
export type {
  BacktestOptions,
  ConfigInput,
  StrategyRun,
  TimeInput,
} from './app/library-options.ts';
export type { EquityPoint, Order, OrderFill, RaisedSignal, Trade } from './app/library-rows.ts';
export type { BarInput } from './app/memory-bars.ts';
export type { BacktestReport } from './reporting/backtest-report.ts';

/**
 * Runs strategies over bars and gives what came of it: the same as `quantsage backtest`, without
 * files, settings or output of its own.
 *
 *     const { report, trades } = await runBacktest({
 *       strategy: { definition: myStrategy, params: { period: 20 } },
 *       bars: { GOOG: rows },
 *       timeframe: '1d',
 *     });
 *
 * Rejects with a `ConfigError` for options that make no sense, a `DataError` for bars that cannot be
 * or are not there, a `StrategyError` for a strategy that breaks its contract.
 */
export async function runBacktest(options: BacktestOptions): Promise<Backtest> {
  const { libraryBacktest } = await import('./app/library-backtest.ts');
  return libraryBacktest(options);
}
