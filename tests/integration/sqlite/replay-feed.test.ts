import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { PAGE_BARS } from '../../../src/adapters/sqlite/bar-pages.ts';
import { ReplayFeed, type ReplayOptions } from '../../../src/adapters/sqlite/replay-feed.ts';
import { SqliteBarStore } from '../../../src/adapters/sqlite/sqlite-bar-store.ts';
import { ReplayClock } from '../../../src/adapters/system/replay-clock.ts';
import { BAR_FLAGS, type Slice } from '../../../src/core/bar.ts';
import { HOUR_MS } from '../../../src/core/time.ts';
import type { BarRow } from '../../../src/ports/bar-store.ts';
import { BTC_1H, START, barRow, barRows, write } from './bar-rows.ts';
import { connect, rowsOf } from './fixtures.ts';

const RUNNING = new AbortController().signal;

/** A store with hourly bars of each symbol at those indices. */
function storeOf(symbols: Readonly<Record<string, readonly BarRow[]>>): SqliteBarStore {
  const store = new SqliteBarStore(connect());
  for (const [symbol, bars] of Object.entries(symbols)) {
    store.save(write(bars, { key: { ...BTC_1H, symbol } }));
  }
  return store;
}

function at(...indices: readonly number[]): readonly BarRow[] {
  return indices.map((index) => barRow(index));
}

/** Replays everything the store has; the sink notes one line a slice: `W|T index symbols now`. */
function replayOf(store: SqliteBarStore, changes: Partial<ReplayOptions> = {}) {
  const clock = new ReplayClock(0);
  const slices: Slice[] = [];
  const lines: string[] = [];
  const note = (phase: string) => (slice: Slice) => {
    const hour = (slice.closeTime - START) / HOUR_MS - 1;
    const now = clock.now() === slice.closeTime ? '' : ' at the wrong time';
    lines.push(`${phase} ${hour} ${slice.bars.map(({ symbol }) => symbol[0]).join('')}${now}`);
    slices.push(slice);
  };
  const feed = new ReplayFeed({
    store,
    series: store.series(),
    clock,
    warmUpBars: 0,
    start: -Infinity,
    end: Infinity,
    timer: () => 0,
    ...changes,
  });
  return { feed, lines, slices, sink: { warmUp: note('W'), trade: note('T') } };
}

describe('ReplayFeed', () => {
  it('builds the bars that were saved, closed one timeframe after they opened', async () => {
    const { feed, slices, sink } = replayOf(storeOf({ 'BTC/USD': at(0) }));
    await feed.run(sink, RUNNING);
    expect(slices).toEqual([
      {
        closeTime: START + HOUR_MS,
        bars: [{ ...barRow(0), symbol: 'BTC/USD', timeframe: '1h', closeTime: START + HOUR_MS }],
      },
    ]);
    expect(feed.bars).toBe(1);
  });

  it('merges symbols by close time, those of one time together and in symbol order', async () => {
    const store = storeOf({
      'C/USD': at(0, 1, 2, 5),
      'A/USD': at(1, 2, 4, 5),
      'B/USD': at(2, 3, 5, 9),
    });
    const { feed, lines, sink } = replayOf(store, { series: store.series().toReversed() });
    await feed.run(sink, RUNNING);
    expect(lines).toEqual(['T 0 C', 'T 1 AC', 'T 2 ABC', 'T 3 B', 'T 4 A', 'T 5 ABC', 'T 9 B']);
    expect(feed.bars).toBe(12);
  });

  it('warms each symbol up on as many bars of its own before the period, over gaps', async () => {
    const store = storeOf({ 'A/USD': at(1, 3, 4, 5, 6), 'B/USD': at(0, 1, 2, 5, 7) });
    const { feed, lines, sink } = replayOf(store, {
      warmUpBars: 2,
      start: START + 5 * HOUR_MS,
      end: START + 7 * HOUR_MS,
    });
    await feed.run(sink, RUNNING);
    expect(lines).toEqual(['W 1 B', 'W 2 B', 'W 3 A', 'W 4 A', 'T 5 AB', 'T 6 A']);
  });

  it('warms up on what there is where the period begins too early', async () => {
    const { feed, lines, sink } = replayOf(storeOf({ 'A/USD': at(0, 1, 2) }), {
      warmUpBars: 500,
      start: START + HOUR_MS,
    });
    await feed.run(sink, RUNNING);
    expect(lines).toEqual(['W 0 A', 'T 1 A', 'T 2 A']);
  });

  it('delivers every bar once and in order across pages', async () => {
    const count = 2 * PAGE_BARS + 3;
    const store = storeOf({
      'A/USD': barRows(0, count),
      'B/USD': barRows(0, count).filter((_, index) => index % 3 !== 0),
    });
    const replays = [replayOf(store), replayOf(store)];
    // The first one reads rows, the second one the blocks that the first one left.
    for (const { feed, slices, sink } of replays) {
      await feed.run(sink, RUNNING);
      expect(slices.length).toBe(count);
      const opens = slices.map(({ bars }) => bars[0]?.openTime);
      expect(opens).toEqual(barRows(0, count).map(({ openTime }) => openTime));
      expect(slices.filter(({ bars }) => bars.length === 1).length).toBe(Math.ceil(count / 3));
    }
  });

  it('stops between two slices when the signal aborts, and lets the event loop turn', async () => {
    const { feed, slices, sink } = replayOf(storeOf({ 'A/USD': barRows(0, PAGE_BARS) }));
    const controller = new AbortController();
    setImmediate(() => controller.abort());
    await feed.run(sink, controller.signal);
    expect(slices.length).toBeGreaterThan(0);
    expect(slices.length).toBeLessThan(PAGE_BARS);
    expect(feed.bars).toBe(slices.length);
  });

  it('delivers nothing when the signal has aborted before', async () => {
    const { feed, lines, sink } = replayOf(storeOf({ 'A/USD': at(0) }));
    await feed.run(sink, AbortSignal.abort());
    expect(lines).toEqual([]);
  });

  it('passes on what the sink throws', async () => {
    const { feed } = replayOf(storeOf({ 'A/USD': at(0) }));
    const sink = {
      warmUp: () => undefined,
      trade: () => {
        throw new Error('halted');
      },
    };
    await expect(feed.run(sink, RUNNING)).rejects.toThrow('halted');
  });

  it('tells how far it is', async () => {
    const seen: (readonly [number, number])[] = [];
    const { feed, sink } = replayOf(storeOf({ 'A/USD': barRows(0, 4_000) }), {
      start: START,
      end: START + 4_000 * HOUR_MS,
      onProgress: ({ bars, fraction }) => seen.push([bars, fraction]),
    });
    await feed.run(sink, RUNNING);
    // 1,024 of 4,000 bars are a share of 0.256.
    expect(seen).toEqual([
      [1_024, 0.256],
      [2_048, 0.512],
      [3_072, 0.768],
      [4_000, 1],
    ]);
  });

  it('measures the time spent in fetching pages', async () => {
    let now = 0;
    // Two readings a fetch, one second apart; three pages are two with bars and the end.
    const { feed, sink } = replayOf(storeOf({ 'A/USD': barRows(0, PAGE_BARS + 1) }), {
      timer: () => (now += 1_000),
    });
    await feed.run(sink, RUNNING);
    expect(feed.readSeconds).toBe(3);
  });

  it('refuses two series of one symbol, and two timeframes', () => {
    const store = storeOf({ 'A/USD': at(0) });
    store.save(write(at(0), { key: { ...BTC_1H, symbol: 'B/USD', timeframe: '4h' } }));
    expect(() => replayOf(store)).toThrow(/A\/USD 1h, B\/USD 4h/);
    const [first] = store.series();
    if (first === undefined) throw new Error('no series');
    expect(() => replayOf(store, { series: [first, first] })).toThrow(/one series a symbol/);
  });
});

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

describe('the data fingerprint', () => {
  async function fingerprintOf(store: SqliteBarStore, changes: Partial<ReplayOptions> = {}) {
    const { feed, sink } = replayOf(store, changes);
    await feed.run(sink, RUNNING);
    return feed.fingerprint();
  }

  const whole = { 'A/USD': barRows(0, 300), 'B/USD': barRows(50, 200) };

  it('is the hash over sorted lines of each series with the hash of its rows', async () => {
    const hashes = [whole['A/USD'], whole['B/USD']].map((bars) =>
      sha256(new Uint8Array(rowsOf(withoutOutlierFlags(bars)).buffer)),
    );
    expect(await fingerprintOf(storeOf(whole))).toBe(
      sha256(`test|A/USD|1h|${hashes[0]}\ntest|B/USD|1h|${hashes[1]}`),
    );
  });

  it('does not depend on the order in which rows and series were imported', async () => {
    const turned = storeOf({
      'B/USD': whole['B/USD'].toReversed(),
      'A/USD': whole['A/USD'].slice(100),
    });
    turned.save(write(whole['A/USD'].slice(0, 150), { key: { ...BTC_1H, symbol: 'A/USD' } }));
    expect(await fingerprintOf(turned)).toBe(await fingerprintOf(storeOf(whole)));
  });

  it('is the same from rows and from packed blocks', async () => {
    const store = storeOf({ 'A/USD': barRows(0, 2 * PAGE_BARS + 9) });
    const fromRows = await fingerprintOf(store);
    expect(await fingerprintOf(store)).toBe(fromRows);
  });

  it.each([
    ['a value', { ...whole, 'B/USD': at(...Array(150).keys()) }],
    ['a flag', { ...whole, 'B/USD': [barRow(50, { flags: 4 }), ...barRows(51, 200)] }],
    ['a missing bar', { ...whole, 'B/USD': barRows(50, 199) }],
    ['a name', { 'A/USD': whole['A/USD'], 'X/USD': whole['B/USD'] }],
  ])('tells apart data that differ in %s', async (_, other) => {
    expect(await fingerprintOf(storeOf(other))).not.toBe(await fingerprintOf(storeOf(whole)));
  });

  it('takes no notice of the outlier flag, which the bars of another file decide', async () => {
    const flagged = { ...whole, 'B/USD': [barRow(50, { flags: 1 }), ...barRows(51, 200)] };
    const plain = { ...whole, 'B/USD': [barRow(50, { flags: 0 }), ...barRows(51, 200)] };
    expect(await fingerprintOf(storeOf(flagged))).toBe(await fingerprintOf(storeOf(plain)));
  });

  it('covers the bars delivered and no others', async () => {
    const period = { start: START + 60 * HOUR_MS, end: START + 100 * HOUR_MS, warmUpBars: 10 };
    const cut = storeOf({ 'A/USD': barRows(50, 100), 'B/USD': barRows(50, 100) });
    expect(await fingerprintOf(storeOf(whole), period)).toBe(await fingerprintOf(cut));
  });

  it('covers what was delivered before an abort', async () => {
    const { feed, slices, sink } = replayOf(storeOf({ 'A/USD': barRows(0, 3_000) }));
    const controller = new AbortController();
    setImmediate(() => controller.abort());
    await feed.run(sink, controller.signal);
    expect(slices.length).toBeLessThan(3_000);
    const same = storeOf({ 'A/USD': barRows(0, slices.length) });
    expect(feed.fingerprint()).toBe(await fingerprintOf(same));
  });

  it('sorts by exchange before symbol', async () => {
    const store = new SqliteBarStore(connect());
    store.save(write(at(0), { key: { ...BTC_1H, exchange: 'z', symbol: 'A/USD' } }));
    store.save(write(at(0), { key: { ...BTC_1H, exchange: 'a', symbol: 'B/USD' } }));
    const rows = sha256(new Uint8Array(rowsOf(withoutOutlierFlags(at(0))).buffer));
    expect(await fingerprintOf(store)).toBe(sha256(`a|B/USD|1h|${rows}\nz|A/USD|1h|${rows}`));
  });
});

function withoutOutlierFlags(bars: readonly BarRow[]): readonly BarRow[] {
  return bars.map((bar) => ({ ...bar, flags: bar.flags & ~BAR_FLAGS.outlier }));
}
