import { describe, expect, it } from 'vitest';
import { DataError, InvariantError } from '../../../src/core/errors.ts';
import { orderId, tradeId } from '../../../src/core/ids.ts';
import type { LastingRun } from '../../../src/ports/lasting-run.ts';
import type { VenueOrderRecord, VenueTradeRecord } from '../../../src/ports/venue-ledger.ts';
import type { Database } from '../../../src/adapters/sqlite/database.ts';
import { connect, temporaryPath } from './fixtures.ts';
import { inputOf, lastingRuns, LIVE, paperStart, tradedSlices } from './lasting-inputs.ts';

const EVENTS = tradedSlices(2);
const [FIRST, SECOND] = [EVENTS.slice(0, 29), EVENTS.slice(29)];

const ORDER: VenueOrderRecord = {
  clientId: 'qsaaaa',
  orderId: orderId(1),
  symbol: 'BTC/USD',
  stage: 'intended',
  venueId: null,
  intendedAt: 5,
  detail: '{"tries":0}',
};

const TRADE: VenueTradeRecord = {
  venueTradeId: 'v-77',
  symbol: 'BTC/USD',
  tradeId: tradeId(1),
  orderId: orderId(1),
  time: 6,
  detail: '{}',
};

function liveRun(database: Database): LastingRun {
  const runs = lastingRuns(database);
  runs.claim(LIVE);
  return runs.begin(paperStart({ mode: 'live' }));
}

function resumed(path: string, run: LastingRun): LastingRun {
  return lastingRuns(connect(path)).resume(run.runId, paperStart({ mode: 'live' }));
}

describe('an order at a venue', () => {
  it('is read at once, and is on record with the input it belongs to', () => {
    const path = temporaryPath();
    const run = liveRun(connect(path));
    run.venueLedger.putOrder(ORDER);
    expect(run.venueLedger.order('qsaaaa')).toEqual(ORDER);
    expect(run.venueLedger.unfinished()).toEqual([ORDER]);
    expect(resumed(path, run).venueLedger.order('qsaaaa')).toBeNull();
    run.commit(inputOf(FIRST));
    expect(run.venueLedger.order('qsaaaa')).toEqual(ORDER);
    expect(resumed(path, run).venueLedger.unfinished()).toEqual([ORDER]);
  });

  it('is not on record where the input could not be', () => {
    const path = temporaryPath();
    const run = liveRun(connect(path));
    run.venueLedger.putOrder({ ...ORDER, orderId: orderId(99) });
    expect(() => run.commit(inputOf(FIRST))).toThrow(DataError);
    expect(connect(path).prepare('SELECT count(*) FROM events').pluck().get()).toBe(0);
    expect(resumed(path, run).venueLedger.unfinished()).toEqual([]);
  });

  it('changes stage, in the order the intents came up, until it is over', () => {
    const path = temporaryPath();
    const run = liveRun(connect(path));
    const other = { ...ORDER, clientId: 'qsbbbb', orderId: orderId(2), intendedAt: 1 };
    run.venueLedger.putOrder(ORDER);
    run.venueLedger.putOrder(other);
    run.commit(inputOf(FIRST));
    const sent = { ...ORDER, stage: 'acknowledged', venueId: 'v1', detail: '{"tries":1}' } as const;
    const third = { ...ORDER, clientId: 'qscccc', orderId: orderId(5) };
    run.venueLedger.putOrder(sent);
    run.venueLedger.putOrder(third);
    expect(run.venueLedger.unfinished()).toEqual([sent, other, third]);
    run.commit(inputOf(SECOND));
    run.venueLedger.putOrder({ ...other, stage: 'over' });
    expect(run.venueLedger.unfinished()).toEqual([sent, third]);
    expect(resumed(path, run).venueLedger.unfinished()).toEqual([sent, other, third]);
    expect(run.venueLedger.order('qsbbbb')?.stage).toBe('over');
  });

  it('is found by the name the exchange gave it, in its run and of its symbol alone', () => {
    const path = temporaryPath();
    const run = liveRun(connect(path));
    const named = { ...ORDER, stage: 'over', venueId: 'v1' } as const;
    run.venueLedger.putOrder(ORDER);
    expect(run.venueLedger.orderAt('BTC/USD', 'v1')).toBeNull();
    run.venueLedger.putOrder(named);
    expect(run.venueLedger.orderAt('BTC/USD', 'v1')).toEqual(named);
    run.commit(inputOf(FIRST));
    const { venueLedger } = resumed(path, run);
    expect(venueLedger.orderAt('BTC/USD', 'v1')).toEqual(named);
    expect(venueLedger.orderAt('ETH/USD', 'v1')).toBeNull();
    expect(venueLedger.orderAt('BTC/USD', 'v2')).toBeNull();
    expect(liveRun(connect(path)).venueLedger.orderAt('BTC/USD', 'v1')).toBeNull();
  });

  it.each([
    [
      'of another order',
      { orderId: orderId(2) },
      /client order id qsaaaa belongs to order o1 of run/,
    ],
    ['that was sent, as an intent', { stage: 'intended' }, /it cannot be intended again/],
  ] as const)('has an id that is never used again: not for one %s', (_, changes, message) => {
    const { venueLedger } = liveRun(connect());
    venueLedger.putOrder({ ...ORDER, stage: 'unknown' });
    const put = () => venueLedger.putOrder({ ...ORDER, stage: 'unknown', ...changes });
    expect(put).toThrow(InvariantError);
    expect(put).toThrow(message);
  });

  it('has an id that no other run uses either', () => {
    const database = connect();
    const run = liveRun(database);
    run.venueLedger.putOrder(ORDER);
    run.commit(inputOf(FIRST));
    const next = lastingRuns(database).begin(paperStart({ mode: 'live' }));
    expect(next.venueLedger.unfinished()).toEqual([]);
    expect(() => next.venueLedger.putOrder(ORDER)).toThrow(/belongs to order o1 of run live-1/);
  });
});

describe('an execution at a venue', () => {
  it('is read at once and ever after, by its id and by its order', () => {
    const path = temporaryPath();
    const run = liveRun(connect(path));
    const { venueLedger } = run;
    const later = { ...TRADE, venueTradeId: 'v-8', tradeId: tradeId(2), time: 9 };
    venueLedger.putTrade(TRADE);
    expect(venueLedger.trade('BTC/USD', 'v-77')).toEqual(TRADE);
    expect(venueLedger.trade('ETH/USD', 'v-77')).toBeNull();
    run.commit(inputOf(FIRST));
    venueLedger.putTrade(later);
    expect(venueLedger.tradesOf(orderId(1))).toEqual([TRADE, later]);
    expect(venueLedger.tradesOf(orderId(3))).toEqual([]);
    run.commit(inputOf(SECOND));
    expect(resumed(path, run).venueLedger.tradesOf(orderId(1))).toEqual([TRADE, later]);
  });

  it('may have its detail noted again, in its place', () => {
    const run = liveRun(connect());
    run.venueLedger.putTrade(TRADE);
    run.commit(inputOf(FIRST));
    const detailed = { ...TRADE, detail: '{"fee":"0.1"}' };
    run.venueLedger.putTrade({ ...TRADE, venueTradeId: 'v-8', tradeId: tradeId(2) });
    run.venueLedger.putTrade(detailed);
    expect(run.venueLedger.tradesOf(orderId(1)).map((each) => each.venueTradeId)).toEqual([
      'v-77',
      'v-8',
    ]);
    run.commit(inputOf(SECOND));
    expect(run.venueLedger.trade('BTC/USD', 'v-77')).toEqual(detailed);
  });

  it('is never booked twice: not in its run, nor in any other of the account', () => {
    const database = connect();
    const run = liveRun(database);
    run.venueLedger.putTrade(TRADE);
    const again = { ...TRADE, tradeId: tradeId(2) };
    expect(() => run.venueLedger.putTrade(again)).toThrow(/v-77 of BTC\/USD is booked as trade t1/);
    run.commit(inputOf(FIRST));
    expect(() => run.venueLedger.putTrade(again)).toThrow(InvariantError);
    const next = lastingRuns(database).begin(paperStart({ mode: 'live' }));
    expect(next.venueLedger.trade('BTC/USD', 'v-77')).toEqual(TRADE);
    expect(() => next.venueLedger.putTrade(TRADE)).toThrow(InvariantError);
    expect(next.venueLedger.tradesOf(orderId(1))).toEqual([]);
  });

  it('is held apart by the table itself', () => {
    const database = connect();
    const run = liveRun(database);
    run.venueLedger.putTrade(TRADE);
    run.commit(inputOf(FIRST));
    const copy = database.prepare(
      `INSERT INTO venue_trades (exchange, account, symbol, venue_trade_id, run_id, trade_id,
         order_id, time, detail)
       SELECT exchange, ?, symbol, venue_trade_id, run_id, 't9', order_id, 1, '{}' FROM venue_trades`,
    );
    expect(() => copy.run('acc-1')).toThrow(/UNIQUE/);
    expect(() => copy.run('acc-2')).not.toThrow();
  });
});
