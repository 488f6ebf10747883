import Database from 'better-sqlite3';
import { plain, product, units, type Units } from '../exchange-sim/units.ts';

/** What the tables of a run say, added up here: no code of the program is asked. */
export interface DatabaseFigures {
  readonly cash: string;
  /** Held of each symbol; none where nothing is. */
  readonly positions: Readonly<Record<string, string>>;
  /** Ids of orders that may still fill, sorted. */
  readonly openOrders: readonly string[];
  readonly lastSeq: number;
  /** Requests that risk let pass after an event, by role. */
  readonly approvedAfter: (seq: number, role: string) => number;
}

interface TradeRow {
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly quantity: string;
  readonly price: string;
  readonly fee: string;
}

/** Of a run with a simulated account, whose fees are all taken from the cash. */
export function databaseFigures(path: string, runId: string): DatabaseFigures {
  const database = new Database(path, { readonly: true });
  try {
    // One snapshot of all tables.
    return database.transaction(() => figuresOf(database, runId))();
  } finally {
    database.close();
  }
}

const FINAL = `('filled', 'canceled', 'expired', 'rejected')`;

function figuresOf(database: Database.Database, runId: string): DatabaseFigures {
  const capital = database
    .prepare<[string], { capital: string }>(
      'SELECT initial_capital AS capital FROM runs WHERE run_id = ?',
    )
    .get(runId);
  const trades = database
    .prepare<[string], TradeRow>(
      'SELECT symbol, side, quantity, price, fee FROM trades WHERE run_id = ?',
    )
    .all(runId);
  let cash = units(capital?.capital ?? '0');
  const held = new Map<string, Units>();
  for (const { symbol, side, quantity, price, fee } of trades) {
    const sign = side === 'buy' ? 1n : -1n;
    cash -= sign * product(units(quantity), units(price)) + units(fee);
    held.set(symbol, (held.get(symbol) ?? 0n) + sign * units(quantity));
  }
  const positions = [...held].filter(([, amount]) => amount !== 0n);
  const open = database
    .prepare<[string], { id: string }>(
      `SELECT order_id AS id FROM orders WHERE run_id = ? AND approved_seq IS NOT NULL
         AND state NOT IN ${FINAL}`,
    )
    .all(runId);
  const last = database
    .prepare<[string], { seq: number }>('SELECT max(seq) AS seq FROM events WHERE run_id = ?')
    .get(runId);
  const approved = database
    .prepare<[string], { seq: number; role: string }>(
      'SELECT approved_seq AS seq, role FROM orders WHERE run_id = ? AND approved_seq IS NOT NULL',
    )
    .all(runId);
  return {
    cash: plain(cash),
    positions: Object.fromEntries(positions.map(([symbol, amount]) => [symbol, plain(amount)])),
    openOrders: open.map(({ id }) => id).sort(),
    lastSeq: last?.seq ?? 0,
    approvedAfter: (seq, role) =>
      approved.filter((order) => order.seq > seq && order.role === role).length,
  };
}
