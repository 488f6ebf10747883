import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../../src/core/time.ts';
import { readValues, valuesText } from '../../../../src/data/collect/bar-values.ts';
import { cleanPage } from '../../../../src/data/collect/clean-page.ts';
import type { SourceBar } from '../../../../src/ports/bar-source.ts';

function bar(hour: number, change: Partial<SourceBar> = {}): SourceBar {
  const prices = { open: 100, high: 102, low: 99, close: 101, volume: 5 };
  return { openTime: hour * HOUR_MS, ...prices, ...change };
}

/** Hours of the bars that stay, and rules of those that do not. */
function clean(bars: readonly SourceBar[]) {
  const span = { from: 10 * HOUR_MS, to: 20 * HOUR_MS };
  const { table, issues } = cleanPage(bars, { timeframe: '1h', span });
  const kept = [...table.rows()];
  return { hours: kept.map(({ openTime }) => openTime / HOUR_MS), kept, issues };
}

describe('cleanPage', () => {
  it('drops what was not asked for without a word', () => {
    const { hours, issues } = clean([bar(9), bar(10), bar(19), bar(20)]);
    expect([hours, issues]).toEqual([[10, 19], []]);
  });

  it('puts bars in order', () => {
    expect(clean([bar(12), bar(10), bar(11)]).hours).toEqual([10, 11, 12]);
  });

  it('keeps one of two equal bars without a word', () => {
    const { hours, issues } = clean([bar(10), bar(11), bar(10)]);
    expect([hours, issues]).toEqual([[10, 11], []]);
  });

  it('keeps the fuller of two bars that differ, in whichever order they come', () => {
    const full = bar(10, { volume: 9, close: 100 });
    for (const bars of [
      [bar(10), full],
      [full, bar(10)],
    ]) {
      const { kept, issues } = clean(bars);
      expect(kept).toMatchObject([{ volume: 9, close: 100 }]);
      expect(issues).toEqual([
        {
          openTime: 10 * HOUR_MS,
          rule: 'duplicate-time',
          detail:
            'sent twice with other values, the fuller one was kept; ' +
            'open,high,low,close,volume 100,102,99,101,5',
          quarantined: true,
        },
      ]);
    }
  });

  it.each([
    ['price-range', { open: Number.NaN }, 'open'],
    ['price-range', { low: 0 }, 'low'],
    ['price-range', { close: -1 }, 'close'],
    ['price-range', { high: Infinity }, 'high'],
    ['ohlc-order', { low: 103 }, 'low'],
    ['ohlc-order', { close: 103 }, 'close'],
    ['volume-range', { volume: Number.NaN }, 'volume'],
    ['volume-range', { volume: -1 }, 'volume'],
  ])('sets a bar aside that breaks %s: %j', (rule, change, column) => {
    const { hours, issues } = clean([bar(10), bar(11, change), bar(12)]);
    expect(hours).toEqual([10, 12]);
    expect(issues).toMatchObject([{ openTime: 11 * HOUR_MS, rule, quarantined: true }]);
    expect(issues[0]?.detail).toContain(`was expected in ${column}; open,high,low,close,volume `);
  });

  it('sets a bar aside that opens beside the grid', () => {
    const { hours, issues } = clean([bar(10.5)]);
    expect(hours).toEqual([]);
    expect(issues).toMatchObject([{ openTime: 10.5 * HOUR_MS, rule: 'alignment' }]);
  });

  it('sets a bar aside that has no time', () => {
    const { issues } = clean([bar(10, { openTime: Number.NaN })]);
    expect(issues).toMatchObject([{ openTime: null, rule: 'timestamp', quarantined: true }]);
  });

  it('says the same of a bar wherever the page was cut', () => {
    const bad = bar(13, { low: 500 });
    const whole = clean([bar(10), bar(12), bad, bad, bar(14)]).issues;
    expect(clean([bad]).issues[0]).toEqual(whole[0]);
  });
});

describe('the values in the text of an issue', () => {
  it('are read back to the last digit', () => {
    const values = { open: 0.1 + 0.2, high: 1e21, low: 5e-324, close: 2.3e-8, volume: 0 };
    expect(readValues(`close -50.00 %; ${valuesText(values)}`)).toEqual(values);
  });

  it('are none where the text ends otherwise', () => {
    expect(readValues('close -50.50 % from the previous close, 12.0 sigma')).toBeNull();
  });
});
