import { fromExactJson, toExactJson } from '../../core/exact-json.ts';
import type { LastingRun } from '../../ports/lasting-run.ts';
import type { EngineSnapshot } from '../engine-snapshot.ts';

/** What is stored after every input. */
interface SessionState {
  readonly engine: EngineSnapshot;
  /** What `state` of the venue gave. */
  readonly venue: unknown;
}

export function stateText(state: SessionState): string {
  return toExactJson(state);
}

/** Written by this program and checked against its hash by the store: taken as it is. */
export function restoredState({ restored }: LastingRun): SessionState | null {
  return restored === null ? null : (fromExactJson(restored.state) as SessionState);
}
