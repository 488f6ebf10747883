import type { AnyEvent, EventType } from '../../src/core/events.ts';
import type { EpochMs } from '../../src/core/time.ts';
import type { BarStore } from '../../src/ports/bar-store.ts';
import { wireRun, type RunSketch } from './engine-run.ts';

/** What goes into the engine; everything else comes out of it. */
const INPUTS: ReadonlySet<EventType> = new Set([
  'bar.watched',
  'bar.arrived',
  'slice.closed',
  'bar.closed',
]);

export interface Outcome {
  readonly ts: EpochMs;
  readonly type: EventType;
  /** All of the event, with its number and its cause. */
  readonly text: string;
  readonly event: AnyEvent;
}

/** Every event of a run but its bars; positions still open at the end are left as they are. */
export async function outcomesOf(store: BarStore, sketch: RunSketch): Promise<readonly Outcome[]> {
  const { engine } = wireRun(store, sketch);
  const outcomes: Outcome[] = [];
  engine.bus.tap((event) => {
    if (!INPUTS.has(event.type)) {
      const { ts, type } = event;
      outcomes.push({ ts, type, text: JSON.stringify(event), event });
    }
  });
  await engine.run(new AbortController().signal);
  return outcomes;
}

/** Null where both lists are equal. */
export function firstDifference(expected: readonly Outcome[], actual: readonly Outcome[]) {
  const length = Math.max(expected.length, actual.length);
  for (let index = 0; index < length; index++) {
    const [one, other] = [expected[index]?.text, actual[index]?.text];
    if (one !== other) return { index, expected: one, actual: other };
  }
  return null;
}

export function until(outcomes: readonly Outcome[], time: EpochMs): readonly Outcome[] {
  return outcomes.filter(({ ts }) => ts <= time);
}

export function timesOf(outcomes: readonly Outcome[], wanted: (event: AnyEvent) => boolean) {
  return outcomes.filter(({ event }) => wanted(event)).map(({ ts }) => ts);
}

export function at(times: readonly EpochMs[], fraction: number): EpochMs {
  const time = times[Math.floor(fraction * (times.length - 1))];
  if (time === undefined) throw new Error('the run must have such an event');
  return time;
}

export const isEntry = ({ type, payload }: AnyEvent) =>
  type === 'signal.raised' && payload.intent === 'enter';
export const isExit = ({ type, payload }: AnyEvent) =>
  type === 'signal.raised' && payload.intent === 'exit';
export const isFill = ({ type }: AnyEvent) => type === 'order.filled';
export const isRefusal = ({ type }: AnyEvent) => type === 'order.rejected';
export const isMark = ({ type }: AnyEvent) => type === 'equity.marked';
