import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Database } from '../../../src/adapters/sqlite/database.ts';
import { SqliteBarStore } from '../../../src/adapters/sqlite/sqlite-bar-store.ts';
import { importFile } from '../../../src/app/import-file.ts';
import { barReader, readableSeries } from '../../../src/app/readable-series.ts';
import { present } from '../../../src/core/assert.ts';
import { timeframeMs, type Timeframe } from '../../../src/core/time.ts';
import { BAR_STRIDE } from '../../../src/ports/bar-store.ts';
import { connect, joined } from '../sqlite/fixtures.ts';

const FOLDER = '../shared/data';

interface Grouped {
  readonly bucket: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly flags: number;
  readonly bars: number;
}

/** What SQLite makes of the stored rows on its own; stretches of equal length since 1970. */
function grouped(database: Database, lengthMs: number): readonly Grouped[] {
  return database
    .prepare<[], Grouped>(
      `SELECT DISTINCT part * ${lengthMs} AS bucket,
         first_value(open) OVER stretch AS open, max(high) OVER stretch AS high,
         min(low) OVER stretch AS low, last_value(close) OVER stretch AS close,
         sum(volume) OVER stretch AS volume, max(flags) OVER stretch AS flags,
         count(*) OVER stretch AS bars
       FROM (SELECT *, open_time / ${lengthMs} AS part FROM market_data)
       WINDOW stretch AS (PARTITION BY part ORDER BY open_time
         ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
       ORDER BY 1`,
    )
    .all();
}

const FILES = [
  ['bitfinex-201811_BTC-USD_1m.csv.gz', 'BTC/USD', '1m', '1h'],
  ['bitfinex-201811_ETH-USD_1m.csv.gz', 'ETH/USD', '1m', '1h'],
  ['bitfinex-201811_ETH-USD_1m.csv.gz', 'ETH/USD', '1m', '5m'],
  ['coinbase_BTC-USD_1h.csv.gz', 'BTC/USD', '1h', '1d'],
  ['coinbase_ETH-USD_1h.csv.gz', 'ETH/USD', '1h', '4h'],
  ['kraken_BTC-USD_1h.csv.gz', 'BTC/USD', '1h', '12h'],
] as const satisfies readonly (readonly [string, string, Timeframe, Timeframe])[];

describe.skipIf(!existsSync(FOLDER))(
  `bars built from real candles (skipped where ${FOLDER} is absent)`,
  () => {
    it.each(FILES)('equal what SQL groups: %s %s %s → %s', async (file, symbol, base, target) => {
      const database = connect();
      const store = new SqliteBarStore(database);
      await importFile(
        {
          file: `${FOLDER}/${file}`,
          exchange: 'real',
          symbol,
          assetClass: 'crypto',
          timeframe: base,
          policy: { outliers: 'keep', assumeUtc: false },
          maxBadRows: 0,
        },
        () => store,
      );
      const key = { exchange: 'real', symbol, timeframe: target, adjustment: 'raw' } as const;
      const series = present(readableSeries(store, key), 'the built series');
      const { builtFrom } = series;
      const [first = NaN, last = NaN] = [builtFrom?.firstOpen, builtFrom?.lastOpen].map(Number);
      const step = timeframeMs(target);
      const expected = grouped(database, step).filter(
        ({ bucket }) => first <= bucket && bucket + step <= last + timeframeMs(base),
      );
      const bars = joined(barReader(store, [series]).pages(series.id, 0, Infinity));
      expect(bars.length / BAR_STRIDE).toBe(expected.length);
      expect(series.bars).toBe(expected.length);
      for (const [index, { volume, ...row }] of expected.entries()) {
        const [time, open, high, low, close, sum, flags] = bars.subarray(
          index * BAR_STRIDE,
          (index + 1) * BAR_STRIDE,
        );
        expect({ bucket: time, open, high, low, close, flags, bars: row.bars }).toEqual(row);
        // SQLite adds with a correction for lost digits.
        expect(Math.abs((sum ?? NaN) - volume)).toBeLessThanOrEqual(volume * 1e-12);
      }
    });
  },
);
