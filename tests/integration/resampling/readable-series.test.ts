import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { SqliteBarStore } from '../../../src/adapters/sqlite/sqlite-bar-store.ts';
import {
  barReader,
  builtSeries,
  readableSeries,
  type BarReader,
} from '../../../src/app/readable-series.ts';
import { present } from '../../../src/core/assert.ts';
import {
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  timeframeMs,
  type EpochMs,
  type Timeframe,
} from '../../../src/core/time.ts';
import { tradingCalendar } from '../../../src/core/trading-calendar.ts';
import {
  BAR_STRIDE,
  type BarRow,
  type SeriesKey,
  type SeriesWrite,
} from '../../../src/ports/bar-store.ts';
import { defineStrategy } from '../../../src/strategies/define-strategy.ts';
import { built, iso, line, plainlyBuilt } from '../../support/built-bars.ts';
import { reportRun } from '../../support/engine-run.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { barRow, barRows, BTC_1H, instrumentOf, START, write } from '../sqlite/bar-rows.ts';
import { connect } from '../sqlite/fixtures.ts';

const openStore = (): SqliteBarStore => new SqliteBarStore(connect());

const keyOf = (timeframe: Timeframe, changes: Partial<SeriesKey> = {}): SeriesKey => ({
  ...BTC_1H,
  timeframe,
  ...changes,
});

function rowsOf(reader: BarReader, id: number, from = 0, to = Number.MAX_SAFE_INTEGER): BarRow[] {
  const rows: BarRow[] = [];
  for (const page of reader.pages(id, from, to)) {
    for (let at = 0; at < page.length; at += BAR_STRIDE) {
      const [openTime = NaN, open = NaN, high = NaN, low = NaN, close = NaN, volume = NaN] =
        page.subarray(at, at + 6);
      rows.push({ openTime, open, high, low, close, volume, flags: page[at + 6] ?? NaN });
    }
  }
  return rows;
}

/** The series and a reader of it. */
function readable(store: SqliteBarStore, key: SeriesKey) {
  const series = present(readableSeries(store, key), 'the series');
  return { series, reader: barReader(store, [series]) };
}

/** Bars of a base that has holes, each with that chance, from some index on. */
function holed(seed: number, count: number, chance: number, first = 0): BarRow[] {
  const random = seededRandom(seed);
  const step = chance * 40;
  return barRows(0, count)
    .filter(() => random() > chance)
    .map((row, index) => ({
      ...row,
      openTime: row.openTime + Math.floor((first + Math.floor((index * step) / 50)) * HOUR_MS),
    }));
}

describe('a readable series', () => {
  it('is the stored one where there is one, whatever could be built', () => {
    const store = openStore();
    store.save(write(barRows(0, 40)));
    store.save(write([barRow(0, { close: 77, high: 200, low: 1 })], { key: keyOf('4h') }));
    const { series, reader } = readable(store, keyOf('4h'));
    expect(series).toMatchObject({ timeframe: '4h', builtFrom: null, bars: 1 });
    expect(rowsOf(reader, series.id)).toMatchObject([{ close: 77 }]);
  });

  it('is built where the stored one has no bars', () => {
    const store = openStore();
    store.save(write([], { key: keyOf('4h') }));
    store.save(write(barRows(0, 9)));
    expect(store.findSeries(keyOf('4h'))).toMatchObject({ bars: 0 });
    expect(readable(store, keyOf('4h')).series).toMatchObject({
      bars: 2,
      builtFrom: { timeframe: '1h' },
    });
  });

  it('is built from the longest timeframe that divides its own', () => {
    const store = openStore();
    const flat = (timeframe: Timeframe, count: number, close: number) =>
      store.save(
        write(
          Array.from({ length: count }, (_, index) =>
            barRow(0, {
              openTime: START + index * timeframeMs(timeframe),
              close,
              high: 1e3,
              low: 1,
            }),
          ),
          { key: keyOf(timeframe) },
        ),
      );
    flat('1m', 2000, 101);
    flat('1h', 40, 102);
    flat('8h', 6, 103);
    flat('1d', 3, 104);
    const closeOf = (timeframe: Timeframe) => {
      const { series, reader } = readable(store, keyOf(timeframe));
      return [series.builtFrom?.timeframe, rowsOf(reader, series.id)[0]?.close];
    };
    expect(closeOf('12h')).toEqual(['1h', 102]);
    expect(closeOf('30m')).toEqual(['1m', 101]);
    expect(readableSeries(store, keyOf('1w')), 'three days make no week').toBeNull();
  });

  it('is not built from what is longer, does not divide, or is of another market', () => {
    const store = openStore();
    store.save(write(barRows(0, 100), { key: keyOf('4h', { exchange: 'other' }) }));
    store.save(write(barRows(0, 100), { key: keyOf('4h', { symbol: 'ETH/USD' }) }));
    store.save(write(barRows(0, 100), { key: keyOf('12h') }));
    store.save(write(barRows(0, 100), { key: keyOf('2h') }));
    store.save(write(barRows(0, 100), { key: keyOf('2h', { adjustment: 'split' }) }));
    expect(readableSeries(store, keyOf('1h'))).toBeNull();
    expect(readableSeries(store, keyOf('3m'))).toBeNull();
    expect(readableSeries(store, keyOf('8h'))?.builtFrom?.timeframe).toBe('2h');
    expect(readableSeries(store, keyOf('8h', { adjustment: 'split' }))?.adjustment).toBe('split');
    expect(readableSeries(store, keyOf('8h', { adjustment: 'all' }))).toBeNull();
  });

  it('knows its extent, without the bar it begins in and the one that is not over', () => {
    const store = openStore();
    // From 01:00 to 13:00: the bars of 04:00 and 08:00 are whole.
    store.save(write(barRows(1, 13)));
    expect(readable(store, keyOf('4h')).series).toMatchObject({
      timeframe: '4h',
      bars: 2,
      firstOpen: START + 4 * HOUR_MS,
      lastOpen: START + 8 * HOUR_MS,
      builtFrom: { timeframe: '1h', bars: 12 },
    });
  });

  it('carries the flags of what it was built from', () => {
    const store = openStore();
    store.save(write([0, 1, 2, 3].map((at) => barRow(at, { flags: at === 2 ? 1 : 0 }))));
    const { series, reader } = readable(store, keyOf('4h'));
    expect(rowsOf(reader, series.id)).toMatchObject([{ openTime: START, flags: 1 }]);
  });
});

describe('reading a built series', () => {
  const oracle = { exchange: 'oracle' } as const;
  /** Queries anywhere around the series, also between its bars. */
  const time = fc.integer({ min: -50, max: 1700 }).map((half) => START + half * 30 * MINUTE_MS);
  const sample = fc.record({
    seed: fc.nat(),
    chance: fc.constantFrom(0, 0.02, 0.4),
    first: fc.nat({ max: 30 }),
    target: fc.constantFrom('1h', '2h', '4h', '12h', '1d', '1w'),
    queries: fc.array(fc.tuple(time, time, fc.integer({ min: 0, max: 40 })), { minLength: 10 }),
  });

  it('gives for any span and count what a store gives that has the same bars', () => {
    fc.assert(
      fc.property(sample, ({ seed, chance, first, target, queries }) => {
        const store = openStore();
        const rows = holed(seed, 700, chance, first);
        const expected = plainlyBuilt({ base: '1h', target }, rows);
        store.save(write(rows));
        store.save(write(expected, { key: keyOf(target, oracle) }));
        const own = present(store.findSeries(keyOf(target, oracle)), 'the oracle');
        const base = present(store.findSeries(BTC_1H), 'the base');
        const series = builtSeries(store, base, target);
        expect(series?.bars ?? 0).toBe(own.bars);
        if (series === null) return;
        const { firstOpen, lastOpen } = own;
        expect(series).toMatchObject({ firstOpen, lastOpen });
        const reader = barReader(store, [series]);
        for (const [one, other, count] of queries) {
          const [from, to] = one < other ? [one, other] : [other, one];
          expect(rowsOf(reader, series.id, from, to)).toEqual(rowsOf(store, own.id, from, to));
          expect(reader.openTimeBefore(series.id, from, count)).toBe(
            store.openTimeBefore(own.id, from, count),
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it('leaves stored series of the same reader alone', () => {
    const store = openStore();
    store.save(write(barRows(0, 40)));
    store.save(write(barRows(0, 40), { key: { ...BTC_1H, symbol: 'ETH/USD' } }));
    const eth = present(readableSeries(store, { ...BTC_1H, symbol: 'ETH/USD' }), 'ETH');
    const reader = barReader(store, [readable(store, keyOf('4h')).series, eth]);
    expect(rowsOf(reader, eth.id)).toEqual(barRows(0, 40));
    expect(reader.openTimeBefore(eth.id, START + DAY_MS, 2)).toBe(START + DAY_MS - 2 * HOUR_MS);
  });

  it('holds one page at a time, however long the base', () => {
    const store = openStore();
    const minutes = Array.from({ length: 50_000 }, (_, index) =>
      barRow(0, { openTime: START + index * MINUTE_MS }),
    );
    store.save(write(minutes, { key: keyOf('1m') }));
    const { series, reader } = readable(store, keyOf('1h'));
    const pages = [...reader.pages(series.id, 0, Number.MAX_SAFE_INTEGER)];
    expect(pages.length).toBeGreaterThan(5);
    expect(Math.max(...pages.map(({ length }) => length / BAR_STRIDE))).toBeLessThan(140);
    expect(series.bars).toBe(Math.floor(50_000 / 60));
  });
});

describe('a built series of a US stock', () => {
  const SPY = { exchange: 'alpaca', symbol: 'SPY', adjustment: 'raw' } as const;
  const stock: Partial<SeriesWrite> = {
    assetClass: 'stock',
    calendar: 'us',
    instrument: instrumentOf('SPY', { assetClass: 'stock' }),
  };
  /** Half hours from four hours before to four hours after every session of the days. */
  const halfHours = (first: string, days: number): BarRow[] => {
    const calendar = tradingCalendar('us');
    const dates = Array.from({ length: days }, (_, index) => Date.parse(first) + index * DAY_MS);
    return dates.flatMap((date) => {
      const session = calendar.sessionOn(date);
      if (session === null) return [];
      const bars: BarRow[] = [];
      for (let at = session.open - 4 * HOUR_MS; at < session.close + 4 * HOUR_MS;) {
        const isRegular = at >= session.open && at < session.close;
        const price = isRegular ? 100 + bars.length : 900;
        const volume = isRegular ? 1 : 1e6;
        bars.push(
          barRow(0, { openTime: at, open: price, high: price, low: price, close: price, volume }),
        );
        at += 30 * MINUTE_MS;
      }
      return bars;
    });
  };

  it('has days of regular trading alone: clocks changed, half days, holidays', () => {
    const store = openStore();
    store.save(write(halfHours('2024-11-01', 30), { key: { ...SPY, timeframe: '30m' }, ...stock }));
    const { series, reader } = readable(store, { ...SPY, timeframe: '1d' });
    const days = rowsOf(reader, series.id);
    // Thirteen half hours from 108 on; seven on the day after Thanksgiving.
    expect(days.filter(({ volume }) => volume !== 13).map(line)).toEqual([
      '2024-11-29T00:00Z 108 114 108 114 7',
    ]);
    expect(days.find(({ openTime }) => iso(openTime) === '2024-11-04T00:00Z')).toMatchObject({
      open: 108,
      close: 120,
    });
    expect(days.map(({ openTime }) => iso(openTime).slice(8, 10)).join(' ')).toBe(
      '01 04 05 06 07 08 11 12 13 14 15 18 19 20 21 22 25 26 27 29',
    );
    expect(series.lastOpen).toBe(Date.parse('2024-11-29'));
  });

  it('has weeks from the same days as from half hours', () => {
    const store = openStore();
    const key = { ...SPY, timeframe: '30m' } as const;
    store.save(write(halfHours('2024-05-13', 30), { key, ...stock }));
    const days = readable(store, { ...SPY, timeframe: '1d' });
    const direct = readable(store, { ...SPY, timeframe: '1w' });
    const calendar = tradingCalendar('us');
    const dayRows = rowsOf(days.reader, days.series.id);
    const weeks = built({ base: '1d', target: '1w', calendar }, dayRows);
    expect(rowsOf(direct.reader, direct.series.id).map(line)).toEqual(weeks.map(line));
    expect(direct.series.bars).toBe(4);
  });

  it('has the days that a strategy on half hours sees as its further timeframe', async () => {
    const store = openStore();
    const bars = halfHours('2024-11-01', 60);
    store.save(write(bars, { key: { ...SPY, timeframe: '30m' }, ...stock }));
    const seen = new Map<EpochMs, string>();
    const watching = defineStrategy({
      id: 'watching',
      params: z.strictObject({}),
      create: ({ timeframes }) => {
        const day = timeframes.of('1d');
        return {
          onBar: ({ closeTime }) => {
            const { bar } = day;
            if (bar === null || seen.has(bar.openTime)) return null;
            expect(bar.closeTime).toBe(closeTime);
            seen.set(bar.openTime, line(bar));
            return null;
          },
        };
      },
    });
    await reportRun(store, {
      definition: watching,
      timeframe: '30m',
      range: { start: null, end: null },
      settings: ['data.symbols=["SPY"]', 'data.exchange=alpaca'],
    });
    const { series, reader } = readable(store, { ...SPY, timeframe: '1d' });
    expect([...seen.values()]).toEqual(rowsOf(reader, series.id).map(line));
    // Twenty sessions in November, twenty in December until the 30th, one half day each.
    expect(seen.size).toBe(40);
  });

  it('is not built from hours, which straddle the opening', () => {
    const store = openStore();
    store.save(write(barRows(0, 100), { key: { ...SPY, timeframe: '1h' }, ...stock }));
    expect(readableSeries(store, { ...SPY, timeframe: '1d' })).toBeNull();
    expect(readableSeries(store, { ...SPY, timeframe: '4h' })?.builtFrom?.timeframe).toBe('1h');
  });
});
