import type { RawCell } from '../ports/bar-file.ts';

/** Decimal point, no grouping, optional exponent; surrounding blanks are harmless. */
const DECIMAL = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?\s*$/;
const THOUSANDS = /^[+-]?\d{1,3}(?:[, ' ]\d{3})+(?:\.\d*)?$/;
const DECIMAL_COMMA = /^[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+),\d+$/;
const NOT_A_NUMBER = /^[+-]?(?:nan|n\/a|na|null|none|inf|infinity|-)$/i;

/**
 * The number a strict decimal text stands for, or NaN for any other text: `parseFloat("1,000.5")`
 * is 1, `Number("")` is 0 and `Number("0x10")` is 16, so neither may read market data.
 */
export function parseDecimal(text: string): number {
  if (!DECIMAL.test(text)) return Number.NaN;
  const value = Number(text);
  return Number.isFinite(value) ? value : Number.NaN;
}

/** The finite number a cell holds; NaN where it holds none. */
export function finiteNumber(cell: RawCell): number {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : Number.NaN;
  return cell === null ? Number.NaN : parseDecimal(cell);
}

/** What should have stood in place of a cell that `finiteNumber` refused, as a noun phrase. */
export function expectedInsteadOf(cell: RawCell): string {
  if (typeof cell === 'number') return 'a finite number';
  const trimmed = (cell ?? '').trim();
  if (trimmed === '') return 'a number instead of an empty field';
  if (NOT_A_NUMBER.test(trimmed)) return 'a finite number instead of a placeholder';
  if (DECIMAL.test(trimmed)) return 'a number within the range of a double';
  if (THOUSANDS.test(trimmed)) return 'a number without thousands separators';
  if (DECIMAL_COMMA.test(trimmed)) return 'a number with a decimal point, not a comma,';
  return 'a plain decimal number';
}

/** Whether a double is the nearest one to some decimal number of that many decimals. */
export function hasDecimals(value: number, decimals: number): boolean {
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale === value;
}

/** Decimals that matter in a decimal text: 2 for `1.230`, 7 for `1e-7`, 0 for `1200`. */
export function significantDecimals(text: string): number {
  const exponentAt = text.search(/[eE]/);
  const mantissa = (exponentAt === -1 ? text : text.slice(0, exponentAt)).trimEnd();
  const exponent = exponentAt === -1 ? 0 : Number(text.slice(exponentAt + 1));
  const fraction = mantissa.split('.')[1] ?? '';
  return Math.max(0, fraction.replace(/0+$/, '').length - exponent);
}
