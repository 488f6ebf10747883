import { openDatabase } from '../adapters/sqlite/database.ts';
import { SqliteBarStore } from '../adapters/sqlite/sqlite-bar-store.ts';
import { SqliteRunStore } from '../adapters/sqlite/sqlite-run-store.ts';
import type { BarStore } from '../ports/bar-store.ts';
import type { RunStore } from '../ports/run-store.ts';
import { OrderLog } from '../reporting/order-log.ts';
import { SignalLog } from '../reporting/signal-log.ts';
import { readOptions, type BacktestOptions, type ReadOptions } from './library-options.ts';
import {
  equityPoints,
  fillOf,
  orderOf,
  signalOf,
  tradeOf,
  type EquityPoint,
  type Order,
  type OrderFill,
  type RaisedSignal,
  type Trade,
} from './library-rows.ts';
import { memoryStore } from './memory-bars.ts';
import { planBacktest, seriesQuery } from './plan-backtest.ts';
import { runBacktest, type BacktestReport } from './run-backtest.ts';

/** A backtest and everything that happened in it. */
export interface Backtest {
  /** The same object that `quantsage backtest --json` prints. */
  readonly report: BacktestReport;
  /** In the order they were closed. */
  readonly trades: readonly Trade[];
  /** In the order they were requested. */
  readonly orders: readonly Order[];
  readonly fills: readonly OrderFill[];
  /** A point a `monitoring.equity_interval`. */
  readonly equity: readonly EquityPoint[];
  /** In the order they were raised. */
  readonly signals: readonly RaisedSignal[];
}

interface Stores {
  readonly bars: BarStore;
  readonly runs: RunStore | null;
  readonly close: () => void;
}

/** A backtest for a program: no configuration file, environment or terminal takes part in it. */
export async function libraryBacktest(options: BacktestOptions): Promise<Backtest> {
  const read = readOptions(options);
  const stores = await openStores(options, read);
  const orders = new OrderLog();
  const signals = new SignalLog();
  try {
    const plan = planBacktest({ ...read, store: stores.bars, onSample: null });
    const { report, trades, equity } = await runBacktest(plan, {
      bars: stores.bars,
      runs: stores.runs,
      exportDirectory: null,
      listen: (bus) => {
        orders.subscribe(bus);
        signals.subscribe(bus);
      },
      signal: options.signal ?? new AbortController().signal,
      timer: () => performance.now(),
      now: () => Date.now(),
    });
    return {
      report,
      trades: trades.map(tradeOf),
      orders: [...orders.orders()].map(orderOf),
      fills: orders.fills.map(fillOf),
      equity: equityPoints(equity),
      signals: [...signals.rows()].map(signalOf),
    };
  } finally {
    stores.close();
  }
}

async function openStores(
  { bars, database, record = false }: BacktestOptions,
  read: ReadOptions,
): Promise<Stores> {
  const { timeframe, exchange, preferredExchange } = seriesQuery(read);
  if (database === undefined) {
    const { data } = read.config;
    const given = { bars: bars ?? {}, exchange: exchange ?? preferredExchange, timeframe, data };
    const { store, close } = await memoryStore(given);
    return { bars: store, runs: null, close };
  }
  const market = openDatabase(database, { readonly: !record });
  // Runs are written while bars are read, which takes a connection of its own.
  const journal = record ? openDatabase(database) : null;
  return {
    bars: new SqliteBarStore(market),
    runs: journal === null ? null : new SqliteRunStore(journal),
    close: () => {
      market.close();
      journal?.close();
    },
  };
}
