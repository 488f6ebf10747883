import { ConfigError } from '../core/errors.ts';
import { meanReversion } from './mean-reversion.ts';
import { momentum } from './momentum.ts';
import type { StrategyDefinition } from './strategy.ts';

/** The strategies that come with QuantSage, in the order they are listed. */
export const builtinStrategies: readonly StrategyDefinition[] = [meanReversion, momentum];

/** Kinds that `strategy:` in a strategy file may name. */
export const knownKinds: readonly string[] = builtinStrategies.map(({ id }) => id);

/** The built-in strategy of that kind, or null. */
export function findStrategy(kind: string): StrategyDefinition | null {
  return builtinStrategies.find(({ id }) => id === kind) ?? null;
}

/** The built-in strategy of that kind. Throws a `ConfigError` that lists the known ones. */
export function strategyOfKind(kind: string): StrategyDefinition {
  const definition = findStrategy(kind);
  if (definition !== null) return definition;
  throw new ConfigError(
    `a strategy kind (${knownKinds.join(', ')}) was expected, was "${kind}"; ` +
      'run "quantsage strategies list"',
  );
}
