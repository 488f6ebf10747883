import type BetterSqlite3 from 'better-sqlite3';

/** One connection to the file that holds market data and runs. */
export type Database = BetterSqlite3.Database;
