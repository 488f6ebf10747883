import { isSymbol, SYMBOL } from './schema-fields.ts';
import { nearest } from './nearest.ts';

export interface Misfit {
  /** What was written. */
  readonly value: unknown;
  /** What would have been right, in words. */
  readonly expected: string;
  /** JSON types that would do. */
  readonly types: ReadonlySet<string>;
  /** Values that would do, where they can be listed. */
  readonly options: readonly string[];
}

const YES: ReadonlySet<string> = new Set(['yes', 'on', 'y', 'true']);
const NO: ReadonlySet<string> = new Set(['no', 'off', 'n', 'false', 'none']);

/** What to write instead, where the mistake tells: ` (write 0.05)`, `; did you mean "1h"?`. */
export function hintFor(misfit: Misfit): string {
  const { value, types } = misfit;
  if (typeof value === 'string') return textHint(value, misfit);
  if (typeof value === 'number' && misfit.expected.startsWith('a fraction')) {
    return fractionHint(value, misfit);
  }
  if (typeof value !== 'string' && types.has('string') && !types.has('object')) {
    return typeof value === 'number' ? ` (write "${value}")` : '';
  }
  return '';
}

function fractionHint(value: number, { types, expected }: Misfit): string {
  const isSmall = expected.endsWith('0.1');
  const bound = isSmall ? 10 : 100;
  if (value === 0) return types.has('null') ? ' (write null for no limit)' : '';
  if (value < 0) return ` (write ${-value}: without a sign)`;
  // Below one it reads as a fraction already, and is too large or too small as one.
  if (value > bound || (value < 1 && !isSmall)) return '';
  return ` (write ${percent(value)} for ${value} %)`;
}

/** At least two decimals, so that it reads as a share of one: 10 is 0.10. */
function percent(value: number): string {
  const exact = Number((value / 100).toPrecision(12));
  return /\.\d\d/.test(String(exact)) ? String(exact) : exact.toFixed(2);
}

function textHint(text: string, misfit: Misfit): string {
  const { types, options, expected } = misfit;
  if (types.has('number') || types.has('integer')) return numberHint(text, types);
  if (types.has('boolean')) return booleanHint(text);
  if (expected === SYMBOL && isSymbol(text.toUpperCase())) {
    return `; did you mean "${text.toUpperCase()}"?`;
  }
  if (/^\d+M$/.test(text) && options.includes('1m')) {
    return ' (M would be months, which are not known; m is minutes)';
  }
  const candidate = nearest(text, options);
  return candidate === null ? '' : `; did you mean "${candidate}"?`;
}

function numberHint(text: string, types: ReadonlySet<string>): string {
  const plain = text.trim().replaceAll(/[_,\s]/g, '');
  const share = /^([-+]?\d+(?:\.\d+)?)%$/.exec(plain)?.[1];
  if (share !== undefined) return ` (write ${Number((Number(share) / 100).toPrecision(12))})`;
  if (/^[-+]?\d+(?:\.\d+)?$/.test(plain)) {
    return plain === text ? ` (write ${text} without quotes)` : ` (write ${plain})`;
  }
  return types.has('null') && NO.has(text.toLowerCase()) ? ' (write null for no limit)' : '';
}

function booleanHint(text: string): string {
  const word = text.toLowerCase();
  if (YES.has(word)) return ' (write true)';
  return NO.has(word) ? ' (write false)' : '';
}
