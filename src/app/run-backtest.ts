import type { ReplayProgress } from '../adapters/sqlite/replay-feed.ts';
import { ConfigError, QuantSageError, StrategyError } from '../core/errors.ts';
import type { EpochMs } from '../core/time.ts';
import { SAMPLE_EXCHANGE } from '../data/sample-market.ts';
import type { BarStore, Series } from '../ports/bar-store.ts';
import type { RunEnd, RunRecorder, RunStore } from '../ports/run-store.ts';
import {
  backtestReport,
  type BacktestFacts,
  type BacktestReport,
} from '../reporting/backtest-report.ts';
import type { EquityColumns } from '../reporting/equity-curve.ts';
import type { RoundTrip } from '../reporting/round-trips.ts';
import { MARGIN_CALL } from '../risk/checks/margin-call.ts';
import { appliedFees, feeNotes } from './applied-fees.ts';
import { backtestParts, type BacktestParts } from './backtest-parts.ts';
import type { BacktestPlan } from './backtest-plan.ts';
import { sha256 } from './content-hash.ts';
import { dataFingerprint } from './data-fingerprint.ts';
import { DataQuality } from './data-quality.ts';
import { strategyShares } from './strategy-shares.ts';
import { SplitTreatment } from './split-treatment.ts';
import { RunExport } from './run-export.ts';
import { firstDecision, runNotes } from './run-notes.ts';
import { observeRun, type RunObserver } from './run-observer.ts';
import { TradedBars } from './traded-bars.ts';
import { VERSION } from './version.ts';
import { wireEngine, type Engine } from './wire-engine.ts';

export type { BacktestReport } from '../reporting/backtest-report.ts';

export interface BacktestSurroundings {
  readonly bars: Pick<BarStore, 'pages' | 'openTimeBefore'>;
  /** Where the run is recorded; null to leave no trace. */
  readonly runs: RunStore | null;
  /** Directory for CSV files; null to write none. */
  readonly exportDirectory: string | null;
  /** Listens to the run beside its own statistics. */
  readonly listen?: (bus: Engine['bus']) => void;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: ReplayProgress) => void;
  /** Monotonic milliseconds. */
  readonly timer: () => number;
  /** Wall clock, for the record alone. */
  readonly now: () => number;
}

export interface BacktestResult {
  readonly report: BacktestReport;
  readonly trades: readonly RoundTrip[];
  readonly equity: EquityColumns;
  /** From the first bar to the report. */
  readonly seconds: number;
  /** Those of them that were spent in fetching bars. */
  readonly readSeconds: number;
}

/** Runs one backtest from the first bar to the report, and records it. */
export async function runBacktest(
  plan: BacktestPlan,
  surroundings: BacktestSurroundings,
): Promise<BacktestResult> {
  refuseMixedCurrencies(plan);
  const { signal, timer, onProgress } = surroundings;
  const read = { ...plan, series: [...plan.series, ...plan.informative] };
  const splits = new SplitTreatment(read, surroundings.bars);
  splits.refuse();
  const quality = new DataQuality(read, splits.store);
  const progress = onProgress === undefined ? {} : { onProgress };
  const parts = recordingFaults(plan, surroundings, () =>
    backtestParts(plan, { store: quality.store, timer, ...progress }),
  );
  const traded = new TradedBars(plan.start);
  const engine = wireEngine({
    ...parts,
    observers: [...parts.observers, quality.observe, traded.observe],
  });
  const exports = RunExport.to(surroundings.exportDirectory, engine.bus);
  const recorder = surroundings.runs?.begin(runStart(plan, surroundings)) ?? null;
  const observer = observeRun(engine.bus, plan, recorder);
  surroundings.listen?.(engine.bus);
  const started = timer();
  let report: BacktestReport;
  let seconds: number;
  try {
    await engine.run(signal);
    closeOut(plan, { parts, engine, observer, isInterrupted: signal.aborted });
    seconds = (timer() - started) / 1000;
    report = composeReport(plan, observer, {
      runId: recorder?.runId ?? 'unrecorded',
      strategies: strategyShares(plan, engine.portfolio),
      dataFingerprint: dataFingerprint(parts.feed.fingerprint(), plan),
      bars: traded.count,
      barsPerSecond: seconds > 0 ? Math.round(parts.feed.bars / seconds) : null,
      dataQuality: { ...quality.summary(observer.roundTrips.rows), ...splits.summary() },
      files: { ...exports.write(observer), report: null },
      ...coverage(plan, engine, { isInterrupted: signal.aborted, notes: splits.notes() }),
    });
    finish(recorder, observer, report, surroundings.now());
  } catch (error) {
    recordCurve(recorder, observer);
    recorder?.finish(failedEnd(error, surroundings.now()));
    throw error;
  }
  const { readSeconds } = parts.feed;
  const { roundTrips, curve } = observer;
  return { report, trades: roundTrips.rows, equity: curve.columns, readSeconds, seconds };
}

/** A strategy that cannot be made ends a run before its first bar: that is recorded too. */
function recordingFaults<T>(
  plan: BacktestPlan,
  surroundings: BacktestSurroundings,
  work: () => T,
): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof StrategyError) {
      const recorder = surroundings.runs?.begin(runStart(plan, surroundings));
      recorder?.finish(failedEnd(error, surroundings.now()));
    }
    throw error;
  }
}

type MeasuredFacts = Pick<
  BacktestFacts,
  | 'runId'
  | 'strategies'
  | 'dataFingerprint'
  | 'bars'
  | 'barsPerSecond'
  | 'dataQuality'
  | 'files'
  | 'status'
  | 'end'
  | 'tradingStarts'
  | 'labels'
>;

/** What part of the plan the run came to cover, and what to say of it. */
function coverage(
  plan: BacktestPlan,
  { portfolio, risk, strategies }: Engine,
  { isInterrupted, notes }: { readonly isInterrupted: boolean; readonly notes: readonly string[] },
): Pick<BacktestFacts, 'status' | 'end' | 'tradingStarts' | 'labels'> {
  const lastClose = portfolio.finalMark()?.time ?? null;
  const readiness = strategies.readiness();
  const marginCall = risk.halted?.check === MARGIN_CALL ? risk.halted : null;
  return {
    status: isInterrupted ? 'interrupted' : 'completed',
    end: isInterrupted ? (lastClose ?? plan.start) : plan.end,
    tradingStarts: firstDecision(readiness),
    labels: [
      ...plan.labels,
      ...feeNotes(plan),
      ...notes,
      ...runNotes(plan, { readiness, isInterrupted, lastClose, marginCall }),
    ],
  };
}

function composeReport(
  plan: BacktestPlan,
  { curve, roundTrips, statistics, hash }: RunObserver,
  measured: MeasuredFacts,
): BacktestReport {
  return backtestReport(
    {
      ...measured,
      resultHash: hash.digest(),
      configHash: sha256(plan.config),
      version: VERSION,
      strategy: plan.strategyName,
      exchange: plan.exchange,
      symbols: plan.series.map(({ symbol }) => symbol),
      informativeSymbols: plan.informative.map(({ symbol }) => symbol),
      assetClasses: plan.series.map(({ assetClass }) => assetClass),
      timeframe: plan.timeframe,
      builtFrom: builtFrom(plan),
      start: plan.start,
      fees: appliedFees(plan),
      syntheticData: plan.exchange === SAMPLE_EXCHANGE,
    },
    { curve, trades: roundTrips.rows, statistics },
  );
}

function builtFrom({ series, informative }: BacktestPlan): BacktestReport['built_from'] {
  return Object.fromEntries(
    [...series, ...informative].flatMap(({ symbol, builtFrom }) =>
      builtFrom === null ? [] : [[symbol, builtFrom.timeframe]],
    ),
  );
}

/** One account holds one currency: prices in two would be added up as if they were the same. */
function refuseMixedCurrencies(plan: BacktestPlan): void {
  const { currency, series, instruments, start } = plan;
  const currencyOf = ({ symbol }: Series) => instruments.at(symbol, start).quoteCurrency;
  const other = series.find((each) => currencyOf(each) !== currency);
  if (other === undefined) return;
  throw new ConfigError(
    `symbols of one currency were expected, was ${currency} and ` +
      `${currencyOf(other)} (${other.symbol}); run them one by one`,
  );
}

interface Finale {
  readonly parts: BacktestParts;
  readonly engine: Engine;
  readonly observer: RunObserver;
  readonly isInterrupted: boolean;
}

/** Why orders end that nobody wished to end: there are no more bars. */
export const END_REASONS = { completed: 'end of data', interrupted: 'interrupted' } as const;

/** No bar follows: what is open is closed or kept, and the account is marked once more. */
function closeOut(plan: BacktestPlan, { parts, engine, observer, isInterrupted }: Finale): void {
  const { portfolio } = engine;
  const reason = END_REASONS[isInterrupted ? 'interrupted' : 'completed'];
  // Bars follow that an interrupted run did not see: what it holds is worth the close it stopped at.
  parts.venue.closeSession(isInterrupted ? 'close' : plan.closeAtEndPrice);
  if (plan.closeAtEnd) portfolio.closeOut(reason);
  else portfolio.cancelAll(reason);
  const mark = portfolio.finalMark();
  if (mark !== null) observer.curve.observe(mark);
}

function runStart(plan: BacktestPlan, { now }: BacktestSurroundings) {
  return {
    mode: 'backtest',
    strategies: plan.strategies.map(({ id, definition, params, symbols, allowShort, source }) => ({
      id,
      kind: definition.id,
      params: JSON.stringify(params),
      symbols,
      allowShort,
      source,
    })),
    exchange: plan.exchange,
    symbols: plan.series.map(({ symbol }) => symbol),
    timeframe: plan.timeframe,
    adjustment: plan.series.find(({ assetClass }) => assetClass === 'stock')?.adjustment ?? 'raw',
    start: plan.start,
    end: plan.end,
    initialCapital: plan.initialCapital.toString(),
    currency: plan.currency,
    config: plan.config,
    configHash: sha256(plan.config),
    version: VERSION,
    startedAt: now(),
  };
}

function failedEnd(error: unknown, finishedAt: number): RunEnd {
  const message = error instanceof Error ? error.message : String(error);
  return {
    status: 'failed',
    finishedAt,
    resultHash: null,
    dataFingerprint: null,
    bars: 0,
    finalEquity: null,
    metrics: {},
    report: null,
    error: error instanceof QuantSageError ? message : `unexpected: ${message}`,
  };
}

function finish(
  recorder: RunRecorder | null,
  observer: RunObserver,
  report: BacktestReport,
  finishedAt: EpochMs,
): void {
  recordCurve(recorder, observer);
  recorder?.finish({
    status: report.status,
    finishedAt,
    resultHash: report.result_hash,
    dataFingerprint: report.data_fingerprint,
    bars: report.bars,
    finalEquity: report.final_equity,
    metrics: report.metrics,
    report: JSON.stringify(report),
    error: null,
  });
}

/** Also where a run failed: what happened until then is not lost. */
function recordCurve(recorder: RunRecorder | null, { curve }: RunObserver): void {
  if (recorder === null) return;
  const { time, equity, cash, exposure, drawdown } = curve.columns;
  for (const [index, at] of time.entries()) {
    recorder.recordEquity({
      time: at,
      equity: equity[index] ?? Number.NaN,
      cash: cash[index] ?? Number.NaN,
      exposure: exposure[index] ?? Number.NaN,
      drawdown: drawdown[index] ?? Number.NaN,
    });
  }
}
