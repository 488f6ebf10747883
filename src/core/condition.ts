export const COMPARISONS = ['<', '<=', '>', '>='] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** One predicate of a strategy's rule, with the numbers it compared. */
export interface Condition {
  readonly name: string;
  readonly value: number;
  readonly comparison: Comparison;
  readonly threshold: number;
  readonly holds: boolean;
}

/** Evaluates a comparison; false whenever either side is NaN. */
export function compares(value: number, comparison: Comparison, threshold: number): boolean {
  switch (comparison) {
    case '<':
      return value < threshold;
    case '<=':
      return value <= threshold;
    case '>':
      return value > threshold;
    case '>=':
      return value >= threshold;
  }
}
