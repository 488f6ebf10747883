import { ConfigError, DataError } from '../../core/errors.ts';
import type { Database } from './connection.ts';
import { MARKET_DATA_SCHEMA } from './schema/market-data.ts';
import { RUNS_SCHEMA } from './schema/runs.ts';

interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** Applied in this order, once each. One that was released never changes again. */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, name: 'market data', sql: MARKET_DATA_SCHEMA },
  { version: 2, name: 'runs', sql: RUNS_SCHEMA },
];

export const SCHEMA_VERSION = MIGRATIONS.length;

/** "QSag" in ASCII, in the header of the file: tells our databases from everybody else's. */
const APPLICATION_ID = 0x51_53_61_67;

const MIGRATIONS_TABLE = `
  CREATE TABLE schema_migrations (
    version INTEGER NOT NULL PRIMARY KEY CHECK (version > 0),
    name TEXT NOT NULL
  ) STRICT
`;

/**
 * Brings the schema up to date: one transaction a migration, so that a process killed half-way
 * leaves a version that exists. Safe when two processes do it at once: whoever comes second waits
 * for the write lock and then finds the work done.
 */
export function migrate(database: Database): void {
  database.transaction(refuseForeign)(database);
  for (;;) {
    const version = schemaVersion(database);
    refuseNewer(database, version);
    if (version === SCHEMA_VERSION) return;
    database.transaction(applyNext).immediate(database);
  }
}

/** Refuses a database whose schema is not exactly the one this version reads. */
export function requireCurrentSchema(database: Database): void {
  database.transaction(refuseForeign)(database);
  const version = schemaVersion(database);
  refuseNewer(database, version);
  if (version === SCHEMA_VERSION) return;
  throw new DataError(
    `database ${database.name}: schema version ${SCHEMA_VERSION} was expected, was "${version}"; ` +
      `run "quantsage data list" once, which brings it up to date`,
  );
}

/** Number of the last migration applied; 0 for an empty file. */
export function schemaVersion(database: Database): number {
  const known = database
    .prepare<[], number>(`SELECT count(*) FROM sqlite_schema WHERE name = 'schema_migrations'`)
    .pluck()
    .get();
  if (known !== 1) return 0;
  const version = database
    .prepare<[], number>('SELECT coalesce(max(version), 0) FROM schema_migrations')
    .pluck()
    .get();
  return version ?? 0;
}

/** Runs inside a write transaction: what another process did meanwhile is visible here. */
function applyNext(database: Database): void {
  const version = schemaVersion(database);
  const next = MIGRATIONS.find((migration) => migration.version === version + 1);
  if (next === undefined) return;
  if (version === 0) {
    database.pragma(`application_id = ${APPLICATION_ID}`);
    database.exec(MIGRATIONS_TABLE);
  }
  database.exec(next.sql);
  database
    .prepare('INSERT INTO schema_migrations (version, name) VALUES (?, ?)')
    .run(next.version, next.name);
}

/** Runs inside a transaction: header and tables are of one moment even while another migrates. */
function refuseForeign(database: Database): void {
  const id = database.pragma('application_id', { simple: true });
  if (id === APPLICATION_ID) return;
  const tables = database
    .prepare<[], number>(`SELECT count(*) FROM sqlite_schema WHERE type = 'table'`)
    .pluck()
    .get();
  if (id === 0 && tables === 0) return;
  throw new ConfigError(
    `database ${database.name}: a QuantSage database was expected, was one of another program; ` +
      `choose another --db`,
  );
}

function refuseNewer(database: Database, version: number): void {
  if (version <= SCHEMA_VERSION) return;
  throw new ConfigError(
    `database ${database.name}: schema version ${SCHEMA_VERSION} or older was expected, was ` +
      `"${version}"; a newer quantsage wrote it, so update this one or choose another --db`,
  );
}
