import { BAR_FLAGS, type Bar } from '../core/bar.ts';
import { ConfigError, DataError } from '../core/errors.ts';
import type { SymbolName } from '../core/instrument.ts';
import { formatTime, timeframeMs, type EpochMs } from '../core/time.ts';
import type { RunSummary } from '../ports/run-store.ts';
import { remadeStrategy, type RemadeStrategy } from './explain/recorded-strategy.ts';
import { runData, type RunData } from './explain/run-data.ts';
import { RunReplay } from './explain/run-replay.ts';
import { Standing, type HaltThen } from './explain/standing.ts';
import { explainStrategy, type StrategyExplanation } from './explain/strategy-explanation.ts';
import { findRun } from './find-run.ts';
import { VERSION } from './version.ts';
import { openWorkspace, type Workspace, type WorkspaceOptions } from './workspace.ts';

export type { StrategyExplanation } from './explain/strategy-explanation.ts';

export interface ExplainRequest {
  /** An id, or `last`. */
  readonly run: string;
  readonly at: EpochMs;
  /** Null for all of the run. */
  readonly symbol: SymbolName | null;
  readonly strategy: string | null;
}

/** A bar that the asked instant lies in, as the run saw it. */
export interface ExplainedBar {
  readonly symbol: SymbolName;
  readonly openTime: string;
  readonly closeTime: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly flags: readonly string[];
}

export interface RunExplanation {
  readonly runId: string;
  readonly mode: string;
  readonly exchange: string;
  readonly timeframe: string;
  readonly asked: string;
  readonly data: {
    readonly recordedFingerprint: string | null;
    /** Null where it was not taken. */
    readonly fingerprint: string | null;
    readonly isSame: boolean | null;
  };
  readonly notes: readonly string[];
  readonly halt: HaltThen | null;
  readonly bars: readonly ExplainedBar[];
  readonly strategies: readonly StrategyExplanation[];
}

/** Beyond it, reading all bars of a run again only to compare them would take too long. */
const COMPARED_BARS_MAX = 3_000_000;
/** Strategies and symbols whose nearest signal is looked at: each costs a replay. */
const NEAREST_MAX = 20;

/** Why a recorded run traded, or did not, on the bar that holds an instant. */
export async function explainRun(
  options: WorkspaceOptions,
  request: ExplainRequest,
): Promise<RunExplanation> {
  const workspace = openWorkspace(options);
  try {
    return await explain(workspace, request);
  } finally {
    workspace.close();
  }
}

async function explain(workspace: Workspace, request: ExplainRequest): Promise<RunExplanation> {
  const run = findRun(workspace.recordedRuns(), request.run);
  const archive = workspace.archive();
  const data = runData(workspace.bars(), run, archive.config(run.runId));
  refuseOutside(run, data, request.at);
  const records = archive.strategies(run.runId);
  const strategies = await Promise.all(records.map((record) => remadeStrategy(record, data)));
  const asked = strategiesAsked(strategies, request, run);
  const symbols = symbolsAsked(run, request);
  const hosted = strategies.flatMap((each) => each.hosted ?? []);
  const replay = new RunReplay(data, hosted, workspace.bars());
  const found = await barsAt({ data, replay, symbols, at: request.at });
  const isWhole = strategies.every((each) => each.hosted !== null);
  const fingerprint = isWhole && isComparable(run) ? await replay.fingerprint() : null;
  const isSame = fingerprint === null ? null : fingerprint === run.dataFingerprint;
  const pairs = asked.flatMap((strategy) =>
    found.bars
      .filter(({ symbol }) => strategy.symbols.includes(symbol))
      .map((bar) => ({ strategy, bar })),
  );
  const explanations: StrategyExplanation[] = [];
  for (const { strategy, bar } of pairs) {
    const comparesNearest = explanations.length < NEAREST_MAX;
    const subject = { archive, run: run.runId, replay, strategy, bar, comparesNearest };
    explanations.push(await explainStrategy({ ...subject, isSameData: isSame }));
  }
  const [first] = found.bars;
  return {
    runId: run.runId,
    mode: run.mode,
    exchange: run.exchange,
    timeframe: run.timeframe,
    asked: formatTime(request.at),
    data: { recordedFingerprint: run.dataFingerprint, fingerprint, isSame },
    notes: [...notesOn(run, data, isSame), ...found.missing],
    halt: first === undefined ? null : new Standing(archive, run.runId, first).halt(),
    bars: found.bars.map(explainedBar),
    strategies: explanations,
  };
}

function refuseOutside(run: RunSummary, { start, end }: RunData, at: EpochMs): void {
  if (at >= start && at < end) return;
  if (end <= start) {
    throw new ConfigError(
      `a run with bars was expected, was ${run.runId}, which was ${run.status} before its first one`,
    );
  }
  throw new ConfigError(
    `--at: a time within run ${run.runId}, from ${formatTime(start)} to before ` +
      `${formatTime(end)}, was expected, was ${formatTime(at)}`,
  );
}

function strategiesAsked(
  strategies: readonly RemadeStrategy[],
  { strategy }: ExplainRequest,
  { runId }: RunSummary,
): readonly RemadeStrategy[] {
  if (strategy === null) return strategies;
  const found = strategies.filter(({ record }) => record.id === strategy);
  if (found.length > 0) return found;
  const known = strategies.map(({ record }) => record.id).join(', ');
  throw new ConfigError(
    `--strategy: a strategy of run ${runId} (${known}) was expected, was "${strategy}"`,
  );
}

function symbolsAsked(run: RunSummary, { symbol }: ExplainRequest): readonly SymbolName[] {
  if (symbol === null) return run.symbols;
  if (run.symbols.includes(symbol)) return [symbol];
  throw new ConfigError(
    `--symbol: a symbol of run ${run.runId} (${run.symbols.join(', ')}) was expected, ` +
      `was "${symbol}"`,
  );
}

interface BarQuery {
  readonly data: RunData;
  readonly replay: RunReplay;
  readonly symbols: readonly SymbolName[];
  readonly at: EpochMs;
}

/** The bars with `open ≤ at < close`, as the run saw them. Throws a `DataError` where none is. */
async function barsAt({ data, replay, symbols, at }: BarQuery) {
  const bars: Bar[] = [];
  const missing: string[] = [];
  for (const series of data.series.filter(({ symbol }) => symbols.includes(symbol))) {
    const open = replay.lastOpen(series, at);
    const length = timeframeMs(data.timeframe);
    if (open === null || at >= open + length) {
      const next = replay.nextOpen(series, at);
      const before =
        open === null
          ? 'none before'
          : `the last one before closed at ${formatTime(open + length)}`;
      const after = next === null ? 'none follows' : `the next one opens at ${formatTime(next)}`;
      const where = `${series.symbol} ${data.timeframe} of ${series.exchange}`;
      missing.push(`no bar of ${where} holds ${formatTime(at)}: ${before}, ${after}`);
      continue;
    }
    const moment = await replay.moment(open, false);
    const bar = moment.barOf(series.symbol);
    if (bar !== null) bars.push(bar);
  }
  if (bars.length === 0) throw new DataError(missing.join('\n'));
  return { bars, missing };
}

/** Only a run that came to its end read all the bars of its period. */
function isComparable({ status, bars, dataFingerprint }: RunSummary): boolean {
  return status === 'completed' && bars <= COMPARED_BARS_MAX && dataFingerprint !== null;
}

function notesOn(
  { runId, version, status }: RunSummary,
  { informative }: RunData,
  isSame: boolean | null,
): readonly string[] {
  const looked = informative.map(({ symbol }) => symbol).join(', ');
  return [
    ...(version === VERSION
      ? []
      : [`run ${runId} was made by version ${version}, this is ${VERSION}`]),
    ...(status === 'completed'
      ? []
      : [`run ${runId} is ${status}: it decided nothing on bars that it did not come to`]),
    ...(looked === '' ? [] : [`run ${runId} looks at ${looked} without trading there`]),
    ...(isSame === false
      ? ['THE DATA CHANGED since the run: what is computed again may not be what it saw']
      : []),
  ];
}

function explainedBar(bar: Bar): ExplainedBar {
  const { symbol, openTime, closeTime, open, high, low, close, volume, flags } = bar;
  return {
    symbol,
    openTime: formatTime(openTime),
    closeTime: formatTime(closeTime),
    open,
    high,
    low,
    close,
    volume,
    flags: Object.entries(BAR_FLAGS).flatMap(([name, bit]) => ((flags & bit) === 0 ? [] : [name])),
  };
}
