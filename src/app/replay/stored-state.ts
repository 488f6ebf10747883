import { toExactJson } from '../../core/exact-json.ts';
import type { SessionState } from '../trading/session-state.ts';

/** Both parts by themselves: of a venue that was an exchange, nobody can make the state again. */
export function isSameState(
  stored: SessionState,
  replayed: { readonly engine: unknown; readonly venue: unknown },
): boolean {
  const isEngineSame = toExactJson(stored.engine) === toExactJson(replayed.engine);
  if (replayed.venue === null) return isEngineSame;
  return isEngineSame && toExactJson(stored.venue) === toExactJson(replayed.venue);
}
