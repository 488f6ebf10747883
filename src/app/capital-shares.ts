import type { StrategyId } from '../core/ids.ts';

/**
 * Which part of the capital each strategy has, as fractions that add up to at most 1: what is
 * configured by id, and of what that leaves as much for every other one.
 */
export function capitalShares(
  ids: readonly StrategyId[],
  configured: Readonly<Record<string, number>>,
): ReadonlyMap<StrategyId, number> {
  const own = new Map(Object.entries(configured));
  const named = ids.reduce((sum, id) => sum + (own.get(id) ?? 0), 0);
  const others = ids.filter((id) => !own.has(id)).length;
  const rest = Math.max(0, 1 - named) / others;
  return new Map(ids.map((id) => [id, own.get(id) ?? rest]));
}
