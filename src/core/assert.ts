import { InvariantError } from './errors.ts';

/**
 * Stops the engine when something that must hold does not. A message with values in it is given as
 * a function, so that it costs nothing while all is well.
 */
export function invariant(
  condition: boolean,
  message: string | (() => string),
  details?: Readonly<Record<string, unknown>>,
): asserts condition {
  if (condition) return;
  const text = typeof message === 'string' ? message : message();
  throw new InvariantError(text, details === undefined ? {} : { details });
}

/** The value, or an invariant error when it is absent. */
export function present<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new InvariantError(`${what} must be present`);
  return value;
}

/** Proves at compile time that every member of a union was handled. */
export function assertNever(value: never, what: string): never {
  throw new InvariantError(`${what} has no handler for ${JSON.stringify(value)}`);
}
