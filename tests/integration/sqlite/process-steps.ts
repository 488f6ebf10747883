import { writeSync } from 'node:fs';
import { openDatabase } from '../../../src/adapters/sqlite/database.ts';
import { SqliteBarStore } from '../../../src/adapters/sqlite/sqlite-bar-store.ts';
import { HOUR_MS } from '../../../src/core/time.ts';
import { barRow, barRows, BTC_1H, START, write } from './bar-rows.ts';

/**
 * What a process of its own does to a database: `save <path> <symbol>` saves a series and ends;
 * `hang <path>` stops for ever in the middle of a save, and says so on stdout; `collect <path>
 * <from> <to>` says when it begins and saves these bars page by page, each page with its span.
 */
const [step = '', path = '', ...rest] = process.argv.slice(2);
const BARS = 2_000;
const PAGE = 25;

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

function collect(store: SqliteBarStore, from: number, to: number): void {
  writeSync(process.stdout.fd, 'begins\n');
  for (let page = from; page < to; page += PAGE) {
    const covers = { from: START + page * HOUR_MS, to: START + (page + PAGE) * HOUR_MS };
    store.save(write(barRows(page, page + PAGE), { covers, onConflict: 'revise' }));
  }
}

const database = openDatabase(path);
const store = new SqliteBarStore(database);
if (step === 'collect') {
  collect(store, Number(rest[0]), Number(rest[1]));
} else {
  store.save(write(bars(), { key: { ...BTC_1H, symbol: rest[0] ?? BTC_1H.symbol } }));
}
database.close();
