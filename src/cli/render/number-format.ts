import { DAY_MS } from '../../core/time.ts';

/** What stands where a metric has no meaning. */
const UNDEFINED = 'n/a';

/** `12,345.68`: two decimals, thousands apart. */
export function money(value: number | null): string {
  return value === null ? UNDEFINED : fixed(value, 2);
}

/** A fraction as a percentage: `-3.12 %`. */
export function percent(fraction: number | null): string {
  return fraction === null ? UNDEFINED : `${fixed(fraction * 100, 2)} %`;
}

export function ratio(value: number | null): string {
  return value === null ? UNDEFINED : fixed(value, 2);
}

export function count(value: number): string {
  return fixed(value, 0);
}

/** `1 row`, `1,200 rows`. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** Days with one decimal. */
export function days(value: number | null): string {
  return value === null ? UNDEFINED : `${fixed(value, 1)} days`;
}

/** Whole and tenth days between two instants. */
export function span(from: number, to: number): string {
  return days((to - from) / DAY_MS);
}

/** `2018-01-01T00:00:00Z` as `2018-01-01 00:00`. */
export function minute(isoTime: string): string {
  return isoTime.slice(0, 16).replace('T', ' ');
}

/** The same on every machine: no locale is asked. */
function fixed(value: number, places: number): string {
  const text = Math.abs(value).toFixed(places);
  const [whole = '', fraction] = text.split('.');
  const grouped = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
  const negative = value < 0 && Number(text) !== 0;
  return `${negative ? '-' : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}
