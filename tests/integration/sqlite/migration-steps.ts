import { writeSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { migrate } from '../../../src/adapters/sqlite/migrations.ts';

/**
 * A process of its own that brings a database up to date and stops for ever right before a
 * statement: `<path> <words in the statement>`; says so on stdout.
 */
const [path = '', words = ''] = process.argv.slice(2);

const database = new BetterSqlite3(path, {
  verbose: (statement) => {
    if (!String(statement).includes(words)) return;
    writeSync(process.stdout.fd, 'half\n');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
});
migrate(database);
