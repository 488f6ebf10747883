import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDatabase } from '../../src/adapters/sqlite/database.ts';
import { SqliteBarStore } from '../../src/adapters/sqlite/sqlite-bar-store.ts';
import { importFile } from '../../src/app/import-file.ts';
import { fillSampleMarket } from '../../src/app/sample-data.ts';
import type { TimeRange } from '../../src/core/time.ts';
import type { BarStore } from '../../src/ports/bar-store.ts';

const REAL_FOLDER = '../shared/data';
const HAS_REAL_CANDLES = existsSync(REAL_FOLDER);

/** Candles that the proofs run on. */
export interface Market {
  /** For titles; says when it is left out. */
  readonly title: string;
  readonly isThere: boolean;
  readonly range: TimeRange;
  readonly fill: (store: BarStore) => Promise<void>;
}

export const SAMPLE_MARKET: Market = {
  title: 'on the sample market',
  isThere: true,
  range: { start: null, end: null },
  fill: async (store) => {
    fillSampleMarket(store);
  },
};

/** Hourly BTC and ETH of Coinbase, with half a year before for the warm-up. */
const REAL_2018: Market = {
  title: HAS_REAL_CANDLES
    ? 'on the real candles of 2018'
    : `on the real candles of 2018: LEFT OUT, there is no ${REAL_FOLDER}`,
  isThere: HAS_REAL_CANDLES,
  range: { start: Date.UTC(2018, 0), end: Date.UTC(2019, 0) },
  fill: async (store) => {
    for (const base of ['BTC', 'ETH']) {
      await importFile(
        {
          file: `${REAL_FOLDER}/coinbase_${base}-USD_1h.csv.gz`,
          exchange: 'coinbase',
          symbol: `${base}/USD`,
          assetClass: 'crypto',
          timeframe: '1h',
          policy: { outliers: 'keep', assumeUtc: false },
          maxBadRows: 0,
        },
        () => store,
      );
    }
  },
};

export const MARKETS: readonly Market[] = [SAMPLE_MARKET, REAL_2018];

/** Most that a test should wait for `openMarket`, on a busy machine. */
export const OPENING_MS = 60_000;

/** A database of its own with one market in it. */
export interface MarketDatabase {
  readonly file: string;
  readonly store: BarStore;
  /** Closes and deletes it. */
  readonly close: () => void;
}

export async function openMarket({ fill }: Market): Promise<MarketDatabase> {
  const folder = mkdtempSync(path.join(tmpdir(), 'quantsage-'));
  const file = path.join(folder, 'market.db');
  const connection = openDatabase(file);
  const store = new SqliteBarStore(connection);
  await fill(store);
  return {
    file,
    store,
    close: () => {
      connection.close();
      rmSync(folder, { recursive: true });
    },
  };
}
