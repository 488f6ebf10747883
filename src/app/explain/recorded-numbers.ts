import type { Condition } from '../../core/condition.ts';

/** A condition whose numbers came out other than the run recorded them. */
export interface Disagreement {
  readonly name: string;
  readonly recorded: Condition;
  readonly recomputed: Condition;
}

/**
 * The first recorded condition that was computed again under its name, but with other numbers, to
 * the last bit. A recorded condition that no named rule has cannot be told right or wrong.
 */
export function disagreement(
  recorded: readonly Condition[],
  recomputed: readonly Condition[],
): Disagreement | null {
  for (const one of recorded) {
    const namesakes = recomputed.filter(
      ({ name, comparison }) => name === one.name && comparison === one.comparison,
    );
    const [first] = namesakes;
    if (first === undefined || namesakes.some((other) => isSame(one, other))) continue;
    return { name: one.name, recorded: one, recomputed: first };
  }
  return null;
}

/** As they are written: JSON gives back every double but the sign of a zero. */
function isSame(one: Condition, other: Condition): boolean {
  return (
    one.holds === other.holds &&
    JSON.stringify([one.value, one.threshold]) === JSON.stringify([other.value, other.threshold])
  );
}
