/** Highest return of a trade, a fraction of its entry value after fees; null of no trades. */
export function bestTrade(returns: readonly number[]): number | null {
  return returns.reduce<number | null>((best, r) => (best === null || r > best ? r : best), null);
}

/** Lowest return of a trade, a fraction of its entry value after fees; null of no trades. */
export function worstTrade(returns: readonly number[]): number | null {
  return returns.reduce<number | null>(
    (worst, r) => (worst === null || r < worst ? r : worst),
    null,
  );
}
