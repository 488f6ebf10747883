import { describe, expect, it } from 'vitest';
import { BAR_FLAGS } from '../../../src/core/bar.ts';
import { DAY_MS, HOUR_MS } from '../../../src/core/time.ts';
import type { CalendarId } from '../../../src/core/trading-calendar.ts';
import { BarTable } from '../../../src/data/bar-table.ts';
import { screenBars } from '../../../src/data/screen-bars.ts';

/** A hundred calm hours with a crash at hour 60, hour 80 missing. */
function crashTable(): BarTable {
  const table = new BarTable();
  for (let hour = 0; hour < 100; hour += 1) {
    if (hour === 80) continue;
    const close = hour === 60 ? 50 : 100 + (hour % 2);
    const low = Math.min(close, 100);
    table.append(Float64Array.of(hour * HOUR_MS, 100, 101, low, close, 5, 0), 0, hour + 2);
  }
  return table;
}

const HOURLY = { timeframe: '1h', assetClass: 'crypto' } as const;

describe('screenBars', () => {
  it('flags an outlier, keeps it and says how far out it is', () => {
    const { table, issues, outliers } = screenBars(crashTable(), { ...HOURLY, outliers: 'keep' });
    expect(outliers, 'the fall and the way back').toBe(2);
    const flagged = [...table.rows()].filter(({ flags }) => flags === BAR_FLAGS.outlier);
    expect(flagged.map(({ openTime }) => openTime / HOUR_MS)).toEqual([60, 61]);
    // From 101 to 50 is −50.50 %.
    expect(issues[0]).toMatchObject({
      openTime: 60 * HOUR_MS,
      rule: 'bad-print',
      quarantined: false,
      detail: 'low 50, -50.50 % from the close before, taken back (close 50)',
    });
    expect(issues[1], 'the way back is a move').toMatchObject({ rule: 'large-move' });
  });

  it('lists gaps and counts the bars they lack', () => {
    const { issues, gaps, missing } = screenBars(crashTable(), { ...HOURLY, outliers: 'keep' });
    expect([gaps, missing]).toEqual([1, 1]);
    expect(issues.filter(({ rule }) => rule === 'gap')).toMatchObject([
      { openTime: 80 * HOUR_MS, quarantined: false },
    ]);
  });

  it('takes outliers out when the policy says so, and reports the gap this leaves', () => {
    const screened = screenBars(crashTable(), { ...HOURLY, outliers: 'quarantine' });
    expect(screened.table.size).toBe(97);
    expect(screened.issues.filter(({ quarantined }) => quarantined)).toHaveLength(2);
    expect([screened.gaps, screened.missing]).toEqual([2, 3]);
  });

  it('finds a split in raw prices of a stock, and takes it for no outlier', () => {
    const table = new BarTable();
    for (let day = 0; day < 60; day += 1) {
      const close = (100 + (day % 2)) / (day < 50 ? 1 : 4);
      const volume = day < 50 ? 5 : 20;
      const cells = [day * DAY_MS, close, close, close, close, volume, 0];
      table.append(Float64Array.from(cells), 0, day + 2);
    }
    const daily = { timeframe: '1d', assetClass: 'stock', outliers: 'quarantine' } as const;
    const { issues, splits, outliers, table: kept } = screenBars(table, daily);
    expect([splits, outliers, kept.size]).toEqual([1, 0, 60]);
    expect(issues.filter(({ rule }) => rule !== 'gap')).toMatchObject([
      { openTime: 50 * DAY_MS, rule: 'split', quarantined: false },
    ]);
    const adjusted = screenBars(table, { ...daily, adjustment: 'all', outliers: 'keep' });
    expect([adjusted.splits, adjusted.outliers], 'adjusted prices do not split').toEqual([0, 1]);
  });

  it('looks for gaps by the calendar it is given', () => {
    const table = new BarTable();
    for (const day of ['2018-01-12', '2018-01-16', '2018-01-18']) {
      table.append(Float64Array.of(Date.parse(day), 1, 1, 1, 1, 1, 0), 0, 1);
    }
    const daily = { timeframe: '1d', assetClass: 'stock', outliers: 'keep' } as const;
    const missing = (calendar: CalendarId) => screenBars(table, { ...daily, calendar }).missing;
    expect([missing('us'), missing('always'), missing('unknown')]).toEqual([1, 4, 0]);
    expect(screenBars(table, daily).missing, 'stocks trade in US sessions').toBe(1);
  });
});
