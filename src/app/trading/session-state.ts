import { fromExactJson, toExactJson } from '../../core/exact-json.ts';
import type { LiveVenueState } from '../../execution/live/account-books.ts';
import type { VenueSnapshot } from '../../execution/venue-snapshot.ts';
import { engineSnapshotOf, type EngineSnapshot } from '../engine-snapshot.ts';
import type { WarmUpSpan } from './warm-up-record.ts';

/** What a session of a paper or live run stores after every input: all that a later one goes on from. */
export interface SessionState {
  readonly engine: EngineSnapshot;
  /** What its venue holds, which only a venue of the same kind can read. */
  readonly venue: unknown;
}

export function writeSessionState(state: SessionState): string {
  return toExactJson(state);
}

/**
 * Reads what `writeSessionState` gave; null where nothing was stored. The store has checked its hash:
 * nobody else wrote it; but another version of this program may have. Throws a `DataError` where that
 * one's cannot be gone on from.
 */
export function readSessionState(text: string | null): SessionState | null {
  if (text === null) return null;
  const { engine, venue } = fromExactJson(text) as Readonly<Record<keyof SessionState, unknown>>;
  return { engine: engineSnapshotOf(engine), venue };
}

/** The same state, which does not change with the engine that it is of. */
export function copyOf(state: SessionState): SessionState {
  return fromExactJson(toExactJson(state)) as SessionState;
}

/** What a simulated venue stored; null where nothing was. */
export function simulatedVenueState(venue: unknown): VenueSnapshot | null {
  return venue as VenueSnapshot | null;
}

/** What an account at an exchange stored; null where nothing was. */
export function liveVenueState(venue: unknown): LiveVenueState | null {
  return venue as LiveVenueState | null;
}

/** What a session noted of its warm-up; empty where it noted nothing. */
export function readWarmUp(text: string | null): readonly WarmUpSpan[] {
  return text === null ? [] : (fromExactJson(text) as readonly WarmUpSpan[]);
}
