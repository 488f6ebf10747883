import type { AnyEvent } from '../../core/events.ts';
import type { RunId } from '../../core/ids.ts';
import type { RowDifference } from '../../ports/lasting-run.ts';
import type { Database } from './connection.ts';
import { RunRows } from './run-rows.ts';

type Row = Readonly<Record<string, string | number | null>>;

interface RecordedTable {
  readonly name: string;
  /** Tells its rows apart within a run. */
  readonly key: string;
}

/** Tables whose rows follow from the events of a run alone. */
const TABLES: readonly RecordedTable[] = [
  { name: 'signals', key: 'seq' },
  { name: 'orders', key: 'order_id' },
  { name: 'trades', key: 'trade_id' },
  { name: 'positions', key: 'position_id' },
  { name: 'risk_events', key: 'seq' },
];

/**
 * Makes the rows of a run anew from its events, in an empty database, and compares: at most one
 * difference a table is told.
 */
export function rowDifferences(
  recorded: Database,
  empty: Database,
  run: { readonly runId: RunId; readonly events: Iterable<AnyEvent> },
): readonly RowDifference[] {
  rebuild(recorded, empty, run);
  return TABLES.flatMap((table) => {
    const [found, made] = [recorded, empty].map((each) => rowsByKey(each, table, run.runId));
    const difference = firstDifference(table.name, found ?? new Map(), made ?? new Map());
    return difference === null ? [] : [difference];
  });
}

function rebuild(
  recorded: Database,
  empty: Database,
  run: { readonly runId: RunId; readonly events: Iterable<AnyEvent> },
): void {
  copyRun(recorded, empty, run.runId);
  // Everything is written at the end, so no order has to be found again.
  const rows = new RunRows(empty, run.runId, { hasLateAnswers: true, recall: () => null });
  for (const event of run.events) rows.take(event);
  empty.transaction(() => rows.write(true))();
}

/** The rows of a run refer to it. */
function copyRun(from: Database, to: Database, runId: RunId): void {
  const row = from.prepare<[RunId], Row>('SELECT * FROM runs WHERE run_id = ?').get(runId) ?? {};
  const columns = Object.keys(row);
  const values = columns.map((column) => `@${column}`);
  to.prepare(`INSERT INTO runs (${columns.join(', ')}) VALUES (${values.join(', ')})`).run(row);
}

function rowsByKey(database: Database, table: RecordedTable, runId: RunId) {
  const rows = database
    .prepare<[RunId], Row>(`SELECT * FROM ${table.name} WHERE run_id = ? ORDER BY ${table.key}`)
    .all(runId);
  return new Map(rows.map((row) => [String(row[table.key]), row]));
}

function firstDifference(
  table: string,
  recorded: ReadonlyMap<string, Row>,
  rebuilt: ReadonlyMap<string, Row>,
): RowDifference | null {
  for (const [key, made] of rebuilt) {
    const found = recorded.get(key);
    if (found === undefined) return { table, key, column: null, recorded: null, rebuilt: null };
    const column = Object.keys(made).find((name) => made[name] !== found[name]);
    if (column === undefined) continue;
    return { table, key, column, recorded: textOf(found[column]), rebuilt: textOf(made[column]) };
  }
  const extra = [...recorded.keys()].find((key) => !rebuilt.has(key));
  if (extra === undefined) return null;
  return { table, key: extra, column: null, recorded: extra, rebuilt: null };
}

function textOf(value: string | number | null | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}
