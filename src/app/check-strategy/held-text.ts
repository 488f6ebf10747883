import { Decimal } from '../../core/decimal.ts';
import type { Position } from '../../core/position.ts';
import type { OpenOrder } from '../../ports/portfolio-view.ts';
import { FLAT } from './trial.ts';

/** What a strategy sees of its own in a symbol. */
export interface Held {
  readonly position: Position | null;
  readonly orders: readonly OpenOrder[];
}

export const NOTHING_HELD: Held = Object.freeze({ position: null, orders: Object.freeze([]) });

/** As text that `readHeld` reads back, decimals exact. */
export function heldText({ position, orders }: Held): string {
  if (position === null && orders.length === 0) return FLAT;
  return JSON.stringify(tagged({ position, orders }));
}

/** Throws a `TypeError` on anything that `heldText` did not write. */
export function readHeld(text: string): Held {
  if (text === FLAT) return NOTHING_HELD;
  const held: unknown = JSON.parse(text, (_, value: unknown) => untagged(value));
  if (isHeld(held)) return held;
  throw new TypeError(`a position with orders was expected, was "${text}"`);
}

/** Decimals write themselves as plain text, which could not be told from other text. */
function tagged(value: unknown): unknown {
  if (value instanceof Decimal) return { decimal: value.toString() };
  if (Array.isArray(value)) return value.map(tagged);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, tagged(inner)]));
}

function untagged(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('decimal' in value && typeof value.decimal === 'string') return Decimal.parse(value.decimal);
  return Object.freeze(value);
}

function isHeld(value: unknown): value is Held {
  return typeof value === 'object' && value !== null && 'position' in value && 'orders' in value;
}
