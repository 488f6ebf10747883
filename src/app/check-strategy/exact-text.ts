import { Decimal } from '../../core/decimal.ts';

/** JSON of plain data in which decimals stay what they are: `readExact` reads it back. */
export function exactText(value: unknown): string {
  return JSON.stringify(tagged(value));
}

/** What `exactText` wrote, frozen. */
export function readExact(text: string): unknown {
  return JSON.parse(text, (_, value: unknown) => untagged(value));
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
