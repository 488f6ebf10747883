import { fromExactJson, toExactJson } from '../../core/exact-json.ts';
import type { EngineSnapshot } from '../engine-snapshot.ts';

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

/** Both parts by themselves: of a venue that was an exchange, nobody can make the state again. */
export function isSameState(
  stored: SessionState,
  replayed: { readonly engine: unknown; readonly venue: unknown },
): boolean {
  const isEngineSame = toExactJson(stored.engine) === toExactJson(replayed.engine);
  if (replayed.venue === null) return isEngineSame;
  return isEngineSame && toExactJson(stored.venue) === toExactJson(replayed.venue);
}
