import { SWARM_KINDS } from '../support/exchange-sim/swarm-policy.ts';

/** What a long simulation is to have tried, by the words that names of faults are made of. */
export const EXPECTED_FAULTS: readonly string[] = ['storm', ...SWARM_KINDS];

/** How often a kind of fault was reached, whatever became of the request. */
export function timesReached(kind: string, reached: ReadonlyMap<string, number>): number {
  let times = 0;
  for (const [name, count] of reached) if (name.split(/[ ,]+/).includes(kind)) times += count;
  return times;
}
