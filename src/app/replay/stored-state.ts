import { DataError } from '../../core/errors.ts';
import { fromExactJson, toExactJson } from '../../core/exact-json.ts';
import type { VenueSnapshot } from '../../execution/venue-snapshot.ts';
import { SNAPSHOT_VERSION, type EngineSnapshot } from '../engine-snapshot.ts';
import type { WarmUpSpan } from '../trading/warm-up-record.ts';

/** What a session of a paper or live run stores after every input. */
export interface SessionState {
  readonly engine: EngineSnapshot;
  /** What its venue holds, which only a venue of the same kind can read. */
  readonly venue: unknown;
}

/**
 * Written by this program, and checked against its hash by the store. Throws a `DataError` for one that
 * a version wrote whose states this one does not understand.
 */
export function readSessionState(text: string | null): SessionState | null {
  if (text === null) return null;
  const state = fromExactJson(text) as SessionState;
  const version: unknown = state.engine.version;
  if (version === SNAPSHOT_VERSION) return state;
  throw new DataError(
    `a state of version "${SNAPSHOT_VERSION}" was expected, was "${String(version)}"; use the program ` +
      'that recorded the session ("quantsage runs show" names its version)',
  );
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
