import { formatTime, timeframeMs } from '../core/time.ts';
import type { EpochMs } from '../core/time.ts';
import type { Halt } from '../risk/system-guard.ts';
import type { Readiness } from '../strategies/strategy-runner.ts';
import type { BacktestPlan } from './backtest-plan.ts';

/** How far a run came: what its report is true of. */
interface RunProgress {
  readonly readiness: readonly Readiness[];
  readonly isInterrupted: boolean;
  /** Close time of the last bar; null when there was none. */
  readonly lastClose: EpochMs | null;
  /** What ended in a margin call; null where nothing did. */
  readonly marginCall: Pick<Halt, 'since' | 'message'> | null;
}

/** What a reader must know before believing that a result covers what was asked for. */
export function runNotes(plan: BacktestPlan, progress: RunProgress): readonly string[] {
  const { isInterrupted, lastClose, readiness, marginCall } = progress;
  const until = lastClose === null ? 'before the first bar' : `at ${formatTime(lastClose)}`;
  const call = marginCall === null ? [] : [marginCallNote(marginCall)];
  return [
    ...call,
    ...(isInterrupted ? [`INTERRUPTED ${until}: the result covers the bars up to there`] : []),
    ...(isInterrupted ? [] : shortSeries(plan)),
    ...readiness.filter(({ decidesSince }) => decidesSince === null).map(coldStrategy),
  ];
}

function marginCallNote({ since, message }: Pick<Halt, 'since' | 'message'>): string {
  return `MARGIN CALL at ${formatTime(since)}: ${message}`;
}

/** A series that begins later or ends earlier than the period: no trades of it out there. */
function shortSeries(plan: BacktestPlan): readonly string[] {
  const { series, informative, start, end, timeframe } = plan;
  return [...series, ...informative].flatMap(({ symbol, firstOpen, lastOpen }) => {
    const notes: string[] = [];
    if (firstOpen !== null && firstOpen > start) {
      notes.push(`${symbol} has bars only from ${formatTime(firstOpen)} on`);
    }
    const last = (lastOpen ?? start) + timeframeMs(timeframe);
    if (last < end) notes.push(`${symbol} has bars only until ${formatTime(last)}`);
    return notes;
  });
}

function coldStrategy({ strategy, symbol, further, informative, ...own }: Readiness): string {
  const sources = [
    ...further.map(({ timeframe, ...rest }) => ({ ...rest, kind: `${timeframe} bars` })),
    ...informative.map(({ symbol: other, ...rest }) => ({ ...rest, kind: `bars of ${other}` })),
  ];
  const cold = sources.find(({ barsSeen, warmupBars }) => barsSeen < warmupBars);
  const { warmupBars, barsSeen, kind } = cold ?? { ...own, kind: 'bars' };
  return (
    `${strategy} never decided on ${symbol}: its indicators need ${warmupBars} ${kind} to warm ` +
    `up, there were ${barsSeen}; choose a later start, or collect or import earlier bars`
  );
}

/** Open time of the first bar any strategy decided on; null when none did. */
export function firstDecision(readiness: readonly Readiness[]): EpochMs | null {
  const times = readiness.flatMap(({ decidesSince }) => decidesSince ?? []);
  return times.length === 0 ? null : Math.min(...times);
}
