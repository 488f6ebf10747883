import { writeSync } from 'node:fs';
import { openDatabase } from '../../../src/adapters/sqlite/database.ts';
import { SqliteBarStore } from '../../../src/adapters/sqlite/sqlite-bar-store.ts';
import { barRow, write } from './bar-rows.ts';

/**
 * What a process of its own does to a database: `save <path> <symbol>` saves a series and ends;
 * `hang <path>` stops for ever in the middle of a save, and says so on stdout.
 */
const [step = '', path = '', symbol = 'BTC/USD'] = process.argv.slice(2);
const BARS = 2_000;
const key = { exchange: 'test', symbol, timeframe: '1h', adjustment: 'raw' } as const;

function* bars() {
  for (let index = 0; index < BARS; index++) {
    if (step === 'hang' && index === BARS / 2) hang();
    yield barRow(index);
  }
}

function hang(): void {
  writeSync(process.stdout.fd, 'half\n');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

const database = openDatabase(path);
new SqliteBarStore(database).save(write(bars(), { key }));
database.close();
