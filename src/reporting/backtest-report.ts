import type { AssetClass, SymbolName } from '../core/instrument.ts';
import { formatTime } from '../core/time.ts';
import type { EpochMs, Timeframe } from '../core/time.ts';
import { annualizationOf } from './annualization.ts';
import { attributeCosts, inDoubles, type CostAttribution } from './cost-attribution.ts';
import type { EquityCurve } from './equity-curve.ts';
import type { FillComparison } from './fill-comparison.ts';
import type { LimitedProtections } from './limited-protections.ts';
import { buyAndHoldReturn } from './metrics/buy-and-hold-return.ts';
import { performanceMetrics } from './performance-metrics.ts';
import type { PerformanceMetrics } from './performance-metrics.ts';
import type { RoundTrip } from './round-trips.ts';
import type { RunStatistics } from './run-statistics.ts';
import { strategyResults, type StrategyResults, type StrategyShare } from './strategy-results.ts';
import { tradeResultsBy } from './trade-results.ts';
import type { TradeResults } from './trade-results.ts';

/** Fees that held from a moment of the run until the next entry, fractions of the traded value. */
export interface FeePeriod {
  readonly from: string;
  readonly maker: number;
  readonly taker: number;
  /**
   * Where they come from: `exchange_setting`, `collected`, `asset_class_setting`, `venue_default`,
   * `general_default`, or `commission_model` where it knows no rates.
   */
  readonly origin: string;
}

/** What the run itself cannot tell: where it came from and how it was set up. */
export interface BacktestFacts {
  readonly runId: string;
  readonly resultHash: string;
  readonly dataFingerprint: string;
  readonly configHash: string;
  readonly version: string;
  readonly strategy: string;
  /** Under whose ids trades appear; every one is listed, traded or not. */
  readonly strategies: readonly StrategyShare[];
  /** Where the bars are from. */
  readonly exchange: string;
  readonly symbols: readonly SymbolName[];
  /** Symbols that strategies looked at and none traded. */
  readonly informativeSymbols: readonly SymbolName[];
  readonly assetClasses: readonly AssetClass[];
  readonly timeframe: Timeframe;
  /** Timeframes of the bars that others were built from, by symbol; empty where all were stored. */
  readonly builtFrom: Readonly<Record<SymbolName, Timeframe>>;
  /** Start (inclusive) and end (exclusive) of the trading period; warm-up bars lie before it. */
  readonly start: EpochMs;
  readonly end: EpochMs;
  /** Open time of the first bar a strategy decided on; null when none was warm in time. */
  readonly tradingStarts: EpochMs | null;
  readonly status: 'completed' | 'interrupted';
  readonly bars: number;
  readonly barsPerSecond: number | null;
  /** By symbol, ascending; amounts per share and least fees come on top. */
  readonly fees: Readonly<Record<SymbolName, readonly FeePeriod[]>>;
  readonly dataQuality: Readonly<Record<string, number>>;
  readonly syntheticData: boolean;
  /** Whose fills the outcome is of. */
  readonly fillScenario: 'optimistic' | 'base' | 'pessimistic';
  /** Settings a reader must know before comparing results: "fills at close". */
  readonly labels: readonly string[];
  readonly files: {
    readonly trades: string | null;
    readonly equity: string | null;
    readonly report: string | null;
  };
}

/** What the run itself told while it happened. */
export interface BacktestOutcome {
  readonly curve: EquityCurve;
  readonly trades: readonly RoundTrip[];
  readonly statistics: RunStatistics;
}

interface SymbolResults extends TradeResults {
  readonly buy_and_hold_return: number | null;
}

/** The result of a backtest as `--json` prints it: keys in this order, null where undefined. */
export interface BacktestReport {
  readonly run_id: string;
  readonly result_hash: string;
  readonly data_fingerprint: string;
  readonly config_hash: string;
  readonly version: string;
  readonly status: BacktestFacts['status'];
  readonly strategy: string;
  readonly exchange: string;
  readonly symbols: readonly SymbolName[];
  /** Symbols that strategies looked at and none traded: in no other number of this report. */
  readonly informative_symbols: readonly SymbolName[];
  readonly timeframe: Timeframe;
  /** By symbol, what its bars were built from; empty where all were stored as they are. */
  readonly built_from: Readonly<Record<SymbolName, Timeframe>>;
  readonly start: string;
  readonly end: string;
  /** When the first bar opened that a strategy decided on, after its warm-up; null if none. */
  readonly trading_starts: string | null;
  readonly bars: number;
  readonly bars_per_second: number | null;
  readonly initial_capital: number;
  readonly final_equity: number;
  /** Returns in a year, by which volatility, Sharpe and Sortino are annualised. */
  readonly annualization: number;
  readonly metrics: PerformanceMetrics;
  /** Of all closed trades, in quote currency; null in records older than it. */
  readonly costs: CostAttribution<number> | null;
  /**
   * Interest on cash owed, positive when paid: the account's, in no trade and with no strategy. What
   * the account made is what its strategies contributed, less this.
   */
  readonly interest: number;
  /** Whose fills everything but `result_hash` is about: decisions are those of the base run. */
  readonly fill_scenario: BacktestFacts['fillScenario'];
  /** The run with other fills beside its own; null where it was not asked for. */
  readonly fills: FillComparison | null;
  readonly per_symbol: Readonly<Record<string, SymbolResults>>;
  readonly per_strategy: Readonly<Record<string, StrategyResults>>;
  /** Positions still open at the end: their results are in the equity, not among the trades. */
  readonly open_positions: number;
  readonly signals: {
    readonly raised: number;
    readonly ignored: Readonly<Record<string, number>>;
  };
  readonly risk: {
    readonly approved: number;
    readonly refused: Readonly<Record<string, number>>;
  };
  /** What the risk limits changed of entries they let pass; null in records older than it. */
  readonly limited_protections: LimitedProtections | null;
  readonly halted: { readonly check: string; readonly at: string; readonly message: string } | null;
  readonly fees: Readonly<Record<SymbolName, readonly FeePeriod[]>>;
  readonly data_quality: Readonly<Record<string, number>>;
  readonly synthetic_data: boolean;
  readonly labels: readonly string[];
  readonly trades_file: string | null;
  readonly equity_file: string | null;
  readonly report_file: string | null;
}

/** Puts the report together. Pure: the same facts and outcome give the same report. */
export function backtestReport(facts: BacktestFacts, outcome: BacktestOutcome): BacktestReport {
  const { curve, trades, statistics } = outcome;
  const annualization = annualizationOf(facts.assetClasses, facts.timeframe);
  return {
    run_id: facts.runId,
    result_hash: facts.resultHash,
    data_fingerprint: facts.dataFingerprint,
    config_hash: facts.configHash,
    version: facts.version,
    status: facts.status,
    strategy: facts.strategy,
    exchange: facts.exchange,
    symbols: facts.symbols,
    informative_symbols: facts.informativeSymbols,
    timeframe: facts.timeframe,
    built_from: facts.builtFrom,
    start: formatTime(facts.start),
    end: formatTime(facts.end),
    trading_starts: facts.tradingStarts === null ? null : formatTime(facts.tradingStarts),
    bars: facts.bars,
    bars_per_second: facts.barsPerSecond,
    initial_capital: curve.initialCapital,
    final_equity: curve.finalEquity,
    annualization: annualization.periodsPerYear,
    metrics: performanceMetrics({ curve, trades, statistics, annualization }),
    costs: inDoubles(attributeCosts(trades)),
    interest: statistics.interest.toNumber(),
    fill_scenario: facts.fillScenario,
    fills: null,
    per_symbol: symbolResults(facts.symbols, outcome),
    per_strategy: strategyResults(trades, facts.strategies, curve.initialCapital),
    open_positions: statistics.openPositions,
    signals: { raised: statistics.signals, ignored: byName(statistics.ignoredSignals) },
    risk: { approved: statistics.approvedOrders, refused: byName(statistics.refusedOrders) },
    limited_protections: statistics.limitedProtections,
    halted: haltOf(statistics),
    fees: facts.fees,
    data_quality: facts.dataQuality,
    synthetic_data: facts.syntheticData,
    labels: facts.labels,
    trades_file: facts.files.trades,
    equity_file: facts.files.equity,
    report_file: facts.files.report,
  };
}

function symbolResults(
  symbols: readonly SymbolName[],
  { trades, statistics }: BacktestOutcome,
): Readonly<Record<string, SymbolResults>> {
  const results = tradeResultsBy(trades, ({ symbol }) => symbol, symbols);
  return Object.fromEntries(
    [...results].map(([symbol, result]) => {
      const span = statistics.closeSpans.get(symbol);
      const held = buyAndHoldReturn(span === undefined ? [] : [span]);
      return [symbol, { ...result, buy_and_hold_return: held }];
    }),
  );
}

/** Sorted by name, so that a report does not depend on which came first. */
function byName(counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  const entries = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries);
}

function haltOf({ halted }: RunStatistics): BacktestReport['halted'] {
  if (halted === null) return null;
  return { check: halted.check, at: formatTime(halted.at), message: halted.message };
}
