import { describe, expect, it } from 'vitest';
import { SqliteRunArchive } from '../../../src/adapters/sqlite/sqlite-run-archive.ts';
import { SqliteRunStore } from '../../../src/adapters/sqlite/sqlite-run-store.ts';
import { DataError } from '../../../src/core/errors.ts';
import type { AnyEvent } from '../../../src/core/events.ts';
import type { Assessment } from '../../../src/core/risk.ts';
import { HOUR_MS } from '../../../src/core/time.ts';
import { START } from './bar-rows.ts';
import { connect } from './fixtures.ts';
import { roundTrip, runEnd, runStart } from './run-events.ts';

const PASSED: readonly Assessment[] = [
  { layer: 'order', check: 'order-quantity', limit: 0, actual: 0.5, passed: true },
  { layer: 'portfolio', check: 'correlated-group', limit: null, actual: Number.NaN, passed: true },
];
const REFUSED: readonly Assessment[] = [
  ...PASSED,
  {
    layer: 'symbol',
    check: 'symbol-exposure',
    limit: 0.15,
    actual: 0.17,
    passed: false,
    message: 'too much',
  },
];
const BUSINESS = { strategy: 'mean_reversion', symbol: 'BTC/USD' };

/** Three round trips an hour apart; the fourth order of each is refused. */
const EVENTS = [0, 1, 2].flatMap(roundTrip).flatMap((event): readonly AnyEvent[] => {
  if (event.type !== 'order.requested') return [event];
  const { id } = event.payload;
  const isRefused = Number(id.slice(1)) % 4 === 0;
  const payload = { orderId: id, assessments: isRefused ? REFUSED : PASSED };
  return [event, { ...event, type: 'risk.assessed', payload }];
});

function archived(changesPerCommit: number, start = runStart()) {
  const database = connect();
  const recorder = new SqliteRunStore(database, { changesPerCommit }).begin(start);
  for (const event of EVENTS) recorder.record(event);
  recorder.finish(runEnd());
  return { database, archive: new SqliteRunArchive(database) };
}

describe.each([
  ['after every event', 1],
  ['now and then', 7],
  ['at the end', 5_000],
])('what a run recorded, committed %s', (_title, changesPerCommit) => {
  const open = () => archived(changesPerCommit).archive;

  it('has every check of every order, in order, NaN and no limit as null', () => {
    const [entry, stop] = open().ordersOf('bt-1', 1);
    const passed = [
      { layer: 'order', check: 'order-quantity', limit: 0, actual: 0.5, passed: true },
      { layer: 'portfolio', check: 'correlated-group', limit: null, actual: null, passed: true },
    ];
    expect([entry?.id, entry?.checks]).toEqual(['o1', passed]);
    expect([stop?.id, stop?.checks]).toEqual(['o2', passed]);
  });

  it('has of a refused order the failed check last, and the sentence', () => {
    const [refused] = open().ordersOf('bt-1', 20);
    expect(refused).toMatchObject({ id: 'o4', state: 'rejected', refusal: 'too much', fills: [] });
    expect(refused?.checks.at(-1)).toEqual({
      layer: 'symbol',
      check: 'symbol-exposure',
      limit: 0.15,
      actual: 0.17,
      passed: false,
    });
    expect(refused?.steps).toEqual([
      { state: 'rejected', seq: 22, ts: START, reason: 'symbol-exposure' },
    ]);
  });

  it('has the states of an order with their times, fills apart', () => {
    const [entry, stop] = open().ordersOf('bt-1', 1);
    expect(entry?.steps.map(({ state, seq, reason }) => [state, seq, reason])).toEqual([
      ['approved', 3, null],
      ['submitted', 4, null],
      ['accepted', 5, null],
    ]);
    expect(entry?.fills).toEqual([
      {
        seq: 6,
        ts: START,
        time: START,
        quantity: '0.5',
        price: '100.3',
        rawPrice: '100.26',
        fee: '0.3',
        liquidity: 'taker',
      },
    ]);
    expect(stop?.steps.at(-1)).toEqual({
      state: 'canceled',
      seq: 18,
      ts: START,
      reason: 'position closed',
    });
  });

  it('finds signals by their bar, with their conditions', () => {
    const archive = open();
    const signals = archive.signalsOn('bt-1', BUSINESS, START + HOUR_MS);
    expect(signals.map(({ seq, intent, outcome }) => [seq, intent, outcome])).toEqual([
      [25, 'enter', 'ordered'],
      [37, 'exit', 'ordered'],
      [44, 'enter', 'ordered'],
      [47, 'exit', 'no-position'],
    ]);
    expect(signals[0]?.conditions).toEqual([
      { name: 'z-score', value: -2.5, comparison: '<', threshold: -2, holds: true },
    ]);
    expect(archive.signalsOn('bt-1', { ...BUSINESS, symbol: 'ETH/USD' }, START)).toEqual([]);
    expect(archive.signalsOn('bt-2', BUSINESS, START)).toEqual([]);
  });

  it('finds the nearest signal, an earlier one before a later one', () => {
    const archive = open();
    const nearest = (at: number) => archive.nearestSignal('bt-1', BUSINESS, at)?.seq;
    expect(nearest(START + 1.5 * HOUR_MS)).toBe(47);
    expect(nearest(START + HOUR_MS)).toBe(23);
    expect(nearest(START)).toBe(25);
    expect(archive.nearestSignal('bt-1', { ...BUSINESS, strategy: 'other' }, START)).toBeNull();
  });

  it('tells when decisions of an instant began', () => {
    const archive = open();
    expect(archive.firstSignalAt('bt-1', START + HOUR_MS)).toBe(25);
    expect(archive.firstSignalAt('bt-1', START + 1)).toBeNull();
  });

  it('leaves out orders that were surely over before an instant', () => {
    const around = (hours: number) =>
      open()
        .ordersAround('bt-1', BUSINESS, START + hours * HOUR_MS)
        .map(({ id }) => id);
    expect(around(-1)).toEqual([]);
    expect(around(0)).toEqual(['o1', 'o2', 'o3', 'o4']);
    expect(around(1)).toEqual(['o5', 'o6', 'o7', 'o8']);
    expect(around(5)).toEqual([]);
  });

  it('has a position with all its orders', () => {
    const archive = open();
    expect(archive.position('bt-1', 'p2')).toMatchObject({
      id: 'p2',
      side: 'long',
      state: 'closed',
      grossPnl: '1.35',
      exitReason: 'middle band',
    });
    expect(archive.position('bt-1', 'p99')).toBeNull();
    expect(archive.ordersOfPosition('bt-1', 'p2').map(({ id }) => id)).toEqual(['o5', 'o6', 'o7']);
    const within = (from: number, until: number) =>
      archive.positionsWithin('bt-1', BUSINESS, { from, until }).map(({ id }) => id);
    expect(within(START, START)).toEqual(['p1']);
    expect(within(START + 1, START + HOUR_MS)).toEqual(['p1', 'p2']);
    expect(within(START + 2, START + HOUR_MS)).toEqual(['p2']);
  });
});

describe('what a run recorded of its strategies', () => {
  it('is all it takes to make them again', () => {
    const [builtIn] = runStart().strategies;
    if (builtIn === undefined) throw new Error('no strategy');
    const own = {
      ...builtIn,
      id: 'own',
      symbols: ['ETH/USD'],
      allowShort: true,
      source: { file: '/home/user/own.ts', sha256: 'abc' },
    };
    const { archive } = archived(7, runStart({ strategies: [builtIn, own] }));
    expect(archive.strategies('bt-1')).toEqual([builtIn, own]);
    expect(archive.config('bt-1')).toBe('{}');
  });

  it('refuses what no recorder writes', () => {
    const { database, archive } = archived(7);
    database.exec(`UPDATE signals SET conditions = '[{"name":1}]'`);
    expect(() => archive.signalsOn('bt-1', BUSINESS, START)).toThrow(DataError);
  });
});
