import { describe, expect, it } from 'vitest';
import type { Database } from '../../../src/adapters/sqlite/database.ts';
import { SqliteBarStore } from '../../../src/adapters/sqlite/sqlite-bar-store.ts';
import { SqliteRunStore } from '../../../src/adapters/sqlite/sqlite-run-store.ts';
import type { AnyEvent } from '../../../src/core/events.ts';
import { orderId, tradeId } from '../../../src/core/ids.ts';
import { USUAL_TERMS } from '../../../src/core/signal.ts';
import { runStoreContract } from '../contract/run-store.contract.ts';
import { BTC_1H, START, barRow, barRows, write } from './bar-rows.ts';
import { connect, temporaryPath } from './fixtures.ts';
import { roundTrip, runEnd, runStart } from './run-events.ts';

runStoreContract('SQLite', () => new SqliteRunStore(connect()));

/** Every table of a run, as text. */
function everythingIn(database: Database): string {
  const tables = [
    'signals',
    'orders',
    'trades',
    'positions',
    'risk_events',
    'risk_checks',
    'equity',
  ];
  return JSON.stringify(
    tables.map((table) => database.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all()),
  );
}

function recorded(events: readonly AnyEvent[], changesPerCommit?: number): Database {
  const database = connect();
  const options = changesPerCommit === undefined ? {} : { changesPerCommit };
  const recorder = new SqliteRunStore(database, options).begin(runStart());
  for (const event of events) recorder.record(event);
  recorder.finish(runEnd());
  return database;
}

const TRIPS = [0, 1, 2].flatMap(roundTrip);

describe('a recorded run', () => {
  it('lets every trade be walked back to its bar in SQL', () => {
    const database = recorded(TRIPS);
    new SqliteBarStore(database).save(write(barRows(0, 5)));
    const chain = database.prepare('SELECT * FROM trade_chain ORDER BY trade_seq').all();
    expect(chain).toHaveLength(6);
    const bar = barRow(0);
    expect(chain[0]).toEqual({
      run_id: 'bt-1',
      trade_id: 't1',
      trade_seq: 6,
      trade_caused_by: 5,
      trade_time: START,
      symbol: 'BTC/USD',
      side: 'buy',
      quantity: '0.5',
      price: '100.3',
      raw_price: '100.26',
      fee: '0.3',
      order_id: 'o1',
      role: 'entry',
      order_reason: 'dip',
      order_state: 'filled',
      position_id: 'p1',
      approved_seq: 3,
      approved_caused_by: 2,
      requested_seq: 2,
      requested_caused_by: 1,
      signal_seq: 1,
      signal_caused_by: null,
      signal_ts: START,
      strategy_id: 'mean_reversion',
      intent: 'enter',
      confidence: 0.75,
      signal_reason: 'dip',
      conditions: '[{"name":"z-score","value":-2.5,"comparison":"<","threshold":-2,"holds":true}]',
      bar_open_time: START,
      exchange: 'test',
      timeframe: '1h',
      adjustment: 'raw',
      bar_open: bar.open,
      bar_high: bar.high,
      bar_low: bar.low,
      bar_close: bar.close,
      bar_volume: bar.volume,
      bar_flags: bar.flags,
    });
  });

  it.each([
    ['crypto', 'all', 'raw'],
    ['stock', 'all', 'all'],
    ['stock', 'raw', 'raw'],
  ] as const)('leads to the bar it traded on: %s of a run with prices %s', (kind, asked, used) => {
    const database = connect();
    const store = new SqliteBarStore(database);
    for (const [volume, adjustment] of [
      [1, 'raw'],
      [2, 'all'],
      [3, 'split'],
    ] as const) {
      const bars = barRows(0, 5).map((bar) => ({ ...bar, volume }));
      const key = { ...BTC_1H, adjustment };
      store.save(write(bars, { key, assetClass: kind, instrument: null }));
    }
    const recorder = new SqliteRunStore(database).begin(runStart({ adjustment: asked }));
    for (const event of TRIPS) recorder.record(event);
    recorder.finish(runEnd());
    const chain = database.prepare('SELECT adjustment, bar_volume FROM trade_chain').raw().all();
    expect(chain).toHaveLength(6);
    expect(chain[0]).toEqual([used, used === 'raw' ? 1 : 2]);
  });

  it('tells what became of every signal', () => {
    const outcomes = recorded(roundTrip(0))
      .prepare('SELECT seq, intent, outcome FROM signals ORDER BY seq')
      .raw()
      .all();
    expect(outcomes).toEqual([
      [1, 'enter', 'ordered'],
      [13, 'exit', 'ordered'],
      [20, 'enter', 'ordered'],
      [23, 'exit', 'no-position'],
    ]);
  });

  it('keeps the first answer to a signal', () => {
    const [raised, requested] = roundTrip(0);
    if (raised?.type !== 'signal.raised' || requested === undefined) throw new Error('no signal');
    const { strategy, symbol } = raised.payload;
    const late: AnyEvent = {
      seq: 3,
      ts: START,
      type: 'signal.ignored',
      causedBy: 2,
      payload: { signalSeq: 1, strategy, symbol, reason: 'no-cash' },
    };
    const database = recorded([raised, requested, late]);
    expect(database.prepare('SELECT outcome FROM signals').pluck().all()).toEqual(['ordered']);
  });

  it('leaves a signal pending where the run ended before its answer', () => {
    const database = recorded(roundTrip(0).slice(0, 1), 1);
    expect(database.prepare('SELECT outcome FROM signals').pluck().all()).toEqual(['pending']);
  });

  it('tells how every order ended, by which event, and which position it touched', () => {
    const orders = recorded(roundTrip(0))
      .prepare(
        `SELECT order_id, state, state_reason, state_seq, state_caused_by, position_id, stop_price
         FROM orders ORDER BY requested_seq`,
      )
      .raw()
      .all();
    expect(orders).toEqual([
      ['o1', 'filled', null, 6, 5, 'p1', null],
      ['o2', 'canceled', 'position closed', 18, 17, 'p1', '98'],
      ['o3', 'filled', null, 17, 16, 'p1', null],
      ['o4', 'rejected', 'symbol-exposure', 22, 21, null, null],
    ]);
  });

  it('keeps the last state of every position', () => {
    const positions = recorded(roundTrip(0))
      .prepare('SELECT position_id, state, quantity, gross_pnl, updated_seq FROM positions')
      .raw()
      .all();
    expect(positions).toEqual([['p1', 'closed', '0', '1.35', 19]]);
  });

  it('leaves an open position as the portfolio told it when a further entry fills', () => {
    const opened = roundTrip(0).slice(0, 7);
    const further = opened.slice(1, 6).map((event): AnyEvent => {
      if (event.type === 'order.filled') {
        const payload = { ...event.payload, orderId: orderId(9), tradeId: tradeId(9) };
        return { ...event, seq: event.seq + 20, payload };
      }
      if (event.type === 'order.updated') {
        return { ...event, payload: { ...event.payload, orderId: orderId(9) } };
      }
      if (event.type === 'order.requested') {
        return { ...event, payload: { ...event.payload, id: orderId(9) } };
      }
      if (event.type === 'order.approved') {
        return { ...event, payload: { ...event.payload, id: orderId(9) } };
      }
      return event;
    });
    const database = recorded([...opened, ...further], 1);
    const rows = database.prepare('SELECT position_id, updated_seq FROM positions').raw().all();
    expect(rows).toEqual([['p1', 7]]);
    expect(database.prepare('SELECT count(*) FROM trades').pluck().get()).toBe(2);
  });

  it('keeps refusals with check, limit and actual value, and alerts', () => {
    const alert = {
      kind: 'halted',
      check: 'daily-loss',
      limit: 0.05,
      actual: NaN,
      onBreach: 'halt',
      message: 'stop',
    } as const;
    const event: AnyEvent = {
      seq: 25,
      ts: START,
      type: 'risk.alerted',
      causedBy: 24,
      payload: alert,
    };
    const rows = recorded([...roundTrip(0), event])
      .prepare(
        `SELECT seq, kind, order_id, layer, check_name, limit_value, actual_value, on_breach
         FROM risk_events ORDER BY seq`,
      )
      .raw()
      .all();
    expect(rows).toEqual([
      [22, 'refused', 'o4', 'symbol', 'symbol-exposure', 0.15, 0.17, null],
      [25, 'halted', null, null, 'daily-loss', 0.05, null, 'halt'],
    ]);
  });

  it('keeps the last of two equity marks of one instant', () => {
    const database = connect();
    const recorder = new SqliteRunStore(database).begin(runStart());
    const mark = { time: START, cash: 5, exposure: 2, drawdown: 0.25 };
    recorder.recordEquity({ ...mark, equity: 7 });
    recorder.recordEquity({ ...mark, equity: 6.75 });
    recorder.finish(runEnd());
    expect(database.prepare('SELECT * FROM equity').all()).toEqual([
      { run_id: 'bt-1', time: START, equity: 6.75, cash: 5, exposure: 2, drawdown: 0.25 },
    ]);
  });

  it.each([1, 2, 3, 5, 7, 24, 25])(
    'is the same when it is committed after every %i changes',
    (changesPerCommit) => {
      expect(everythingIn(recorded(TRIPS, changesPerCommit))).toBe(everythingIn(recorded(TRIPS)));
    },
  );

  it('is whole in the database after every event when each is committed', () => {
    const path = temporaryPath();
    const database = connect(path);
    const recorder = new SqliteRunStore(database, { changesPerCommit: 1 }).begin(runStart());
    const reader = connect(path, true);
    const states = roundTrip(0).map((event) => {
      recorder.record(event);
      return reader.prepare(`SELECT state FROM orders WHERE order_id = 'o1'`).pluck().get();
    });
    expect(states.slice(0, 7)).toEqual([
      undefined,
      'created',
      'approved',
      'submitted',
      'accepted',
      'filled',
      'filled',
    ]);
    expect(reader.prepare('SELECT state FROM positions').pluck().all()).toEqual(['closed']);
  });

  it('loses nothing when a commit fails and is tried again', () => {
    const path = temporaryPath();
    const database = connect(path);
    database.pragma('busy_timeout = 0');
    const recorder = new SqliteRunStore(database).begin(runStart());
    const other = connect(path);
    other.exec('BEGIN IMMEDIATE');
    for (const event of TRIPS) recorder.record(event);
    expect(() => recorder.finish(runEnd())).toThrow(
      /write lock was expected for recording run bt-1/,
    );
    other.exec('ROLLBACK');
    recorder.finish(runEnd());
    expect(everythingIn(database)).toBe(everythingIn(recorded(TRIPS)));
  });

  it('refuses a fill of an order that nobody requested', () => {
    const orphan = roundTrip(0)[5];
    if (orphan === undefined) throw new Error('no fill');
    expect(() => recorded([orphan])).toThrow(/request of order o1 must be present/);
  });

  it('refuses an order of a signal that nobody raised', () => {
    expect(() => recorded(roundTrip(0).slice(1))).toThrow(/recording run bt-1 failed.*FOREIGN KEY/);
  });
});

describe('two runs at once', () => {
  it('take different numbers and keep their rows apart', () => {
    const path = temporaryPath();
    const stores = [connect(path), connect(path)].map((each) => new SqliteRunStore(each));
    const recorders = stores.map((store) => store.begin(runStart()));
    for (const event of TRIPS) for (const recorder of recorders) recorder.record(event);
    for (const recorder of recorders) recorder.finish(runEnd());
    const trades = connect(path).prepare('SELECT run_id, count(*) FROM trades GROUP BY run_id');
    expect(trades.raw().all()).toEqual([
      ['bt-1', 6],
      ['bt-2', 6],
    ]);
  });
});

describe('the outcome of a wish that asks for no order', () => {
  const first = TRIPS.find(({ type }) => type === 'signal.raised');
  const seen = first?.type === 'signal.raised' ? first.payload : null;

  const outcomeOf = (wish: object, ...after: readonly Partial<AnyEvent>[]) => {
    const events = [
      { type: 'signal.raised', seq: 1, ts: START, causedBy: null, payload: { ...seen, ...wish } },
      ...after.map((event, index) => ({ seq: index + 2, ts: START, causedBy: 1, ...event })),
    ];
    const database = recorded(events as readonly AnyEvent[], 1);
    return database.prepare('SELECT outcome FROM signals').pluck().get();
  };
  const canceled = {
    type: 'order.cancel-requested',
    payload: { orderId: orderId(7), reason: 'x' },
  } as const;
  const cancel = { intent: 'cancel', orderId: orderId(7) };
  const changes = { quantity: null, limitPrice: 5, stopPrice: null, trail: null };

  it.each([
    ['done once a wish to cancel was passed on', cancel, [canceled], 'done'],
    ['done for an exit that only took an entry back', { intent: 'exit' }, [canceled], 'done'],
    [
      'pending while a replacement is awaited',
      { intent: 'replace', changes },
      [canceled],
      'pending',
    ],
    [
      'pending where another event cancelled the order',
      cancel,
      [{ ...canceled, causedBy: 9 }],
      'pending',
    ],
  ] as const)('is %s', (_title, wish, after, outcome) => {
    expect(outcomeOf({ terms: USUAL_TERMS, orderId: orderId(7), ...wish }, ...after)).toBe(outcome);
  });
});
