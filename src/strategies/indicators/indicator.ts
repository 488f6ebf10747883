import type { Bar } from '../../core/bar.ts';
import { ConfigError } from '../../core/errors.ts';

/** Longest period an indicator accepts: above it, a window costs more than it tells. */
const PERIOD_MAX = 10_000;

/** What a strategy may know of any indicator. Readings are NaN until they are defined. */
export interface Indicator {
  /** Bars until every reading is defined. */
  readonly firstValue: number;
  /** Bars until every reading is the same double wherever the stream began. */
  readonly warmup: number;
}

/** An indicator over one number a bar: the close, or another `IndicatorSource`. */
export interface ValueIndicator extends Indicator {
  update(value: number): void;
}

/** An indicator over whole bars. */
export interface BarIndicator extends Indicator {
  update(bar: Bar): void;
}

/** The period itself. Throws a `ConfigError` unless it is a whole number from 1 to 10,000. */
export function checkedPeriod(period: number, name: string): number {
  if (Number.isSafeInteger(period) && period >= 1 && period <= PERIOD_MAX) return period;
  throw new ConfigError(
    `${name}: a whole number of bars from 1 to ${PERIOD_MAX} was expected, was "${period}"`,
  );
}
