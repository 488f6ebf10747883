import { describe, expect, it } from 'vitest';
import { BAR_FLAGS } from '../../../src/core/bar.ts';
import { DAY_MS, HOUR_MS } from '../../../src/core/time.ts';
import type { BarPage } from '../../../src/ports/bar-store.ts';
import { SeriesQualityMeter } from '../../../src/data/series-quality.ts';

type Cells = readonly [
  time: number,
  open: number,
  high: number,
  low: number,
  close: number,
  volume: number,
  flags: number,
];

function pageOf(bars: readonly Cells[]): BarPage {
  return new Float64Array(bars.flat());
}

function plain(hour: number, close = 10 + (hour % 3), volume = 5, flags = 0): Cells {
  return [hour * HOUR_MS, close, close + 1, close - 1, close, volume, flags];
}

function flat(hour: number, volume = 0): Cells {
  return [hour * HOUR_MS, 10, 10, 10, 10, volume, 0];
}

function measure(...pages: readonly (readonly Cells[])[]) {
  const meter = new SeriesQualityMeter({ timeframe: '1h', calendar: 'always' });
  for (const page of pages) meter.add(pageOf(page));
  return meter.quality();
}

const NO_RUNS = { runs: 0, bars: 0, longest: null, examples: [] };

describe('SeriesQualityMeter', () => {
  it('calls silent bars of one price an outage, but not those of a repair', () => {
    const silent = [0, 1, 2, 3].map((hour) => flat(hour));
    expect(measure([plain(-1, 10), ...silent]).outages.bars).toBe(4);
    const filled = silent.map(([time]): Cells => [time, 10, 10, 10, 10, 0, BAR_FLAGS.repaired]);
    expect(measure([plain(-1, 10), ...filled]).outages).toEqual(NO_RUNS);
  });

  it('finds nothing wrong with a sound series', () => {
    expect(measure([plain(0), plain(1), plain(2)])).toEqual({
      bars: 3,
      firstOpen: 0,
      lastOpen: 2 * HOUR_MS,
      expected: 3,
      missing: 0,
      uncovered: 0,
      offSession: 0,
      offSessionExamples: [],
      gaps: 0,
      gapExamples: [],
      flat: NO_RUNS,
      zeroVolume: NO_RUNS,
      outages: NO_RUNS,
      outliers: 0,
      repaired: 0,
      revised: 0,
      broken: 0,
      brokenExamples: [],
    });
  });

  it('reports an empty series as such', () => {
    expect(measure()).toMatchObject({ bars: 0, firstOpen: null, expected: 0, missing: 0 });
  });

  it('counts every bar off the grid, though each follows the last by exactly one hour', () => {
    const late = (hour: number): Cells => [hour * HOUR_MS + 1, 10, 11, 9, 10, 5, 0];
    const quality = measure([plain(0), late(1), late(2)], [late(3), plain(5), plain(6)]);
    expect(quality.brokenExamples.map(({ openTime, rule }) => [openTime, rule])).toEqual([
      [HOUR_MS + 1, 'alignment'],
      [2 * HOUR_MS + 1, 'alignment'],
      [3 * HOUR_MS + 1, 'alignment'],
    ]);
    expect(quality.broken).toBe(3);
  });

  it('counts missing bars, also between two pages', () => {
    const quality = measure([plain(0), plain(2)], [plain(6)]);
    expect(quality).toMatchObject({ bars: 3, expected: 7, missing: 4, gaps: 2 });
    expect(quality.gapExamples).toEqual([
      { from: HOUR_MS, to: 2 * HOUR_MS, missing: 1 },
      { from: 3 * HOUR_MS, to: 6 * HOUR_MS, missing: 3 },
    ]);
  });

  it('keeps the first ten gaps as examples and counts all', () => {
    const quality = measure(Array.from({ length: 30 }, (_, index) => plain(index * 2)));
    expect(quality.gaps).toBe(29);
    expect(quality.gapExamples).toHaveLength(10);
    expect(quality.gapExamples[0]?.from).toBe(HOUR_MS);
  });

  it('finds runs of flat bars and of bars without volume, with the longest', () => {
    const outage = [plain(0, 10), flat(1), flat(2), flat(3), flat(4), plain(5)];
    const shorter = [plain(6, 10), flat(7), flat(8), flat(9), plain(10), flat(11), flat(12)];
    const { flat: runs, zeroVolume, outages } = measure(outage, shorter);
    const first = { from: HOUR_MS, to: 4 * HOUR_MS, bars: 4, close: 10 };
    const second = { from: 7 * HOUR_MS, to: 9 * HOUR_MS, bars: 3, close: 10 };
    expect(runs).toEqual({ runs: 2, bars: 7, longest: first, examples: [first, second] });
    expect(zeroVolume).toEqual(runs);
    expect(outages).toEqual(runs);
  });

  it('does not call trading at one price without movement an absence of volume', () => {
    const quality = measure([plain(0, 10), flat(1, 3), flat(2, 3), flat(3, 3)]);
    expect(quality.flat.runs).toBe(1);
    expect(quality.zeroVolume.runs).toBe(0);
    expect(quality.outages.runs).toBe(0);
  });

  it('counts each flag of a bar', () => {
    const both = BAR_FLAGS.outlier | BAR_FLAGS.repaired;
    const quality = measure([
      plain(0, 10, 5, both),
      plain(1, 10, 5, BAR_FLAGS.outlier),
      plain(2, 10, 5, BAR_FLAGS.revised),
    ]);
    expect(quality).toMatchObject({ outliers: 2, repaired: 1, revised: 1 });
  });

  it.each([
    ['high below close', [HOUR_MS, 10, 10, 9, 11, 5, 0], 'ohlc-order'],
    ['negative volume', [HOUR_MS, 10, 11, 9, 10, -5, 0], 'volume-range'],
    ['a time off the grid', [HOUR_MS + 1, 10, 11, 9, 10, 5, 0], 'alignment'],
    ['a repeated time', [0, 10, 11, 9, 10, 5, 0], 'time-order'],
  ] as const)('counts %s as broken', (_, bar, rule) => {
    const quality = measure([plain(0), bar]);
    expect(quality.broken).toBe(1);
    expect(quality.brokenExamples).toMatchObject([{ openTime: bar[0], rule }]);
  });

  it('expects of a stock what its calendar asks for', () => {
    const meter = new SeriesQualityMeter({ timeframe: '1d', calendar: 'us' });
    // Friday, Tuesday after Martin Luther King Day, Saturday, Monday; three days are missing.
    const dates = ['2018-01-12', '2018-01-16', '2018-01-20', '2018-01-22'].map(Date.parse);
    meter.add(pageOf(dates.map((date) => [date, 10, 11, 9, 10, 5, 0] as const)));
    expect(meter.quality()).toMatchObject({
      expected: 6,
      missing: 3,
      gaps: 1,
      offSession: 1,
      offSessionExamples: [Date.parse('2018-01-20')],
      uncovered: 0,
    });
  });

  it('accepts bars of extended hours, and expects none', () => {
    const meter = new SeriesQualityMeter({ timeframe: '1h', calendar: 'us' });
    const friday = Date.parse('2018-01-12');
    const hours = Array.from({ length: 17 }, (_, index) => friday + (9 + index) * HOUR_MS);
    meter.add(pageOf(hours.map((time) => [time, 10, 11, 9, 10, 5, 0] as const)));
    expect(meter.quality()).toMatchObject({ bars: 17, expected: 7, missing: 0, offSession: 0 });
  });

  it('makes up no expectation where the calendar is unknown or does not reach', () => {
    const unknown = new SeriesQualityMeter({ timeframe: '1d', calendar: 'unknown' });
    const early = new SeriesQualityMeter({ timeframe: '1d', calendar: 'us' });
    const page = pageOf([0, 3, 10].map((day) => [day * DAY_MS, 10, 11, 9, 10, 5, 0] as const));
    for (const meter of [unknown, early]) {
      meter.add(page);
      expect(meter.quality()).toMatchObject({ expected: null, missing: null, gaps: 0 });
      expect(meter.quality().uncovered).toBe(3);
    }
  });

  it('neither expects nor misses what was set aside', () => {
    const setAside = new Set([HOUR_MS, 3 * HOUR_MS]);
    const meter = new SeriesQualityMeter({ timeframe: '1h', calendar: 'always', setAside });
    meter.add(pageOf([plain(0), plain(2), plain(5)]));
    expect(meter.quality()).toMatchObject({ bars: 3, expected: 4, missing: 1, gaps: 1 });
  });

  it('comes to the same however the series is cut into pages', () => {
    const bars = [plain(0, 10), flat(1), flat(2), flat(3), flat(4), plain(9)];
    expect(measure(...bars.map((bar) => [bar]))).toEqual(measure(bars));
  });
});
