/** Texts about values that may come from untyped code: nothing about their shape is taken on trust. */

/** `… was expected, was "…"`. */
export function unlike(expected: string, actual: unknown): string {
  return `${expected} was expected, was "${shown(actual)}"`;
}

/** What is wrong with a number that must be positive and finite, or null. */
export function positiveFault(name: string, value: unknown): string | null {
  const isPositive = typeof value === 'number' && Number.isFinite(value) && value > 0;
  return isPositive ? null : unlike(`a positive, finite ${name}`, value);
}

/** True for objects that may have fields: not for null, lists and functions. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for promises of any make. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return isRecord(value) && typeof value['then'] === 'function';
}

/** What was thrown, as text: an error's message, and something readable of anything else. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : shown(thrown);
}

/** Long enough for every sensible value; a sentence stays one. */
const SHOWN_MAX = 100;

/** A value in a few words. Calls nothing of the value's own, which might throw. */
export function shown(value: unknown): string {
  if (typeof value === 'string') {
    return value.length > SHOWN_MAX ? `${value.slice(0, SHOWN_MAX)}…` : value;
  }
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value instanceof Date) return 'a Date';
  return shownObject(value);
}

function shownObject(value: object): string {
  const name = classOf(value);
  if (name !== 'Object') return `an object of ${name}`;
  const keys = Object.keys(value).slice(0, 5);
  return keys.length === 0 ? 'an object without fields' : `an object with ${keys.join(', ')}`;
}

function classOf(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!isRecord(prototype)) return 'Object';
  const maker: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return typeof maker === 'function' ? maker.name : 'Object';
}
