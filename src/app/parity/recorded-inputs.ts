import type { Slice } from '../../core/bar.ts';
import type { AnyEvent, EventType } from '../../core/events.ts';
import type { EpochMs } from '../../core/time.ts';

/** What entered a recorded engine at once, with all that it led to. */
export interface RecordedInput {
  readonly at: EpochMs;
  /** In order; the first is what entered. */
  readonly events: readonly AnyEvent[];
  /** Bars that closed together; null for anything else that entered. */
  readonly slice: Slice | null;
  /** False for bars that came too late to be decided on. */
  readonly isInTime: boolean;
}

const OF_A_SLICE: ReadonlySet<EventType> = new Set<EventType>([
  'bar.arrived',
  'slice.closed',
  'bar.closed',
  'bar.missed',
]);

/** The events of a journal as the inputs that they came of. */
export function* recordedInputs(events: Iterable<AnyEvent>): Iterable<RecordedInput> {
  let open: AnyEvent[] = [];
  for (const event of events) {
    if (open.length > 0 && begins(event, open)) {
      yield inputOf(open);
      open = [];
    }
    open.push(event);
  }
  if (open.length > 0) yield inputOf(open);
}

/** Bars of one slice enter one after the other, and once more when all of them are known. */
function begins(event: AnyEvent, open: readonly AnyEvent[]): boolean {
  if (event.causedBy !== null) return false;
  if (!OF_A_SLICE.has(event.type)) return true;
  if (!OF_A_SLICE.has(open[0]?.type ?? 'quote.arrived')) return true;
  return event.type === 'bar.arrived' && open.some(({ type }) => type === 'slice.closed');
}

function inputOf(events: readonly AnyEvent[]): RecordedInput {
  const closed = events.find((event) => event.type === 'slice.closed');
  return {
    at: events[0]?.ts ?? 0,
    events,
    slice: closed?.payload ?? null,
    isInTime: !events.some(({ type }) => type === 'bar.missed'),
  };
}
