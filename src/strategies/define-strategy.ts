import type * as z from 'zod';
import { StrategyError } from '../core/errors.ts';
import { isStrategyId } from '../core/ids.ts';
import type { StrategyDefinition } from './strategy.ts';

/** The definition with its parameter types inferred. Throws a `StrategyError` on a bad id. */
export function defineStrategy<Schema extends z.ZodType>(
  definition: Omit<StrategyDefinition<Schema>, 'description'> & { readonly description?: string },
): StrategyDefinition<Schema> {
  if (!isStrategyId(definition.id)) {
    throw new StrategyError(
      'a strategy id of at most 64 lower-case letters, digits and underscores that begins with ' +
        `a letter was expected, was "${definition.id}"`,
    );
  }
  return { description: '', ...definition };
}
