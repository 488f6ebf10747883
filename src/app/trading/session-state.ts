import { fromExactJson, toExactJson } from '../../core/exact-json.ts';
import type { LiveVenueState } from '../../execution/live/account-books.ts';
import type { VenueSnapshot } from '../../execution/venue-snapshot.ts';
import { engineSnapshotOf, type EngineSnapshot } from '../engine-snapshot.ts';
import type { WarmUpSpan } from './warm-up-record.ts';

/** What is stored after every input: all that a later process goes on from. */
export interface SessionState {
  readonly engine: EngineSnapshot;
  /** As the venue gave it; whose kind it is, whoever opens the account knows. */
  readonly venue: unknown;
}

export function writeSessionState(state: SessionState): string {
  return toExactJson(state);
}

/**
 * Reads what `writeSessionState` gave. The store has checked its hash: nobody else wrote it; but
 * another version of this program may have. Throws a `DataError` where that one's cannot be gone on from.
 */
export function readSessionState(text: string): SessionState {
  const { engine, venue } = fromExactJson(text) as Readonly<Record<keyof SessionState, unknown>>;
  return { engine: engineSnapshotOf(engine), venue };
}

/** The same of what may never have been stored. */
export function storedState(text: string | null): SessionState | null {
  return text === null ? null : readSessionState(text);
}

/** The part of a simulated venue; null for the first session. */
export function simulatedVenueState(venue: unknown): VenueSnapshot | null {
  return venue as VenueSnapshot | null;
}

/** The part of an account at an exchange; null for the first session. */
export function liveVenueState(venue: unknown): LiveVenueState | null {
  return venue as LiveVenueState | null;
}

export function readWarmUp(text: string): readonly WarmUpSpan[] {
  return fromExactJson(text) as readonly WarmUpSpan[];
}
