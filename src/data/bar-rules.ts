import type { BarPage } from '../ports/bar-store.ts';
import type { BadRowRule } from './bad-row.ts';
import type { BarColumn } from './bar-columns.ts';

/** Offsets within one bar of a `BarPage`. */
const OPEN = 1;
const HIGH = 2;
const LOW = 3;
const CLOSE = 4;
const VOLUME = 5;

/** Below it a price has no second digit on the finest tick, 1e-12. */
const PRICE_MIN = 1e-11;
const PRICE_MAX = 1e12;
/** Above any volume ever traded in an hour; beyond it a unit or a digit went wrong. */
const VOLUME_MAX = 1e18;

/** What must hold of every bar. `column` is the value that is blamed when it does not. */
export interface BarRule {
  readonly rule: BadRowRule;
  readonly column: BarColumn;
  readonly expected: string;
  /** The other column that `column` was held against; null where the limits are fixed. */
  readonly against: BarColumn | null;
  holds(page: BarPage, at: number): boolean;
}

/** Comparisons are written so that NaN breaks them. */
const RULES: readonly BarRule[] = [
  priceRange('open', OPEN),
  priceRange('high', HIGH),
  priceRange('low', LOW),
  priceRange('close', CLOSE),
  order('low', 'high', LOW, HIGH),
  order('low', 'open', LOW, OPEN),
  order('low', 'close', LOW, CLOSE),
  order('open', 'high', OPEN, HIGH),
  order('close', 'high', CLOSE, HIGH),
  {
    rule: 'volume-range',
    column: 'volume',
    expected: `a volume from 0 to ${VOLUME_MAX}`,
    against: null,
    holds: (page, at) => inRange(cell(page, at + VOLUME), 0, VOLUME_MAX),
  },
];

/** The first rule that the bar at an offset of a page breaks; null for a sound bar. */
export function brokenRule(page: BarPage, at: number): BarRule | null {
  if (isSound(page, at)) return null;
  return RULES.find((rule) => !rule.holds(page, at)) ?? null;
}

/** All rules at once, for the bars that break none: nearly all, and there are millions. */
function isSound(page: BarPage, at: number): boolean {
  const open = cell(page, at + OPEN);
  const high = cell(page, at + HIGH);
  const low = cell(page, at + LOW);
  const close = cell(page, at + CLOSE);
  const isOrdered = low <= open && low <= close && open <= high && close <= high;
  return (
    isOrdered &&
    inRange(low, PRICE_MIN, PRICE_MAX) &&
    inRange(high, PRICE_MIN, PRICE_MAX) &&
    inRange(cell(page, at + VOLUME), 0, VOLUME_MAX)
  );
}

function priceRange(column: BarColumn, offset: number): BarRule {
  return {
    rule: 'price-range',
    column,
    expected: `a price from ${PRICE_MIN} to ${PRICE_MAX}`,
    against: null,
    holds: (page, at) => inRange(cell(page, at + offset), PRICE_MIN, PRICE_MAX),
  };
}

function order(lower: BarColumn, upper: BarColumn, from: number, to: number): BarRule {
  return {
    rule: 'ohlc-order',
    column: lower,
    expected: `${lower} ≤ ${upper}`,
    against: upper,
    holds: (page, at) => cell(page, at + from) <= cell(page, at + to),
  };
}

function inRange(value: number, min: number, max: number): boolean {
  return value >= min && value <= max;
}

function cell(page: BarPage, index: number): number {
  return page[index] ?? Number.NaN;
}
