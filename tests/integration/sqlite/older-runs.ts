import BetterSqlite3 from 'better-sqlite3';
import { MIGRATIONS } from '../../../src/adapters/sqlite/migrations.ts';

const APPLICATION_ID = 0x51_53_61_67;

/** Everything a run leaves behind, what others refer to first. */
const RUN_TABLES = [
  'runs',
  'strategies',
  'signals',
  'positions',
  'orders',
  'trades',
  'risk_events',
  'equity',
  'performance_metrics',
] as const;

/** Writes the runs of a database as a version had them: the same rows in the columns there were. */
export function writeOlder(version: number, path: string, current: string): void {
  const database = new BetterSqlite3(path);
  database.pragma('journal_mode = WAL');
  database.pragma(`application_id = ${APPLICATION_ID}`);
  database.exec(
    'CREATE TABLE schema_migrations (version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL) STRICT',
  );
  for (const migration of MIGRATIONS.slice(0, version)) {
    database.exec(migration.sql);
    database
      .prepare('INSERT INTO schema_migrations VALUES (?, ?)')
      .run(migration.version, migration.name);
  }
  database.prepare('ATTACH ? AS current').run(current);
  for (const table of RUN_TABLES) {
    const columns = columnsOf(database, table).join(', ');
    database.exec(`INSERT INTO ${table} (${columns}) SELECT ${columns} FROM current.${table}`);
  }
  database.close();
}

/** The columns each of these tables has in a database, by table. */
export function runColumns(path: string): ReadonlyMap<string, readonly string[]> {
  return reading(path, (database) => {
    return new Map(RUN_TABLES.map((table) => [table, columnsOf(database, table)]));
  });
}

/** What stands in these columns, as text, and in the view that walks trades back. */
export function runRows(path: string, columns: ReadonlyMap<string, readonly string[]>): string {
  return reading(path, (database) =>
    [...columns, ['trade_chain', ['*']] as const]
      .map(([table, names]) => `SELECT ${names.join(', ')} FROM ${table} ORDER BY 1, 2`)
      .map((sql) => JSON.stringify(database.prepare(sql).all()))
      .join('\n'),
  );
}

function columnsOf(database: BetterSqlite3.Database, table: string): readonly string[] {
  return database
    .prepare<[string], string>('SELECT name FROM pragma_table_info(?)')
    .pluck()
    .all(table);
}

function reading<T>(path: string, read: (database: BetterSqlite3.Database) => T): T {
  const database = new BetterSqlite3(path, { readonly: true });
  try {
    return read(database);
  } finally {
    database.close();
  }
}
