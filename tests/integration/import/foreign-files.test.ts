import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import * as zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareImport, type PreparedImport } from '../../../src/data/import-bars.ts';
import { openBarFile } from '../../../src/app/bar-file-reader.ts';

const FIXTURES = 'tests/fixtures/candles';
const EXPECTED = JSON.parse(
  readFileSync(`${FIXTURES}/BTC_USDT-1h.json`, 'utf8'),
) as readonly (readonly number[])[];
const HAS_ZSTD = 'zstdDecompressSync' in zlib;
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'foreign-files-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Reading {
  readonly symbol?: string;
  readonly assumeUtc?: boolean;
}

async function read(file: string, reading: Reading = {}): Promise<PreparedImport> {
  const { symbol = 'BTC/USDT', assumeUtc = false } = reading;
  return prepareImport({
    ...(await openBarFile(file)),
    source: file,
    symbol,
    assetClass: 'crypto',
    timeframe: '1h',
    policy: { outliers: 'keep', assumeUtc },
    maxBadRows: 0,
  });
}

function valuesOf({ bars }: PreparedImport): readonly (readonly number[])[] {
  return [...bars].map((bar) => [bar.openTime, bar.open, bar.high, bar.low, bar.close, bar.volume]);
}

function write(name: string, content: string | Buffer): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

describe('files that other programs wrote', () => {
  it.each([
    'BTC_USDT-1h.json',
    'BTC_USDT-1h.feather',
    'polars.feather',
    'pandas.parquet',
    'pandas-index.parquet',
  ])('are read to the last digit: %s', async (name) => {
    const prepared = await read(`${FIXTURES}/${name}`);
    expect(valuesOf(prepared)).toEqual(EXPECTED);
    expect(prepared.instrument.tickSize.toString()).toBe('0.01');
    expect(prepared.summary).toMatchObject({
      rows: 48,
      timestampFormat: 'epoch milliseconds',
      notes: [],
    });
  });

  it('are told apart by content, not by name', async () => {
    const misnamed = path.join(folder, 'candles.csv');
    copyFileSync(`${FIXTURES}/BTC_USDT-1h.feather`, misnamed);
    expect(valuesOf(await read(misnamed))).toEqual(EXPECTED);
    copyFileSync(`${FIXTURES}/pandas.parquet`, misnamed);
    expect(valuesOf(await read(misnamed))).toEqual(EXPECTED);
    writeFileSync(misnamed, gzipSync(readFileSync(`${FIXTURES}/BTC_USDT-1h.json`)));
    expect(valuesOf(await read(misnamed))).toEqual(EXPECTED);
  });

  it.each(['naive.parquet', 'spark-int96.parquet'])(
    'need a zone or a word about it: %s',
    async (name) => {
      const file = `${FIXTURES}/${name}`;
      await expect(read(file)).rejects.toThrow(
        `${name}:1: a time with its zone (write 2018-01-31T15:00:00Z, or import with --assume-utc) ` +
          'was expected in column "date", was "2024-01-01T00:00:00"',
      );
      expect(valuesOf(await read(file, { assumeUtc: true }))).toEqual(EXPECTED);
    },
  );

  describe.skipIf(!HAS_ZSTD)('packed with zstd, on Node from 22.15 on (skipped before)', () => {
    it.each(['polars.parquet', 'zstd.feather'])('are read: %s', async (name) => {
      expect(valuesOf(await read(`${FIXTURES}/${name}`))).toEqual(EXPECTED);
    });
  });

  describe.skipIf(HAS_ZSTD)(
    'packed with zstd, on Node before 22.15 (skipped from there on)',
    () => {
      it.each(['polars.parquet', 'zstd.feather'])(
        'are refused with what to do: %s',
        async (name) => {
          await expect(read(`${FIXTURES}/${name}`)).rejects.toThrow(
            /was zstd; write the file again with compression "\w+", or run this on Node 22\.15 or later;/,
          );
        },
      );
    },
  );

  it('are JSON in any layout, whatever its pieces', async () => {
    const pretty = write('pretty.json', JSON.stringify(EXPECTED, null, 2));
    expect(valuesOf(await read(pretty))).toEqual(EXPECTED);
    // Beyond one read of the file, so that rows are cut in two.
    const hour = 3_600_000;
    const rows = Array.from({ length: 20_000 }, (_, index) => [
      1_500_001_200_000 + index * hour,
      ...[10, 12, 9, 11].map((price) => price + index / 8),
      index,
    ]);
    expect(valuesOf(await read(write('long.json', JSON.stringify(rows))))).toEqual(rows);
  });
});

const ROWS = ['42400,42500,42300,42450,10.5,446000', '42500,42600,42400,42550,12.3,522000'];
const BARS = [
  [1_704_067_200_000, 42_400, 42_500, 42_300, 42_450, 10.5],
  [1_704_070_800_000, 42_500, 42_600, 42_400, 42_550, 12.3],
];

/** Newest first, as CryptoDataDownload has them. */
function vendorFile(head: readonly string[], first: string, second: string, tail = ''): string {
  return [...head, `${second},${ROWS[1]}${tail}`, `${first},${ROWS[0]}${tail}`, ''].join('\n');
}

describe('a file of CryptoDataDownload', () => {
  it.each([
    [
      'with seconds',
      vendorFile(
        [
          'https://www.CryptoDataDownload.com',
          'unix,date,symbol,open,high,low,close,Volume BTC,Volume USD',
        ],
        '1704067200,2024-01-01 00:00:00,BTC/USD',
        '1704070800,2024-01-01 01:00:00,BTC/USD',
      ),
    ],
    [
      'with milliseconds and a count of trades',
      vendorFile(
        [
          'Cryptodatadownload.com',
          'Unix,Date,Symbol,Open,High,Low,Close,Volume BTC,Volume USD,tradecount',
        ],
        '1704067200000,2024-01-01 00:00:00,BTCUSD',
        '1704070800000,2024-01-01 01:00:00,BTCUSD',
        ',900',
      ),
    ],
    [
      'with hours of half a day under a banner that says UTC',
      vendorFile(
        [
          'Timestamps are UTC timezone,https://www.CryptoDataDownload.com',
          'Date,Symbol,Open,High,Low,Close,Volume BTC,Volume USD',
        ],
        '2024-01-01 12-AM,BTCUSD',
        '2024-01-01 01-AM,BTCUSD',
      ),
    ],
    [
      'with a banner as wide as its rows and Windows line ends',
      vendorFile(
        [
          'https://www.bitstamp.net/api/v2/ohlc/,,,,,,,,',
          'unix,date,symbol,open,high,low,close,volume,quote volume',
        ],
        '1704067200,2024-01-01 00:00:00,BTC/USD',
        '1704070800,2024-01-01 01:00:00,BTC/USD',
      ).replaceAll('\n', '\r\n'),
    ],
  ])('is read %s', async (_, content) => {
    const prepared = await read(write('cdd.csv', content), { symbol: 'BTC/USD' });
    expect(valuesOf(prepared)).toEqual(BARS);
    expect(prepared.summary.notes).toContain('rows were not in time order; they were sorted');
  });

  it('is refused when its rows are of another symbol', async () => {
    const content = vendorFile(
      ['unix,date,symbol,open,high,low,close,Volume ETH,Volume USDT'],
      '1704067200,2024-01-01,ETHUSDT',
      '1704070800,2024-01-01,ETHUSDT',
    );
    const file = write('eth.csv', content);
    await expect(read(file, { symbol: 'ETH/USD' })).rejects.toThrow(
      'eth.csv:2: ETH/USD, the symbol to import the file as, was expected in column "symbol", was "ETHUSDT"',
    );
    expect(valuesOf(await read(file, { symbol: 'ETH/USDT' }))).toEqual(BARS);
  });

  it('is refused when its unit of time changes on the way', async () => {
    const content = vendorFile(
      ['unix,date,symbol,open,high,low,close,Volume BTC,Volume USD'],
      '1704067200,2024-01-01,BTCUSD',
      '1704070800000,2024-01-01,BTCUSD',
    );
    await expect(read(write('mixed.csv', content), { symbol: 'BTC/USD' })).rejects.toThrow(
      'not in epoch seconds, was expected',
    );
  });
});
