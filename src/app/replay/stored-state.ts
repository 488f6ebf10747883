import { fromExactJson, toExactJson } from '../../core/exact-json.ts';
import type { VenueSnapshot } from '../../execution/venue-snapshot.ts';
import type { EngineSnapshot } from '../engine-snapshot.ts';
import type { WarmUpSpan } from '../trading/warm-up-record.ts';

/** What a session of a paper or live run stores after every input. */
export interface SessionState {
  readonly engine: EngineSnapshot;
  /** What its venue holds, which only a venue of the same kind can read. */
  readonly venue: unknown;
}

/** Written by this program and checked against its hash by the store: taken as it is. */
export function readSessionState(text: string | null): SessionState | null {
  return text === null ? null : (fromExactJson(text) as SessionState);
}

/** The same state, which does not change with the engine that it is of. */
export function copyOf(state: SessionState): SessionState {
  return fromExactJson(toExactJson(state)) as SessionState;
}

/** What a simulated venue stored; null where nothing was. */
export function simulatedVenueState(venue: unknown): VenueSnapshot | null {
  return venue as VenueSnapshot | null;
}

/** What a session noted of its warm-up; empty where it noted nothing. */
export function readWarmUp(text: string | null): readonly WarmUpSpan[] {
  return text === null ? [] : (fromExactJson(text) as readonly WarmUpSpan[]);
}

/** Both parts by themselves: of a venue that was an exchange, nobody can make the state again. */
export function isSameState(
  stored: SessionState,
  replayed: { readonly engine: unknown; readonly venue: unknown },
): boolean {
  const isEngineSame = toExactJson(stored.engine) === toExactJson(replayed.engine);
  if (replayed.venue === null) return isEngineSame;
  return isEngineSame && toExactJson(stored.venue) === toExactJson(replayed.venue);
}
