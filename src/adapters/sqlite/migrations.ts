import { ConfigError, DataError } from '../../core/errors.ts';
import type { Database } from './connection.ts';
import { backUp } from './database-backup.ts';
import { LATE_WISHES_SCHEMA } from './schema/late-wishes.ts';
import { LIVE_SCHEMA } from './schema/live.ts';
import { MARKET_DATA_SCHEMA } from './schema/market-data.ts';
import { ORDERS_SCHEMA } from './schema/orders.ts';
import { RISK_CHECKS_SCHEMA } from './schema/risk-checks.ts';
import { RUNS_SCHEMA } from './schema/runs.ts';
import { TRUSTED_DATA_SCHEMA } from './schema/trusted-data.ts';

interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** Applied in this order, once each. One that was released never changes again. */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, name: 'market data', sql: MARKET_DATA_SCHEMA },
  { version: 2, name: 'runs', sql: RUNS_SCHEMA },
  { version: 3, name: 'trusted data', sql: TRUSTED_DATA_SCHEMA },
  { version: 4, name: 'orders', sql: ORDERS_SCHEMA },
  { version: 5, name: 'risk checks', sql: RISK_CHECKS_SCHEMA },
  { version: 6, name: 'live', sql: LIVE_SCHEMA },
  { version: 7, name: 'late wishes', sql: LATE_WISHES_SCHEMA },
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

/** A database with data in it that an older version wrote, and its copy from before. */
export interface UpdatedSchema {
  readonly from: number;
  readonly to: number;
  readonly backup: string;
}

/**
 * Brings the schema up to date in one transaction, so that a process killed half-way leaves what
 * was there. Safe when two processes do it at once: whoever comes second waits for the write lock
 * and then finds the work done. A database that holds anything is copied first; then the answer
 * says where to, else it is null.
 */
export function migrate(database: Database): UpdatedSchema | null {
  database.transaction(refuseForeign)(database);
  if (isCurrent(database)) return null;
  // For tables that are rebuilt; inside a transaction SQLite would ignore it.
  database.pragma('foreign_keys = OFF');
  try {
    return database.transaction(bringUpToDate).immediate(database);
  } finally {
    database.pragma('foreign_keys = ON');
  }
}

/** Runs inside a write transaction: what another process did meanwhile is visible here. */
function bringUpToDate(database: Database): UpdatedSchema | null {
  if (isCurrent(database)) return null;
  const from = schemaVersion(database);
  const backup = from === 0 ? null : backUp(database, from);
  for (const migration of MIGRATIONS.slice(from)) apply(database, migration);
  refuseDangling(database);
  return backup === null ? null : { from, to: SCHEMA_VERSION, backup };
}

function isCurrent(database: Database): boolean {
  const version = schemaVersion(database);
  refuseNewer(database, version);
  return version === SCHEMA_VERSION;
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

function apply(database: Database, { version, name, sql }: Migration): void {
  if (version === 1) {
    database.pragma(`application_id = ${APPLICATION_ID}`);
    database.exec(MIGRATIONS_TABLE);
  }
  database.exec(sql);
  database
    .prepare('INSERT INTO schema_migrations (version, name) VALUES (?, ?)')
    .run(version, name);
}

/** With foreign keys off SQLite does not notice rows that lost what they refer to. */
function refuseDangling(database: Database): void {
  const dangling = database.prepare('PRAGMA foreign_key_check').get();
  if (dangling === undefined) return;
  throw new DataError(
    `database ${database.name}: rows that refer to rows there are were expected, was ` +
      `${JSON.stringify(dangling)}; import the data into a new --db; nothing was changed`,
  );
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
