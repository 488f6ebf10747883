/**
 * The exchange's own exact numbers: integers of 10^-18, of nothing but bigint. It must not count with
 * the engine's decimals, or a mistake of theirs would be made on both sides and never show.
 */
export type Units = bigint;

const PLACES = 18;
export const ONE: Units = 10n ** 18n;
const NUMBER = /^(-?)(\d+)(?:\.(\d*))?$/;

/** Undefined for whatever is no plain decimal of at most 18 places: exponents, signs, blanks. */
export function unitsOf(text: string): Units | undefined {
  const [, sign, whole, fraction = ''] = NUMBER.exec(text) ?? [];
  if (whole === undefined || fraction.length > PLACES) return undefined;
  const units = BigInt(whole + fraction.padEnd(PLACES, '0'));
  return sign === '-' ? -units : units;
}

/** For what tests write themselves. */
export function units(text: string): Units {
  const value = unitsOf(text);
  if (value === undefined) throw new Error(`a plain decimal was expected, was "${text}"`);
  return value;
}

/** Without an exponent, with at least so many places: `0.10` for 0.1 and two. */
export function plain(value: Units, places = 0): string {
  const digits = (value < 0n ? -value : value).toString().padStart(PLACES + 1, '0');
  const fraction = digits.slice(-PLACES).replace(/0+$/, '').padEnd(places, '0');
  const text = digits.slice(0, -PLACES) + (fraction === '' ? '' : `.${fraction}`);
  return value < 0n ? `-${text}` : text;
}

export function product(one: Units, other: Units): Units {
  return (one * other) / ONE;
}

export function quotient(one: Units, other: Units): Units {
  return (one * ONE) / other;
}

/** The multiple of a step at or below a value that is not negative. */
export function floorTo(value: Units, step: Units): Units {
  return value - (value % step);
}

export function ceilTo(value: Units, step: Units): Units {
  const rest = value % step;
  return rest === 0n ? value : value - rest + step;
}

export function least(one: Units, other: Units): Units {
  return one < other ? one : other;
}
