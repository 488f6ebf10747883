/**
 * Ulcer index: √(mean of squared drawdowns), each a fraction below the highest level so far, the
 * initial one being the first (Martin and McCann, "The Investor's Guide to Fidelity Funds", 1989,
 * who count in percent). Null of no levels.
 */
export function ulcerIndex(initial: number, levels: readonly number[]): number | null {
  if (levels.length === 0 || !(initial > 0)) return null;
  let peak = initial;
  let squares = 0;
  for (const level of levels) {
    peak = Math.max(peak, level);
    squares += (1 - level / peak) ** 2;
  }
  return Math.sqrt(squares / levels.length);
}
