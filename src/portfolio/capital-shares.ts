import { ConfigError } from '../core/errors.ts';
import type { StrategyId } from '../core/ids.ts';

/** What adding up doubles may leave of nothing. */
const SMALLEST = 1e-9;

/**
 * The part of equity each strategy of a run may use. Those not named in `shares` divide equally what
 * the named ones of the run leave. Throws a `ConfigError` where nothing is left for them.
 */
export function capitalShares(
  strategies: readonly StrategyId[],
  shares: Readonly<Record<string, number>>,
): ReadonlyMap<StrategyId, number> {
  const named = (id: StrategyId) => (Object.hasOwn(shares, id) ? shares[id] : undefined);
  const unnamed = strategies.filter((id) => named(id) === undefined);
  const taken = strategies.reduce((sum, id) => sum + (named(id) ?? 0), 0);
  const rest = (1 - taken) / unnamed.length;
  if (unnamed.length > 0 && !(rest > SMALLEST)) {
    throw new ConfigError(
      `portfolio.capital_shares: shares of the named strategies below 1 were expected, since ` +
        `${unnamed.join(', ')} has none, was "${Number(taken.toPrecision(6))}"; give each strategy of the run a share`,
    );
  }
  return new Map(strategies.map((id) => [id, named(id) ?? rest]));
}
