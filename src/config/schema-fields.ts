import * as z from 'zod';
import { assetClassOf, type SymbolName } from '../core/instrument.ts';
import { TIMEFRAMES } from '../core/time.ts';

type CamelCase<Key> = Key extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Key;
type CamelKeys<T> = { readonly [Key in keyof T as CamelCase<Key>]: T[Key] };

/**
 * A mapping with exactly these keys: snake_case in YAML, camelCase in the program, frozen. Errors
 * are worded as what was expected (`explain-issues.ts` adds where and what it was instead).
 */
export function section<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape).transform((value) => camelKeys(value));
}

function camelKeys<T extends object>(value: T): CamelKeys<T>;
function camelKeys(value: object): object {
  return Object.freeze(
    Object.fromEntries(Object.entries(value).map(([key, inner]) => [camelCase(key), inner])),
  );
}

function camelCase(key: string): string {
  return key.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

const FRACTION = 'a fraction between 0 and 1';

/** A share of something: above 0, at most 1. */
export function fraction() {
  return z.number(FRACTION).gt(0, FRACTION).lte(1, FRACTION);
}

/** A share of a price that a price cannot lose: above 0, below 1. */
export function properFraction() {
  const expected = 'a fraction above 0 and below 1';
  return z.number(expected).gt(0, expected).lt(1, expected);
}

/** Part of a price or of a traded value, where a tenth would already be absurd. */
export function rate() {
  const expected = 'a fraction from 0 to 0.1';
  return z.number(expected).gte(0, expected).lte(0.1, expected);
}

/** Money, a price or a multiple: above 0. The bound keeps sums of many such numbers exact enough. */
export function positive(max = 1e12) {
  const expected = `a number above 0 and at most ${max}`;
  return z.number(expected).gt(0, expected).lte(max, expected);
}

/** Zero stands for "none". */
export function notNegative(max = 1e12) {
  const expected = `a number from 0 to ${max}`;
  return z.number(expected).gte(0, expected).lte(max, expected);
}

export function wholeNumber(min: number, max: number) {
  const expected = `a whole number from ${min} to ${max}`;
  return z.int(expected).gte(min, expected).lte(max, expected);
}

/** Text of one line: a path, a host name. */
export function line() {
  const expected = 'text of 1 to 1024 characters';
  return z.string(expected).min(1, expected).max(1024, expected);
}

export const SYMBOL = 'a symbol such as BTC/USD or AAPL';

export function symbol() {
  return z
    .string(SYMBOL)
    .refine(isSymbol, SYMBOL)
    .meta({ examples: ['BTC/USD', 'AAPL'] });
}

export function isSymbol(text: string): text is SymbolName {
  try {
    assetClassOf(text);
    return true;
  } catch {
    return false;
  }
}

export const SYMBOLS_MAX = 1000;

export function symbols() {
  const expected = `a list of 1 to ${SYMBOLS_MAX} symbols such as [BTC/USD, ETH/USD]`;
  return z
    .array(symbol(), expected)
    .min(1, expected)
    .max(SYMBOLS_MAX, expected)
    .superRefine((names, context) => reportRepeats(names, context, []))
    .readonly();
}

/** Adds an issue at every name that stood in the list before; `below` leads from entry to name. */
export function reportRepeats(
  names: readonly string[],
  context: z.RefinementCtx,
  below: readonly string[],
): void {
  const seen = new Set<string>();
  for (const [index, name] of names.entries()) {
    if (seen.has(name)) {
      context.addIssue({
        code: 'custom',
        path: [index, ...below],
        message: 'each symbol once',
        input: name,
      });
    }
    seen.add(name);
  }
}

export function timeframe() {
  return z.enum(TIMEFRAMES);
}

/** A name in lower case, as exchanges and strategies have it. */
export function name() {
  const expected = 'a name of lower-case letters, digits and underscores';
  return z.string(expected).regex(/^[a-z][a-z0-9_]{0,63}$/, expected);
}

/** Keys travel to exchanges: a server that takes one's place may only stand on this machine. */
export function loopbackUrl() {
  const expected = 'a URL on this machine such as http://127.0.0.1:8080';
  return z.string(expected).regex(/^http:\/\/(?:127\.0\.0\.1|localhost):\d{1,5}$/, expected);
}
