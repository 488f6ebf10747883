import BetterSqlite3 from 'better-sqlite3';

/** Only ever added to. */
const kept: object[] = [];

function keep<T extends object>(handle: T): T {
  kept.push(handle);
  return handle;
}

/**
 * Opens a connection that is never garbage collected, nor any statement it prepares.
 *
 * From Node 24.19 on the process aborts when an object of better-sqlite3 12 is collected while no
 * JavaScript runs (nodejs/node#65446). Version 13 of it is free of that, but refuses Node 20. The
 * price is small where statements are prepared once: closing a connection frees what SQLite holds.
 */
export function openLasting(file: string, options: BetterSqlite3.Options): BetterSqlite3.Database {
  const connection = keep(new BetterSqlite3(file, options));
  const prepare = connection.prepare.bind(connection);
  return Object.assign(connection, {
    prepare: (source: string) => keep(prepare(source)),
    /** The library's own prepares a statement in passing that nobody could keep. */
    pragma: (source: string, { simple = false }: BetterSqlite3.PragmaOptions = {}): unknown => {
      const statement = keep(prepare(`PRAGMA ${source}`));
      if (!statement.reader) return statement.run();
      return simple ? statement.pluck().get() : statement.all();
    },
  });
}
