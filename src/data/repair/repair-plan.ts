import type { RepairMethod } from '../../ports/repair-store.ts';
import type { BarRow } from '../../ports/bar-store.ts';
import type { Filling, Hole } from './holes.ts';

/** Gaps shown of those that stay. */
const EXAMPLES_MAX = 10;

/** Why bars stay missing. */
export interface LeftBars {
  /** Completes "3 bars stay missing: …". */
  readonly reason: string;
  readonly bars: number;
  readonly gaps: number;
  /** The first ten. */
  readonly examples: readonly Pick<Hole, 'from' | 'to' | 'missing'>[];
}

/** What a repair of one series would do. Nothing is done yet. */
export interface RepairPlan {
  readonly method: RepairMethod;
  /** What the bars were made of, for the record. */
  readonly source: string;
  /** Gaps found; null for a method that fills none. */
  readonly gaps: number | null;
  /** Bars that are missing, or wrong by what the venue said later. */
  readonly found: number;
  /** Bars to add, or to put in place of stored ones. */
  readonly bars: readonly BarRow[];
  readonly left: readonly LeftBars[];
  /** What else a reader should know. */
  readonly notes: readonly string[];
}

/** Sums up what was made of the holes of a series, by the reasons for what was not. */
export function planOfFillings(
  fillings: readonly Filling[],
  { method, source, notes = [] }: Pick<RepairPlan, 'method' | 'source'> & Partial<RepairPlan>,
): RepairPlan {
  return {
    method,
    source,
    gaps: fillings.length,
    found: fillings.reduce((sum, { hole }) => sum + hole.missing, 0),
    bars: fillings.flatMap(({ bars }) => bars),
    left: leftIn(fillings),
    notes,
  };
}

function leftIn(fillings: readonly Filling[]): readonly LeftBars[] {
  const byReason = new Map<string, Filling[]>();
  for (const filling of fillings) {
    if (filling.left === null) continue;
    byReason.set(filling.left, [...(byReason.get(filling.left) ?? []), filling]);
  }
  return [...byReason].map(([reason, stayed]) => ({
    reason,
    bars: stayed.reduce((sum, { hole, bars }) => sum + hole.missing - bars.length, 0),
    gaps: stayed.length,
    examples: stayed.slice(0, EXAMPLES_MAX).map(({ hole: { from, to, missing } }) => {
      return { from, to, missing };
    }),
  }));
}
