import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { parquetMetadata } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/adapters/sqlite/database.ts';
import { SqliteBarStore } from '../../../src/adapters/sqlite/sqlite-bar-store.ts';
import {
  createBarFile,
  EXPORT_FORMATS,
  type ExportFormat,
} from '../../../src/app/bar-file-writer.ts';
import { exportBars, type ExportedFile, type ExportRequest } from '../../../src/app/export-bars.ts';
import { identifyFile } from '../../../src/app/identify-file.ts';
import { importFile } from '../../../src/app/import-file.ts';
import { BAR_FLAGS } from '../../../src/core/bar.ts';
import { assetClassOf } from '../../../src/core/instrument.ts';
import { HOUR_MS } from '../../../src/core/time.ts';
import type { FileIdentity } from '../../../src/ports/bar-file.ts';
import type { BarRow, BarStore, SeriesKey } from '../../../src/ports/bar-store.ts';
import { BAR_STRIDE } from '../../../src/ports/bar-store.ts';
import { START } from '../../support/bars.ts';

const KEY: SeriesKey = {
  exchange: 'kraken',
  symbol: 'BTC/USD',
  timeframe: '1h',
  adjustment: 'raw',
};
const SILENT = { exchange: null, symbol: null, timeframe: null, adjustment: null };
const REAL_FOLDER = '../shared/data';
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'round-trip-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs with a database of its own. */
async function withStore<T>(work: (store: BarStore) => Promise<T>): Promise<T> {
  const place = mkdtempSync(path.join(folder, 'store-'));
  const connection = openDatabase(path.join(place, 'market.db'));
  try {
    return await work(new SqliteBarStore(connection));
  } finally {
    connection.close();
    rmSync(place, { recursive: true });
  }
}

function save(store: BarStore, bars: readonly BarRow[], key: SeriesKey = KEY): void {
  store.save({
    key,
    assetClass: assetClassOf(key.symbol),
    calendar: 'always',
    instrument: null,
    bars,
    covers: null,
    onConflict: 'report',
    at: START,
    issues: [],
    source: 'test',
  });
}

/** The store, into which a bar comes between an export's first look at it and its second. */
function withLateBar(store: BarStore, bar: BarRow): Parameters<typeof exportBars>[0] {
  let looks = 0;
  return {
    series: () => store.series(),
    openTimeBefore: (...query) => store.openTimeBefore(...query),
    pages: (...span) => {
      looks += 1;
      if (looks === 2) save(store, [bar]);
      return store.pages(...span);
    },
  };
}

function requestFor(to: string): ExportRequest {
  return {
    symbols: null,
    exchange: null,
    timeframe: null,
    adjustment: 'raw',
    range: { start: null, end: null },
    to,
    format: null,
    force: true,
    signal: new AbortController().signal,
    onProgress: () => {},
  };
}

async function exported(
  store: BarStore,
  to: string,
  format: ExportFormat | null = null,
): Promise<readonly ExportedFile[]> {
  return exportBars(store, { ...requestFor(to), format });
}

/** Imports a file as what it says it is. */
async function imported(
  store: BarStore,
  file: string,
  given: FileIdentity = SILENT,
): Promise<SeriesKey> {
  const { key } = await identifyFile(file, given, () => 'fallback');
  await importFile(
    {
      file,
      ...key,
      assetClass: assetClassOf(key.symbol),
      policy: { outliers: 'keep', assumeUtc: false },
      maxBadRows: 0,
    },
    () => store,
  );
  return key;
}

/** Every double of a series as its 64 bits, the flag of an outlier aside: that is measured anew. */
function bitsOf(store: BarStore, key: SeriesKey): readonly bigint[] {
  const series = store.findSeries(key);
  const pages = series === null ? [] : [...store.pages(series.id, 0, Number.MAX_SAFE_INTEGER)];
  return pages.flatMap((page) => {
    const copy = page.slice();
    for (let at = BAR_STRIDE - 1; at < copy.length; at += BAR_STRIDE) {
      copy[at] = (copy[at] ?? 0) & ~BAR_FLAGS.outlier;
    }
    return [...new BigUint64Array(copy.buffer, copy.byteOffset, copy.length)];
  });
}

const double = (min: number, max: number) =>
  fc.double({ min, max, noNaN: true, noDefaultInfinity: true });
const price = fc.oneof(double(1e-11, 1e12), fc.constantFrom(1e-7, 1e-11, 1e12, 0.1 + 0.2, 1 / 3));
const volume = fc.oneof(
  double(0, 1e18),
  fc.constantFrom(0, 5e-324, 1e-7, 1e18, 123456789.12345679),
);

/** Bars of every kind of double that a stored one can have, with a gap now and then. */
const bars = fc
  .array(
    fc.record({
      prices: fc.tuple(price, price, price, price),
      volume,
      flags: fc.constantFrom(0, 0, 0, 1, 2, 4, 6, 7),
      hours: fc.constantFrom(1, 1, 1, 1, 5),
    }),
    { minLength: 1, maxLength: 80 },
  )
  .map((sketches) => {
    let openTime = START - HOUR_MS;
    return sketches.map(({ prices, volume, flags, hours }): BarRow => {
      openTime += hours * HOUR_MS;
      const [low = 0, open = 0, close = 0, high = 0] = prices.toSorted((a, b) => a - b);
      return { openTime, open, high, low, close, volume, flags };
    });
  })
  // An import takes bars that are all further apart than their timeframe for another timeframe's.
  .filter((rows) => rows.length <= 10 || rows.some(isAdjacent));

function isAdjacent({ openTime }: BarRow, index: number, all: readonly BarRow[]): boolean {
  return index > 0 && openTime - (all[index - 1]?.openTime ?? 0) === HOUR_MS;
}

describe('what export writes', () => {
  it.each(EXPORT_FORMATS)('is read back bit by bit into another database: %s', async (format) => {
    const file = path.join(folder, `kraken_BTC-USD_1h.${format}`);
    await fc.assert(
      fc.asyncProperty(bars, async (rows) => {
        const before = await withStore(async (store) => {
          save(store, rows);
          await exported(store, file);
          return bitsOf(store, KEY);
        });
        const after = await withStore(async (store) => {
          expect(await imported(store, file)).toEqual(KEY);
          return bitsOf(store, KEY);
        });
        expect(after).toEqual(before);
      }),
      { numRuns: 12 },
    );
  });

  it('is more than a page and a row group, and keeps its order', async () => {
    // Years back: what is imported must be over.
    const first = START - 70_000 * HOUR_MS;
    const rows = Array.from({ length: 70_000 }, (_, index) => ({
      openTime: first + index * HOUR_MS,
      open: 100 + (index % 7) / 3,
      high: 110,
      low: 90,
      close: 100 + (index % 11) / 7,
      volume: index / 3,
      flags: 0,
    }));
    await withStore(async (store) => {
      save(store, rows);
      const before = bitsOf(store, KEY);
      for (const format of EXPORT_FORMATS) {
        const [file] = await exported(store, path.join(folder, `long.${format}`));
        expect(file).toMatchObject({ bars: 70_000, firstOpen: first, flaggedBars: 0 });
        const after = await withStore(async (other) => {
          await importFile(
            {
              file: file?.file ?? '',
              ...KEY,
              assetClass: 'crypto',
              policy: { outliers: 'keep', assumeUtc: false },
              maxBadRows: 0,
            },
            () => other,
          );
          return bitsOf(other, KEY);
        });
        expect(after.length).toBe(before.length);
        expect(after.every((bits, index) => bits === before[index])).toBe(true);
      }
    });
  });

  it.each(EXPORT_FORMATS)(
    'is nothing at all when it is interrupted on the way: %s',
    async (format) => {
      const to = mkdtempSync(path.join(folder, 'interrupted-'));
      const bar = { openTime: START, open: 1, high: 2, low: 1, close: 2, volume: 3, flags: 0 };
      await withStore(async (store) => {
        for (const exchange of ['coinbase', 'kraken']) save(store, [bar], { ...KEY, exchange });
        const stop = new AbortController();
        const seen: (readonly string[])[] = [];
        const attempt = exportBars(store, {
          ...requestFor(to),
          format,
          signal: stop.signal,
          onProgress: ({ bars: written }) => {
            seen.push(readdirSync(to));
            if (written === 2) stop.abort();
          },
        });
        await expect(attempt).rejects.toThrow('interrupted; nothing was exported');
        expect(seen.map((names) => names.length)).toEqual([1, 2]);
        expect(seen.flat().every((name) => /^\..*\.part$/.test(name))).toBe(true);
      });
      expect(readdirSync(to)).toEqual([]);
    },
  );

  it('is refused where bars change while they are written, so that no flag is lost', async () => {
    const to = mkdtempSync(path.join(folder, 'changed-'));
    const bar = { openTime: START, open: 1, high: 2, low: 1, close: 2, volume: 3, flags: 0 };
    await withStore(async (store) => {
      save(store, [bar]);
      const changing = withLateBar(store, { ...bar, openTime: START - HOUR_MS, flags: 2 });
      await expect(exportBars(changing, requestFor(path.join(to, 'a.csv')))).rejects.toThrow(
        'the bars of kraken BTC/USD 1h were expected to stay as they are, but changed meanwhile; ' +
          'wait until nothing else writes them and export again; nothing was exported',
      );
    });
    expect(readdirSync(to)).toEqual([]);
  });

  it('takes no bars that come in behind the last one meanwhile', async () => {
    const file = path.join(folder, 'growing.csv');
    const bar = { openTime: START, open: 1, high: 2, low: 1, close: 2, volume: 3, flags: 0 };
    await withStore(async (store) => {
      save(store, [bar]);
      const growing = withLateBar(store, { ...bar, openTime: START + HOUR_MS });
      expect(await exportBars(growing, requestFor(file))).toMatchObject([{ bars: 1 }]);
      expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(2);
    });
  });

  it('leaves no file behind whose first bytes could not be written', async () => {
    const to = mkdtempSync(path.join(folder, 'unmade-'));
    const broken = {
      path: path.join(to, 'a.parquet'),
      format: 'parquet' as const,
      hasFlags: false,
      replace: false,
      get key(): SeriesKey {
        throw new Error('no key');
      },
    };
    await expect(createBarFile(broken)).rejects.toThrow('no key');
    expect(readdirSync(to)).toEqual([]);
  });

  it('names the columns, and has one for flags only where a bar was repaired or revised', async () => {
    const bar = { openTime: START, open: 1, high: 2, low: 1, close: 2, volume: 1e-7, flags: 1 };
    const file = path.join(folder, 'plain.csv');
    await withStore(async (store) => {
      save(store, [bar]);
      await exported(store, file);
      expect(readFileSync(file, 'utf8')).toBe(
        'timestamp,open,high,low,close,volume\n2024-01-01T00:00:00Z,1,2,1,2,1e-7\n',
      );
      save(store, [{ ...bar, openTime: START + HOUR_MS, flags: 6 }]);
      expect(await exported(store, file)).toMatchObject([{ bars: 2, flaggedBars: 1 }]);
      expect(readFileSync(file, 'utf8')).toBe(
        'timestamp,open,high,low,close,volume,flags\n2024-01-01T00:00:00Z,1,2,1,2,1e-7,\n' +
          '2024-01-01T01:00:00Z,1,2,1,2,1e-7,repaired+revised\n',
      );
    });
  });

  it('says in the footer of Parquet what the bars are, whatever the file is called', async () => {
    const key: SeriesKey = { ...KEY, symbol: 'BRK-B', timeframe: '1d', adjustment: 'raw' };
    const file = path.join(folder, 'whatever.parquet');
    await withStore(async (store) => {
      const bar = { openTime: START, open: 1, high: 2, low: 1, close: 2, volume: 3, flags: 2 };
      save(store, [bar], key);
      await exported(store, file);
    });
    const metadata = parquetMetadata(readFileSync(file));
    const notes = new Map(metadata.key_value_metadata?.map(({ key, value }) => [key, value]));
    expect(Object.fromEntries(notes)).toMatchObject({
      exchange: 'kraken',
      symbol: 'BRK-B',
      timeframe: '1d',
      adjustment: 'raw',
      flags: 'repaired=2,revised=4',
    });
    expect(metadata.schema.slice(1).map(({ name, type }) => `${name} ${type}`)).toEqual([
      'timestamp INT64',
      ...['open', 'high', 'low', 'close', 'volume'].map((name) => `${name} DOUBLE`),
      'flags INT32',
    ]);
    await withStore(async (store) => {
      expect(await imported(store, file)).toEqual(key);
    });
  });
});

describe.skipIf(!existsSync(REAL_FOLDER))(`real candles (skipped without ${REAL_FOLDER})`, () => {
  const bitfinex: FileIdentity = { ...SILENT, symbol: 'ETH/USD', timeframe: '1m' };
  const yahoo: FileIdentity = { ...SILENT, symbol: 'ORCL', timeframe: '1d' };

  it.each([
    ['coinbase_BTC-USD_1h.csv.gz', 20_111, SILENT],
    ['bitfinex-201811_ETH-USD_1m.csv.gz', 39_398, bitfinex],
    ['lean_AAPL_1d.csv', 5849, SILENT],
    ['yahoo-backtrader_ORCL_1d.csv', 5036, yahoo],
  ])('come back as they went: %s', async (name, count, given) => {
    await withStore(async (store) => {
      const key = await imported(store, `${REAL_FOLDER}/${name}`, given);
      const before = bitsOf(store, key);
      expect(before).toHaveLength(count * BAR_STRIDE);
      for (const format of EXPORT_FORMATS) {
        const [file] = await exported(store, folder, format);
        const after = await withStore(async (other) =>
          bitsOf(other, await imported(other, file?.file ?? '')),
        );
        expect(after.every((bits, index) => bits === before[index])).toBe(true);
        expect(after).toHaveLength(before.length);
      }
    });
  });

  it('are exported with the digits their source had', async () => {
    await withStore(async (store) => {
      const source = `${REAL_FOLDER}/coinbase_ETH-USD_1h.csv.gz`;
      await imported(store, source);
      const [file] = await exported(store, folder, 'csv.gz');
      const digits = (path: string) =>
        gunzipSync(readFileSync(path))
          .toString()
          .replaceAll(/(\.\d*?)0+(?=[,\n])/g, '$1')
          .replaceAll(/\.(?=[,\n])/g, '');
      expect(digits(file?.file ?? '')).toBe(digits(source));
    });
  });
});
