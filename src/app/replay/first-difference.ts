import { Decimal } from '../../core/decimal.ts';
import type { AnyEvent } from '../../core/events.ts';
import { toExactJson } from '../../core/exact-json.ts';

/** The first place in which two values differ, e.g. `payload.quantity`, with both as text. */
export interface DifferingPart {
  readonly path: string;
  readonly one: string;
  readonly other: string;
}

/** Where two events differ first; null where they are the same. Payloads are told by their members. */
export function differingPart(one: AnyEvent, other: AnyEvent): DifferingPart | null {
  for (const part of ['seq', 'type', 'ts', 'causedBy'] as const) {
    if (one[part] !== other[part]) {
      return { path: part, one: valueText(one[part]), other: valueText(other[part]) };
    }
  }
  return partOf(one.payload, other.payload, '');
}

function partOf(one: unknown, other: unknown, path: string): DifferingPart | null {
  if (toExactJson(one ?? null) === toExactJson(other ?? null)) return null;
  if (isBranch(one) && isBranch(other)) {
    for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
      const below = path === '' ? key : `${path}.${key}`;
      const found = partOf(one[key], other[key], below);
      if (found !== null) return found;
    }
  }
  return { path: path === '' ? 'payload' : path, one: valueText(one), other: valueText(other) };
}

function valueText(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (value instanceof Decimal) return value.toString();
  return typeof value === 'string' ? value : toExactJson(value);
}

function isBranch(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !(value instanceof Decimal);
}
