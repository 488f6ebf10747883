import { misalignmentMs, timeframeMs } from '../../core/time.ts';
import type { EpochMs, Timeframe, TimeSpan } from '../../core/time.ts';

/** What is left of a span when others are taken out of it, ascending; they must be ascending too. */
export function spansLeft(span: TimeSpan, taken: readonly TimeSpan[]): readonly TimeSpan[] {
  const left: TimeSpan[] = [];
  let { from } = span;
  for (const each of taken) {
    if (each.to <= from) continue;
    if (each.from >= span.to) break;
    if (each.from > from) left.push({ from, to: each.from });
    from = each.to;
  }
  if (from < span.to) left.push({ from, to: span.to });
  return left;
}

/** True where every instant of the span lies in one of the others; of an empty span, always. */
export function isWithin(span: TimeSpan, spans: readonly TimeSpan[]): boolean {
  const ascending = spans.toSorted((one, other) => one.from - other.from);
  return span.from >= span.to || spansLeft(span, ascending).length === 0;
}

/** The last open time of the timeframe's grid that is not later. */
export function gridFloor(time: EpochMs, timeframe: Timeframe): EpochMs {
  return time - misalignmentMs(time, timeframe);
}

/** The first open time of the timeframe's grid that is not earlier. */
export function gridCeil(time: EpochMs, timeframe: Timeframe): EpochMs {
  const excess = misalignmentMs(time, timeframe);
  return excess === 0 ? time : time - excess + timeframeMs(timeframe);
}
