import { describe, expect, it } from 'vitest';
import { SqliteJournalArchive } from '../../../src/adapters/sqlite/sqlite-journal-archive.ts';
import { SqliteRunArchive } from '../../../src/adapters/sqlite/sqlite-run-archive.ts';
import { Decimal } from '../../../src/core/decimal.ts';
import type { AnyEvent, EventPayloads, EventType } from '../../../src/core/events.ts';
import type { Fill } from '../../../src/core/fill.ts';
import { orderId, positionId, tradeId } from '../../../src/core/ids.ts';
import type { EntryOrder } from '../../../src/core/order.ts';
import type { Signal } from '../../../src/core/signal.ts';
import type { LastingRun } from '../../../src/ports/lasting-run.ts';
import { connect, temporaryPath } from './fixtures.ts';
import { begunRun, inputOf, lastingRuns, paperStart } from './lasting-inputs.ts';
import { roundTrip } from './run-events.ts';

type Draft = { [T in EventType]: readonly [type: T, payload: EventPayloads[T]] }[EventType];

const dec = (text: string) => Decimal.parse(text);
const TRIP = roundTrip(0);
/** A signal, its entry order up to `accepted`: five events. */
const ENTRY = TRIP.slice(0, 5);

/** Events that go on after number `last`, from outside. */
function after(last: number, ...drafts: readonly Draft[]): readonly AnyEvent[] {
  return drafts.map(([type, payload], at) => {
    return { seq: last + 1 + at, ts: 9, type, causedBy: null, payload } as AnyEvent;
  });
}

function payloadAt<T extends EventType>(seq: number, type: T): EventPayloads[T] {
  const event = TRIP[seq - 1];
  if (event?.type !== type) throw new Error(`event ${seq} is no ${type}`);
  return event.payload as EventPayloads[T];
}

const FILL: Fill = payloadAt(6, 'order.filled');

/**
 * Commits inputs, resuming in a process's stead before each of them, and gives the rows that a query
 * finds. They must be what the journal says.
 */
function rowsAfter(inputs: readonly (readonly AnyEvent[])[], sql: string): readonly unknown[] {
  const path = temporaryPath();
  let run: LastingRun = begunRun(connect(path));
  for (const events of inputs) {
    run = lastingRuns(connect(path)).resume(run.runId, paperStart());
    run.commit(inputOf(events));
  }
  const database = connect(path);
  expect(new SqliteJournalArchive(database).rowDifferences(run.runId)).toEqual([]);
  return database.prepare(sql).all();
}

describe('the fee of a fill', () => {
  const sql = `SELECT fee, fee_from, fee_currency, fee_amount, is_provisional FROM trades`;
  const base = { takenFrom: 'base', currency: 'BTC', amount: dec('0.0005') } as const;
  const plain = { fee_from: null, fee_currency: null, fee_amount: null, is_provisional: 0 };
  const correction = {
    tradeId: tradeId(1),
    orderId: orderId(1),
    position: positionId(1),
    fee: dec('0.05'),
    commission: base,
    booked: dec('0.3'),
    bookedCommission: null,
  };

  it.each([
    ['the quote currency', null, plain],
    [
      'the base asset',
      base,
      { ...plain, fee_from: 'base', fee_currency: 'BTC', fee_amount: '0.0005' },
    ],
    [
      'a third asset',
      { takenFrom: 'other', currency: 'BNB', amount: dec('-0.1') },
      { ...plain, fee_from: 'other', fee_currency: 'BNB', fee_amount: '-0.1' },
    ],
  ] as const)('is kept as it was taken from %s', (_, commission, columns) => {
    const fill = after(5, ['order.filled', { ...FILL, commission }]);
    expect(rowsAfter([ENTRY, fill], sql)).toEqual([{ fee: '0.3', ...columns }]);
  });

  it('is marked while the venue has not said it', () => {
    const fill = after(5, ['order.filled', { ...FILL, fee: Decimal.zero, isFeeProvisional: true }]);
    expect(rowsAfter([ENTRY, fill], sql)).toEqual([{ ...plain, fee: '0', is_provisional: 1 }]);
  });

  it.each([
    [
      'the same input',
      (fill: readonly AnyEvent[], fee: readonly AnyEvent[]) => [[...fill, ...fee]],
    ],
    ['a later one', (fill: readonly AnyEvent[], fee: readonly AnyEvent[]) => [fill, fee]],
  ])('is corrected in %s', (_, inputs) => {
    const fill = after(5, ['order.filled', { ...FILL, isFeeProvisional: true }]);
    const fee = after(6, ['fee.corrected', correction]);
    expect(rowsAfter([ENTRY, ...inputs(fill, fee)], sql)).toEqual([
      {
        fee: '0.05',
        fee_from: 'base',
        fee_currency: 'BTC',
        fee_amount: '0.0005',
        is_provisional: 0,
      },
    ]);
  });
});

describe('a fill that comes after its order has ended', () => {
  it('is a row of its own, and leaves the final state, with a note of it', () => {
    const ended = after(5, [
      'order.updated',
      { orderId: orderId(1), state: 'canceled', reason: 'halted' },
    ]);
    const late = after(6, ['order.filled', { ...FILL, orderState: 'partially_filled' }]);
    const rows = rowsAfter(
      [ENTRY, ended, late],
      `SELECT o.state, o.state_reason, o.state_seq, o.position_id, o.steps, t.seq, t.quantity
       FROM orders AS o JOIN trades AS t USING (run_id, order_id)`,
    );
    expect(rows).toMatchObject([
      {
        state: 'canceled',
        state_reason: 'halted',
        state_seq: 6,
        position_id: 'p1',
        quantity: '0.5',
      },
    ]);
    expect(JSON.stringify(rows)).toMatch(
      /\[\\"canceled\\",6,9,\\"halted\\"\],\[\\"canceled\\",7,9,\\"filled after its end\\"\]\]/,
    );
  });
});

describe('an order whose outcome is not known', () => {
  it('is unknown until it is found, across processes', () => {
    const unknown = { orderId: orderId(1), state: 'unknown', reason: 'no answer' } as const;
    const inputs = [ENTRY, after(5, ['order.updated', unknown])];
    const sql = 'SELECT state, state_reason, approved_seq FROM orders';
    expect(rowsAfter(inputs, sql)).toEqual([
      { state: 'unknown', state_reason: 'no answer', approved_seq: 3 },
    ]);
    expect(rowsAfter([...inputs, after(6, ['order.filled', FILL])], sql)).toEqual([
      { state: 'filled', state_reason: null, approved_seq: 3 },
    ]);
  });
});

describe('a signal that is answered in a later input', () => {
  const { terms: _, ...wish } = payloadAt(13, 'signal.raised') as Signal & { terms: unknown };
  const replace: Signal = {
    ...(wish as Omit<Signal, 'intent'>),
    intent: 'replace',
    orderId: orderId(1),
    changes: { quantity: null, limitPrice: 99, stopPrice: null, trail: null },
  };
  const cancel: Signal = {
    ...(wish as Omit<Signal, 'intent'>),
    intent: 'cancel',
    orderId: orderId(1),
  };
  const outcomes = 'SELECT seq, outcome FROM signals ORDER BY seq';
  const entry = payloadAt(2, 'order.requested') as EntryOrder;
  const canceled: Draft = ['order.cancel-requested', { orderId: orderId(1), reason: 'replaced' }];

  it('is pending on record until then', () => {
    const wished = after(5, ['signal.raised', replace], canceled);
    expect(rowsAfter([ENTRY, wished], outcomes)).toContainEqual({ seq: 6, outcome: 'pending' });
    const next = { ...entry, id: orderId(2), signalSeq: 6, replaces: orderId(1) };
    const ordered = after(7, ['order.requested', next]);
    expect(rowsAfter([ENTRY, wished, ordered], outcomes)).toContainEqual({
      seq: 6,
      outcome: 'ordered',
    });
  });

  it('keeps its first answer', () => {
    const ignored = { ...replace, signalSeq: 6, reason: 'order-final' } as const;
    const inputs = [
      ENTRY,
      after(5, ['signal.raised', replace]),
      after(6, ['signal.ignored', ignored]),
      after(7, ['order.requested', { ...entry, id: orderId(2), signalSeq: 6 }]),
    ];
    expect(rowsAfter(inputs, outcomes)).toContainEqual({ seq: 6, outcome: 'order-final' });
  });

  it('stays done where it asked for a cancellation alone', () => {
    const wished = after(5, ['signal.raised', cancel]);
    const asked = after(6, canceled).map((event) => ({ ...event, causedBy: 6 }));
    const inputs = [ENTRY, [...wished, ...asked]];
    expect(rowsAfter(inputs, outcomes)).toContainEqual({ seq: 6, outcome: 'done' });
  });
});

describe('what is done to trading from outside', () => {
  const sql = `SELECT seq, kind, symbol, check_name, message FROM risk_events ORDER BY seq`;

  it('is on record: commands, gates, and accounts that differ', () => {
    const difference = {
      kind: 'balance',
      symbol: 'BTC/USD',
      subject: 'BTC',
      ours: Decimal.one,
      theirs: null,
      message: 'BTC: 1 was expected, was nothing',
    } as const;
    const other = { ...difference, message: 'USD differs' };
    const events = after(
      0,
      ['operator.commanded', { act: 'halt', reason: 'lunch', by: 'halt command', at: 1 }],
      ['gate.changed', { gate: 'clock', symbol: null, reason: 'the clock is off by 9 s' }],
      ['gate.changed', { gate: 'stale-data', symbol: 'BTC/USD', reason: 'no bar for 3 h' }],
      ['gate.changed', { gate: 'clock', symbol: null, reason: null }],
      ['account.checked', { at: 1, differences: [] }],
      ['account.checked', { at: 2, differences: [difference, other] }],
    );
    const row = { symbol: null, message: '' };
    expect(rowsAfter([events.slice(0, 3), events.slice(3)], sql)).toEqual([
      { ...row, seq: 1, kind: 'commanded', check_name: 'halt', message: 'lunch (halt command)' },
      { ...row, seq: 2, kind: 'closed', check_name: 'clock', message: 'the clock is off by 9 s' },
      {
        seq: 3,
        kind: 'closed',
        symbol: 'BTC/USD',
        check_name: 'stale-data',
        message: 'no bar for 3 h',
      },
      { ...row, seq: 4, kind: 'opened', check_name: 'clock' },
      {
        ...row,
        seq: 6,
        kind: 'differed',
        check_name: 'account',
        message: 'BTC: 1 was expected, was nothing; USD differs',
      },
    ]);
  });

  it('is not taken for a halt of risk', () => {
    const database = connect();
    const run = begunRun(database);
    const act = { act: 'halt', reason: 'lunch', by: 'halt command', at: 1 } as const;
    run.commit(inputOf(after(0, ['operator.commanded', act])));
    expect(new SqliteRunArchive(database).alertsUntil(run.runId, 99)).toEqual([]);
  });
});
