import type { Position } from '../../core/position.ts';
import type { OpenOrder } from '../../ports/portfolio-view.ts';
import { exactText, readExact } from './exact-text.ts';
import { FLAT } from './trial.ts';

/** What a strategy sees of its own in a symbol. */
export interface Held {
  readonly position: Position | null;
  readonly orders: readonly OpenOrder[];
}

export const NOTHING_HELD: Held = Object.freeze({ position: null, orders: Object.freeze([]) });

/** As text that `readHeld` reads back. */
export function heldText({ position, orders }: Held): string {
  return position === null && orders.length === 0 ? FLAT : exactText({ position, orders });
}

/** Throws a `TypeError` on anything that `heldText` did not write. */
export function readHeld(text: string): Held {
  if (text === FLAT) return NOTHING_HELD;
  const held = readExact(text);
  if (isHeld(held)) return held;
  throw new TypeError(`a position with orders was expected, was "${text}"`);
}

function isHeld(value: unknown): value is Held {
  return typeof value === 'object' && value !== null && 'position' in value && 'orders' in value;
}
