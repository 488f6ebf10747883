import { describe, expect, it } from 'vitest';
import { BAR_FLAGS } from '../../../src/core/bar.ts';
import { HOUR_MS } from '../../../src/core/time.ts';
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
      rule: 'outlier',
      quarantined: false,
    });
    expect(issues[0]?.detail).toMatch(/^close -50\.50 % from the previous close, \d+\.\d sigma$/);
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
});
