import * as z from 'zod';
import { StrategyError } from '../core/errors.ts';
import { isStrategyId } from '../core/ids.ts';
import type { StrategyDefinition } from './strategy.ts';

/** What `defineStrategy` has given out: users' modules export other things too. */
const defined = new WeakSet<object>();

/** What an author writes: `create`, or `createForAll` in its place; a description is optional. */
type Described<Definition> = Definition extends { readonly description: string }
  ? Omit<Definition, 'description'> & { readonly description?: string }
  : never;

/** The definition with its parameter types inferred. Throws a `StrategyError` on a bad one. */
export function defineStrategy<Schema extends z.ZodType>(
  definition: Described<StrategyDefinition<Schema>>,
): StrategyDefinition<Schema> {
  const { id, params } = definition;
  if (typeof id !== 'string' || !isStrategyId(id)) {
    throw new StrategyError(
      'a strategy id of at most 64 lower-case letters, digits and underscores that begins with ' +
        `a letter was expected, was ${JSON.stringify(id)}`,
    );
  }
  // Types say so already, but not to those who write JavaScript.
  if (!(params instanceof z.ZodType)) {
    throw new StrategyError(
      `strategy "${id}": params: a schema such as z.object({}) was expected, was ${typeof params}`,
    );
  }
  requireOneCreator(definition);
  const complete = { description: '', ...definition };
  defined.add(complete);
  return complete;
}

function requireOneCreator({
  id,
  create,
  createForAll,
}: Pick<StrategyDefinition, 'id' | 'create' | 'createForAll'>): void {
  if (create !== undefined && createForAll !== undefined) {
    throw new StrategyError(
      `strategy "${id}": create (for each symbol) or createForAll (for all together) was ` +
        'expected, was both',
    );
  }
  const [name, creator] =
    createForAll === undefined ? ['create', create] : ['createForAll', createForAll];
  if (typeof creator === 'function') return;
  throw new StrategyError(
    `strategy "${id}": ${name}: a function was expected, was ${typeof creator}`,
  );
}

/** True for what `defineStrategy` returned, and for nothing that looks like it. */
export function isStrategyDefinition(value: unknown): value is StrategyDefinition {
  return typeof value === 'object' && value !== null && defined.has(value);
}
