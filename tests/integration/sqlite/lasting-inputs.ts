import type { Bar } from '../../../src/core/bar.ts';
import type { AnyEvent } from '../../../src/core/events.ts';
import { toExactJson } from '../../../src/core/exact-json.ts';
import { HOUR_MS } from '../../../src/core/time.ts';
import type { InputRecord, LastingRun } from '../../../src/ports/lasting-run.ts';
import type { RunStart } from '../../../src/ports/run-store.ts';
import { SqliteLastingRuns } from '../../../src/adapters/sqlite/sqlite-lasting-runs.ts';
import type { Database } from '../../../src/adapters/sqlite/database.ts';
import { START } from './bar-rows.ts';
import { roundTripFrom, runStart } from './run-events.ts';

export const PAPER = { mode: 'paper', exchange: 'test', account: null } as const;
export const LIVE = { mode: 'live', exchange: 'test', account: 'acc-1' } as const;

export function paperStart(changes: Partial<RunStart> = {}): RunStart {
  return runStart({ mode: 'paper', ...changes });
}

/** A store whose nonces are counted. */
export function lastingRuns(database: Database): SqliteLastingRuns {
  let nonces = 0;
  return new SqliteLastingRuns(database, { makeNonce: () => `nonce-${++nonces}` });
}

/** A paper run that begins in a database of its own. */
export function begunRun(database: Database): LastingRun {
  const runs = lastingRuns(database);
  runs.claim(PAPER);
  return runs.begin(paperStart());
}

export function barAt(n: number, symbol: string): Bar {
  const openTime = START + n * HOUR_MS;
  const numbers = { open: 100 + n, high: 103.25 + n, low: 99 + n, close: 101.5 + n, volume: 7.5 };
  return { symbol, timeframe: '1h', openTime, closeTime: openTime + HOUR_MS, ...numbers, flags: 0 };
}

/** What a slice of two symbols leads to: five events from `first` on. */
export function sliceEvents(n: number, first: number): readonly AnyEvent[] {
  const bars = [barAt(n, 'BTC/USD'), barAt(n, 'ETH/USD')];
  const closeTime = START + (n + 1) * HOUR_MS;
  const drafts = [
    ...bars.map((payload) => ({ type: 'bar.arrived', payload }) as const),
    { type: 'slice.closed', payload: { closeTime, bars } } as const,
    ...bars.map((payload) => ({ type: 'bar.closed', payload }) as const),
  ];
  return drafts.map((draft, at) => ({ ...draft, seq: first + at, ts: closeTime, causedBy: null }));
}

/** Events of so many slices, each with a round trip after it: 29 events a slice. */
export function tradedSlices(count: number): readonly AnyEvent[] {
  const events: AnyEvent[] = [];
  for (let n = 0; n < count; n++) {
    events.push(...sliceEvents(n, events.length + 1));
    events.push(...roundTripFrom(n, events.length + 1));
  }
  return events;
}

/** One input of these events. */
export function inputOf(events: readonly AnyEvent[], state = stateAfter(events)): InputRecord {
  const at = events.at(-1)?.ts ?? 0;
  return { events, equity: [], state, at };
}

/** Cuts events into inputs at slices and then after every so many. */
export function inputsOf(events: readonly AnyEvent[], most: number): readonly InputRecord[] {
  const inputs: AnyEvent[][] = [];
  for (const event of events) {
    const last = inputs.at(-1);
    const begins = event.type === 'bar.arrived' && last?.at(-1)?.type !== 'bar.arrived';
    if (last === undefined || begins || last.length >= most) inputs.push([event]);
    else last.push(event);
  }
  return inputs.map((each) => inputOf(each));
}

function stateAfter(events: readonly AnyEvent[]): string {
  return toExactJson({ seq: events.at(-1)?.seq ?? 0 });
}
