import { writeSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { migrate } from '../../../src/adapters/sqlite/migrations.ts';

/**
 * A process of its own that brings a database up to date: `<path> <words>` says on stdout when it
 * comes to a statement with these words; `<path> <words> stop` stops for ever right before it.
 */
const [path = '', words = '', stop] = process.argv.slice(2);

const database = new BetterSqlite3(path, {
  verbose: (statement) => {
    if (!String(statement).includes(words)) return;
    writeSync(process.stdout.fd, 'there\n');
    if (stop === 'stop') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
});
migrate(database);
database.close();
