/**
 * Simple returns `level / previous − 1`, the first against the initial level: as many returns as
 * levels. Null where a previous level is zero or negative, for then no return is defined.
 */
export function simpleReturns(
  initial: number,
  levels: readonly number[],
): readonly number[] | null {
  const returns: number[] = [];
  let previous = initial;
  for (const level of levels) {
    if (!(previous > 0)) return null;
    returns.push(level / previous - 1);
    previous = level;
  }
  return returns;
}
