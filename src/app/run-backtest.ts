import type { ReplayProgress } from '../adapters/sqlite/replay-feed.ts';
import { ConfigError, QuantSageError, StrategyError } from '../core/errors.ts';
import type { Adjustment } from '../core/instrument.ts';
import type { EpochMs } from '../core/time.ts';
import type { BarStore, Series } from '../ports/bar-store.ts';
import type { RunEnd, RunRecorder, RunStore } from '../ports/run-store.ts';
import type { BacktestReport } from '../reporting/backtest-report.ts';
import type { EquityColumns } from '../reporting/equity-curve.ts';
import type { RoundTrip } from '../reporting/round-trips.ts';
import { backtestParts, type BacktestParts } from './backtest-parts.ts';
import type { BacktestPlan } from './backtest-plan.ts';
import { composeReports, coverage, type ComposedReports } from './compose-report.ts';
import { sha256 } from './content-hash.ts';
import { dataFingerprint } from './data-fingerprint.ts';
import { DataQuality } from './data-quality.ts';
import { fillLedgers, type FillLedgers } from './fill-ledgers.ts';
import type { FillsChoice } from './fills-choice.ts';
import { SplitTreatment } from './split-treatment.ts';
import { RunExport } from './run-export.ts';
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
  /** Whose fills the report is about; those of the run itself where nothing is said. */
  readonly fills?: FillsChoice;
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
  const ledgers = fillLedgers(engine.bus, plan, surroundings.fills);
  const { bus } = engine;
  const exports = RunExport.to(surroundings.exportDirectory, { bus, fills: ledgers.fills });
  const recorder = surroundings.runs?.begin(runStart(plan, surroundings)) ?? null;
  const observer = observeRun(bus, plan, recorder);
  surroundings.listen?.(bus);
  const started = timer();
  let report: BacktestReport;
  let seconds: number;
  try {
    await engine.run(signal);
    closeOut(plan, { parts, engine, observer, ledgers, isInterrupted: signal.aborted });
    seconds = (timer() - started) / 1000;
    const books = ledgers.shown?.observer ?? observer;
    const reports = composeReports(
      plan,
      { observer, portfolio: engine.portfolio, ...ledgers },
      {
        runId: recorder?.runId ?? 'unrecorded',
        dataFingerprint: dataFingerprint(parts.feed.fingerprint(), plan),
        bars: traded.count,
        barsPerSecond: seconds > 0 ? Math.round(parts.feed.bars / seconds) : null,
        dataQuality: { ...quality.summary(books.roundTrips.rows), ...splits.summary() },
        files: { ...exports.write(books), report: null },
        ...coverage(plan, engine, { isInterrupted: signal.aborted, notes: splits.notes() }),
      },
    );
    report = reports.shown;
    finish(recorder, observer, reports, surroundings.now());
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
  readonly ledgers: FillLedgers;
  readonly isInterrupted: boolean;
}

/** Why orders end that nobody wished to end: there are no more bars. */
export const END_REASONS = { completed: 'end of data', interrupted: 'interrupted' } as const;

/** No bar follows: what is open is closed or kept, and the account is marked once more. */
function closeOut(plan: BacktestPlan, finale: Finale): void {
  const { parts, engine, observer, ledgers, isInterrupted } = finale;
  const { portfolio } = engine;
  const reason = END_REASONS[isInterrupted ? 'interrupted' : 'completed'];
  // Bars follow that an interrupted run did not see: what it holds is worth the close it stopped at.
  parts.venue.closeSession(isInterrupted ? 'close' : plan.closeAtEndPrice);
  if (plan.closeAtEnd) portfolio.closeOut(reason);
  else portfolio.cancelAll(reason);
  const mark = portfolio.finalMark();
  if (mark === null) return;
  observer.curve.observe(mark);
  for (const ledger of ledgers.all) ledger.observer.curve.observe(ledger.run.markOf(mark));
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
    adjustment: adjustmentOf([...plan.series, ...plan.informative]),
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

/** Only stocks have another than raw prices, and all of one run have the same. */
function adjustmentOf(series: readonly Series[]): Adjustment {
  return series.find(({ assetClass }) => assetClass === 'stock')?.adjustment ?? 'raw';
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

/** Records the run as it was; the report as it was shown. */
function finish(
  recorder: RunRecorder | null,
  observer: RunObserver,
  { base, shown }: ComposedReports,
  finishedAt: EpochMs,
): void {
  recordCurve(recorder, observer);
  recorder?.finish({
    status: base.status,
    finishedAt,
    resultHash: base.result_hash,
    dataFingerprint: base.data_fingerprint,
    bars: base.bars,
    finalEquity: base.final_equity,
    metrics: base.metrics,
    report: JSON.stringify(shown),
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
