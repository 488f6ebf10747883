/** Arithmetic mean; null of no values. */
export function mean(values: readonly number[]): number | null {
  const [origin] = values;
  return origin === undefined ? null : origin + meanDistance(values, origin);
}

/**
 * Standard deviation of a sample: √(Σ(x − mean)² / (n − 1)); null of fewer than two values.
 *
 * Two passes over distances from the first value, so that equal values give exactly zero (Chan,
 * Golub and LeVeque, "Algorithms for Computing the Sample Variance", 1983).
 */
export function sampleDeviation(values: readonly number[]): number | null {
  const [origin] = values;
  if (origin === undefined || values.length < 2) return null;
  const center = meanDistance(values, origin);
  let squares = 0;
  for (const value of values) squares += (value - origin - center) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}

/**
 * Deviations of returns below this are rounding: a return `b / a − 1` of doubles is exact to about
 * 2e-16. A ratio to such a deviation would be an arbitrary huge number.
 */
const ROUNDING = 4 * Number.EPSILON;

/** `numerator / deviation`, or null where there is no deviation of returns to divide by. */
export function perDeviation(numerator: number | null, deviation: number | null): number | null {
  if (numerator === null || deviation === null || deviation <= ROUNDING) return null;
  return numerator / deviation;
}

function meanDistance(values: readonly number[], origin: number): number {
  let sum = 0;
  for (const value of values) sum += value - origin;
  return sum / values.length;
}
