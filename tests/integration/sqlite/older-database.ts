import BetterSqlite3 from 'better-sqlite3';
import { MIGRATIONS } from '../../../src/adapters/sqlite/migrations.ts';
import { HOUR_MS } from '../../../src/core/time.ts';
import { barRow } from './bar-rows.ts';

const APPLICATION_ID = 0x51_53_61_67;
const BLOCK_BARS = 100;

/**
 * Writes a database as version 2 left it: hourly crypto with a packed block, an empty series,
 * daily stocks, an issue, an instrument of each, and a run.
 */
export function writeVersion2(path: string, bars: number): void {
  const database = new BetterSqlite3(path);
  database.pragma('journal_mode = WAL');
  database.pragma(`application_id = ${APPLICATION_ID}`);
  database.exec(
    'CREATE TABLE schema_migrations (version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL) STRICT',
  );
  database.transaction(() => fill(database, bars)).immediate();
  database.close();
}

function fill(database: BetterSqlite3.Database, bars: number): void {
  for (const { version, name, sql } of MIGRATIONS.slice(0, 2)) {
    database.exec(sql);
    database.prepare('INSERT INTO schema_migrations VALUES (?, ?)').run(version, name);
  }
  const series = database.prepare(
    `INSERT INTO series (id, exchange, symbol, timeframe, asset_class, bars, revision)
     VALUES (?, 'test', ?, ?, ?, ?, ?)`,
  );
  series.run(3, 'BTC/USD', '1h', 'crypto', bars, 4);
  series.run(5, 'ETH/USD', '1h', 'crypto', 0, 0);
  series.run(8, 'AAPL', '1d', 'stock', 2, 1);
  const insert = database.prepare('INSERT INTO market_data VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const put = (id: number, index: number, openTime = barRow(index).openTime) => {
    const { open, high, low, close, volume, flags } = barRow(index);
    insert.run(id, openTime, open, high, low, close, volume, flags);
    return [openTime, open, high, low, close, volume, flags];
  };
  const rows = Array.from({ length: bars }, (_, index) => put(3, index));
  for (const day of [0, 1]) put(8, day, barRow(day * 24).openTime);
  const block = rows.slice(0, BLOCK_BARS);
  database
    .prepare('INSERT INTO bar_blocks VALUES (1, 3, ?, ?, ?, ?)')
    .run(
      barRow(0).openTime,
      barRow(block.length - 1).openTime,
      block.length,
      Buffer.from(Float64Array.from(block.flat()).buffer),
    );
  database
    .prepare(`INSERT INTO data_issues VALUES (1, 3, ?, 'gap', 'two bars', 0, 'bars.csv')`)
    .run(barRow(1).openTime + HOUR_MS);
  const instrument = database.prepare(
    `INSERT INTO instruments VALUES ('test', ?, 0, ?, 'USD', '0.01', '0.00000001', '1', 'bars.csv')`,
  );
  instrument.run('AAPL', 'stock');
  instrument.run('BTC/USD', 'crypto');
  database.exec(
    `INSERT INTO runs (number, run_id, mode, exchange, symbols, timeframe, initial_capital, currency,
       config, config_hash, version, started_at, status)
     VALUES (1, 'bt-1', 'backtest', 'test', '["BTC/USD"]', '1h', '1000', 'USD', '{}', 'c', '0.1.0', 1,
       'running')`,
  );
}

/** All rows of all tables that version 2 had, as text, without what version 3 adds to them. */
export function contentsOf(path: string): string {
  const database = new BetterSqlite3(path, { readonly: true });
  try {
    const tables = {
      series: 'id, exchange, symbol, timeframe, asset_class, bars, revision',
      market_data: '*',
      bar_blocks: 'id, series_id, first_open, last_open, bars, hex(data)',
      data_issues: '*',
      instruments: `exchange, symbol, valid_from, asset_class, quote_currency, tick_size, lot_step,
        min_notional, source`,
      runs: 'number, run_id, exchange, symbols, timeframe, config, status',
    };
    return Object.entries(tables)
      .map(([table, columns]) => database.prepare(`SELECT ${columns} FROM ${table}`).all())
      .map((rows) => JSON.stringify(rows))
      .join('\n');
  } finally {
    database.close();
  }
}
