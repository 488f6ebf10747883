import { HOUR_MS, type Timeframe } from '../../../../src/core/time.ts';
import { tradingCalendar, type CalendarId } from '../../../../src/core/trading-calendar.ts';
import type { SeriesGrid } from '../../../../src/data/repair/holes.ts';
import type { BarPage, BarRow } from '../../../../src/ports/bar-store.ts';
import { START } from '../../../support/bars.ts';

export const ALL_TIME = { start: null, end: null };

export function gridOf(timeframe: Timeframe, calendar: CalendarId = 'always'): SeriesGrid {
  return { timeframe, calendar: tradingCalendar(calendar) };
}

/** A bar that opens so long after `START`; all prices the close but for what is given. */
export function barAt(openMs: number, close: number, changes: Partial<BarRow> = {}): BarRow {
  const prices = { open: close, high: close, low: close, close };
  return { openTime: START + openMs, ...prices, volume: 10, flags: 0, ...changes };
}

export function hourAt(hour: number, close: number, changes: Partial<BarRow> = {}): BarRow {
  return barAt(hour * HOUR_MS, close, changes);
}

/** As the store hands them out. */
export function pageOf(bars: readonly BarRow[]): BarPage {
  return Float64Array.from(
    bars.flatMap(({ openTime, open, high, low, close, volume, flags }) => [
      openTime,
      open,
      high,
      low,
      close,
      volume,
      flags,
    ]),
  );
}

/** `3 100`: hours since `START`, close. */
export function hoursIn(bars: readonly BarRow[]): readonly string[] {
  return bars.map(({ openTime, close }) => `${(openTime - START) / HOUR_MS} ${close}`);
}
