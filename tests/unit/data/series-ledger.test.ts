import { describe, expect, it } from 'vitest';
import { BAR_FLAGS } from '../../../src/core/bar.ts';
import { HOUR_MS } from '../../../src/core/time.ts';
import { SeriesLedgerMeter } from '../../../src/data/series-ledger.ts';
import type { DataIssue } from '../../../src/ports/bar-store.ts';
import { NO_BARS } from '../../support/series.ts';

type Change = Partial<Record<'open' | 'high' | 'low' | 'close' | 'volume' | 'flags', number>>;

/** Calm hours from the first of the epoch, some of them changed, some (null) left out. */
function ledgerOf(
  hours: number,
  changes: Readonly<Record<number, Change | null>> = {},
  issues: readonly DataIssue[] = [],
) {
  const meter = new SeriesLedgerMeter(NO_BARS, issues);
  for (let hour = 0; hour < hours; hour += 1) {
    const change = changes[hour];
    if (change === null) continue;
    const calm = { open: 100.5, high: 101, low: 99, close: 100, volume: 5, flags: 0 };
    const { open, high, low, close, volume, flags } = { ...calm, ...change };
    meter.add(Float64Array.of(hour * HOUR_MS, open, high, low, close, volume, flags));
  }
  return meter.ledger();
}

function aside(hour: number, rule: string): DataIssue {
  return { openTime: hour * HOUR_MS, rule, detail: `bars.csv:${hour}`, quarantined: true };
}

describe('SeriesLedgerMeter', () => {
  it('calls a series without defects clean, whatever is noted of it', () => {
    const { outlier, repaired, revised } = BAR_FLAGS;
    const { status, notes } = ledgerOf(60, {
      40: { high: 120, close: 120, flags: outlier },
      41: { open: 120, high: 121, low: 119, close: 120, flags: repaired | revised },
      42: { volume: 0 },
      43: { volume: 0 },
      44: { volume: 0 },
    });
    expect(status).toBe('clean');
    expect(notes).toMatchObject({
      outliers: 1,
      largeMoves: { count: 1 },
      zeroVolumeRuns: { runs: 1, bars: 3 },
      repaired: { count: 1, examples: [41 * HOUR_MS] },
      revised: { count: 1, examples: [41 * HOUR_MS] },
    });
  });

  it('calls a series broken for a stored bar that cannot be, with its values', () => {
    const { status, defects } = ledgerOf(5, { 3: { high: 90 } }, [aside(9, 'ohlc-order')]);
    expect(status).toBe('broken');
    expect(defects.invariantBreaks).toMatchObject({ count: 2, stored: 1 });
    expect(defects.invariantBreaks.examples[0]).toEqual({
      openTime: 3 * HOUR_MS,
      rule: 'ohlc-order',
      detail: 'low ≤ high was expected, was open 100.5, high 90, low 99, close 100, volume 5',
    });
  });

  it('does not miss a bar that was set aside, and counts it where it belongs', () => {
    const set = [aside(3, 'ohlc-order'), aside(4, 'bad-print'), aside(5, 'large-move')];
    const { status, expected, missing, defects, notes } = ledgerOf(
      8,
      { 2: null, 3: null, 4: null, 5: null },
      set,
    );
    expect([status, expected, missing, defects.gaps.count]).toEqual(['defects', 5, 1, 1]);
    expect(defects.gaps.examples).toEqual([{ from: 2 * HOUR_MS, to: 6 * HOUR_MS, missing: 1 }]);
    expect([defects.invariantBreaks.count, defects.badPrints.count]).toEqual([1, 1]);
    expect([notes.largeMoves.count, notes.outliers, notes.quarantined.count]).toEqual([1, 2, 3]);
  });

  it('expects a bar that was set aside and came again', () => {
    const { expected, missing } = ledgerOf(8, {}, [aside(3, 'ohlc-order')]);
    expect([expected, missing]).toEqual([8, 0]);
  });

  it('asks for as much where what was set aside lies before the first bar or after the last', () => {
    const { expected, missing } = ledgerOf(8, {}, [aside(-1, 'decimal'), aside(8, 'decimal')]);
    expect([expected, missing]).toEqual([8, 0]);
  });

  it('counts rows that came twice, and bars that came with other values', () => {
    const repeat = { ...aside(3, 'repeated-row'), quarantined: false };
    const issues = [repeat, aside(4, 'duplicate-time'), aside(5, 'conflicting-bar')];
    const { status, defects } = ledgerOf(8, {}, issues);
    expect(status).toBe('defects');
    expect([defects.duplicates.count, defects.conflicts.count]).toEqual([2, 1]);
    expect(defects.invariantBreaks.count).toBe(0);
  });

  it('keeps the first ten of a kind', () => {
    const issues = Array.from({ length: 30 }, (_, hour) => aside(hour, 'decimal'));
    const { defects } = ledgerOf(40, {}, issues);
    expect(defects.invariantBreaks.count).toBe(30);
    expect(defects.invariantBreaks.examples).toHaveLength(10);
  });

  it('says that a vendor made the opens when nearly all are the close before', () => {
    const stitched = Object.fromEntries(
      Array.from({ length: 200 }, (_, hour) => [hour, { open: hour === 150 ? 100.5 : 100 }]),
    );
    expect(ledgerOf(200, stitched).notes.stitchedOpens).toEqual({ count: 198, isRule: true });
    expect(ledgerOf(200).notes.stitchedOpens).toEqual({ count: 0, isRule: false });
    expect(ledgerOf(50, stitched).notes.stitchedOpens, 'too few bars to tell').toMatchObject({
      isRule: false,
    });
  });
});
