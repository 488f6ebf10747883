const DIGITS = 8;

/** A number to eight significant digits, as short as it gets; `n/a` where there is none. */
export function figure(value: number | null): string {
  if (value === null || Number.isNaN(value)) return 'n/a';
  return String(Number(value.toPrecision(DIGITS)));
}
