import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { ExchangeError } from '../../../src/core/errors.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/core/time.ts';
import { hour } from '../collect/listed-venue.ts';
import { FeedStage, GRACE } from './feed-stage.ts';

const HALF = 30 * MINUTE_MS;
const BOTH = ['BTC/USD', 'ETH/USD'];

/** Half past an hour, bars from the first hour on, each shown when it closes. */
function stageAt(now: number, to = now + 50, symbols: readonly string[] = ['BTC/USD']): FeedStage {
  const stage = new FeedStage({ now: hour(now) + HALF, symbols });
  for (const symbol of symbols) stage.publish(symbol, 0, to);
  return stage;
}

const down = () => new ExchangeError('listed is down', { kind: 'unavailable' });

describe('a feed that starts afresh', () => {
  it('warms up on the bars before its start and trades the first that closes after it', async () => {
    const stage = stageAt(100);
    await stage.run(hour(103));
    expect(stage.lines).toEqual([
      'warmUp BTC 97 @100+1800s',
      'warmUp BTC 98 @100+1800s',
      'warmUp BTC 99 @100+1800s',
      'trade BTC 100 @101+5s',
      'trade BTC 101 @102+5s',
    ]);
  });

  it('fetches no more than it warms up on', async () => {
    const stage = stageAt(100);
    await stage.run(hour(100) + HALF + MINUTE_MS, { warmUpBars: 10 });
    const [series] = stage.store.series();
    expect(series).toMatchObject({ firstOpen: hour(90), bars: 10 });
  });

  it('takes a bar within its grace for one that closes after the start', async () => {
    const stage = new FeedStage({ now: hour(100) + 1000 });
    stage.publish('BTC/USD', 0, 120);
    await stage.run(hour(100) + MINUTE_MS);
    expect(stage.lines.at(-1)).toBe('trade BTC 99 @100+5s');
  });

  it('looks further back where the venue has no bars', async () => {
    const stage = new FeedStage({ now: hour(100) + HALF });
    stage.publish('BTC/USD', 60, 70);
    stage.publish('BTC/USD', 98, 100);
    await stage.run(hour(100) + HALF + MINUTE_MS, { warmUpBars: 12 });
    expect(stage.handed.map(({ openTime }) => (openTime - hour(0)) / HOUR_MS)).toEqual([
      60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 98, 99,
    ]);
  });

  it('starts with what there is of a symbol that is new', async () => {
    const stage = new FeedStage({ now: hour(100) + HALF });
    stage.publish('BTC/USD', 98, 120);
    await stage.run(hour(101) + MINUTE_MS, { warmUpBars: 500 });
    expect(stage.handed.map(({ kind }) => kind)).toEqual(['warmUp', 'warmUp', 'trade']);
  });

  it('ends with the fault of an exchange that cannot be reached', async () => {
    const stage = stageAt(100);
    stage.market.fault = down;
    await expect(stage.run(hour(101))).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('ends where every symbol is refused', async () => {
    const stage = stageAt(100, 150, BOTH);
    stage.market.fault = (symbol) =>
      symbol === '' ? null : new ExchangeError(`no ${symbol}`, { kind: 'rejected' });
    await expect(stage.run(hour(101))).rejects.toThrow(/no BTC\/USD; no ETH\/USD/);
  });
});

describe('a feed that goes on', () => {
  it('catches up what closed meanwhile and trades the newest slice', async () => {
    const stage = stageAt(100);
    await stage.run(hour(100) + HALF + MINUTE_MS, { from: hour(97), warmUpBars: 2 });
    expect(stage.lines.map((line) => line.replace(/ @.*/, ''))).toEqual([
      'warmUp BTC 95',
      'warmUp BTC 96',
      'catchUp BTC 97',
      'catchUp BTC 98',
      'trade BTC 99',
    ]);
  });

  it('decides on nothing older than the limit', async () => {
    const stage = stageAt(100);
    const settings = { from: hour(98), staleAfterMs: HALF - 1 };
    await stage.run(hour(101) + MINUTE_MS, settings);
    expect(stage.handed.slice(-3).map(({ kind }) => kind)).toEqual(['catchUp', 'catchUp', 'trade']);
  });

  it('hands nothing out again, and misses nothing, however often it is stopped', async () => {
    const stage = stageAt(100, 150, BOTH);
    await stage.run(hour(103) + MINUTE_MS);
    let from = stage.handed.at(-1)?.sliceClose ?? 0;
    stage.time.time = hour(107) + HALF;
    await stage.run(hour(108) + MINUTE_MS, { from, warmUpBars: 0 });
    from = stage.handed.at(-1)?.sliceClose ?? 0;
    await stage.run(hour(109) + MINUTE_MS, { from, warmUpBars: 0 });
    const traded = stage.handed.filter(({ kind }) => kind !== 'warmUp');
    const hours = traded.map(({ openTime }) => (openTime - hour(0)) / HOUR_MS);
    expect(hours).toEqual([100, 101, 102, 103, 104, 105, 106, 107, 108].flatMap((h) => [h, h]));
  });

  it('hands out thousands of bars in pages and turns', async () => {
    const stage = stageAt(2000, 2001);
    await stage.run(hour(2000) + HALF + MINUTE_MS, { from: hour(500), warmUpBars: 400 });
    expect(stage.handed).toHaveLength(1900);
    expect(stage.handed.map(({ openTime }) => (openTime - hour(0)) / HOUR_MS)).toEqual(
      Array.from({ length: 1900 }, (_, index) => 100 + index),
    );
    expect(stage.handed.at(-1)?.kind).toBe('trade');
  });
});

describe('a slice', () => {
  it('holds the bars of all symbols, in symbol order', async () => {
    const stage = stageAt(100, 150, ['ETH/USD', 'BTC/USD']);
    await stage.run(hour(101) + MINUTE_MS);
    expect(stage.lines.slice(-2)).toEqual(['trade BTC 100 @101+5s', 'trade ETH 100 @101+5s']);
  });

  it('waits for a symbol that is late', async () => {
    const stage = stageAt(100, 100, BOTH);
    stage.publish('BTC/USD', 100, 101);
    stage.publish('ETH/USD', 100, 101, 8000);
    await stage.run(hour(101) + MINUTE_MS);
    expect(stage.lines.slice(-2)).toEqual(['trade BTC 100 @101+10s', 'trade ETH 100 @101+10s']);
  });

  it('leaves without a symbol when the wait for stragglers is over', async () => {
    const stage = stageAt(100, 100, BOTH);
    stage.publish('BTC/USD', 100, 103);
    stage.publish('ETH/USD', 101, 103);
    await stage.run(hour(103) + MINUTE_MS);
    expect(stage.lines.slice(-5)).toEqual([
      'trade BTC 100 @101+15s',
      'trade BTC 101 @102+5s',
      'trade ETH 101 @102+5s',
      'trade BTC 102 @103+5s',
      'trade ETH 102 @103+5s',
    ]);
  });

  it('waits no longer for a symbol that is stale, once the venue has nothing of it', async () => {
    const stage = stageAt(100, 100, BOTH);
    stage.publish('BTC/USD', 100, 106);
    await stage.run(hour(106) + MINUTE_MS);
    expect(stage.lines.slice(-6).map((line) => line.split('@')[1])).toEqual([
      '101+15s',
      '102+5s',
      '103+5s',
      '104+5s',
      '105+5s',
      '106+5s',
    ]);
  });

  it('waits for nobody whose answer hangs', async () => {
    const stage = stageAt(100, 150, BOTH);
    stage.market.latencyMs = (symbol) => (symbol === 'ETH/USD' ? 20 * MINUTE_MS : 50);
    await stage.run(hour(102) + HALF);
    expect(stage.lines.filter((line) => line.includes('BTC')).slice(-2)).toEqual([
      'trade BTC 100 @101+15s',
      'trade BTC 101 @102+15s',
    ]);
    expect(stage.lines.filter((line) => line.includes('ETH')).slice(-1)).toEqual([
      'catchUp ETH 101 @102+1205s',
    ]);
  });

  it('leaves without a bar that comes later, which is caught up in a slice of its own', async () => {
    const stage = stageAt(100, 100, BOTH);
    stage.publish('BTC/USD', 100, 102);
    stage.publish('ETH/USD', 100, 101, 5 * MINUTE_MS);
    stage.publish('ETH/USD', 101, 102);
    await stage.run(hour(102) + MINUTE_MS);
    expect(stage.lines.slice(-4)).toMatchObject([
      'trade BTC 100 @101+15s',
      expect.stringMatching(/^catchUp ETH 100 @101\+3\d\ds$/),
      'trade BTC 101 @102+5s',
      'trade ETH 101 @102+5s',
    ]);
    expect(stage.handed.at(-3)?.sliceClose).toBe(hour(101));
  });

  it('never goes back in time for a bar that comes hours late', async () => {
    const stage = stageAt(100, 100, BOTH);
    stage.publish('BTC/USD', 100, 104);
    stage.publish('ETH/USD', 100, 102, 2 * HOUR_MS + MINUTE_MS);
    await stage.run(hour(104) + HALF);
    const late = stage.handed.filter(
      ({ symbol, kind }) => symbol === 'ETH/USD' && kind === 'catchUp',
    );
    expect(late.map(({ openTime }) => openTime)).toEqual([hour(100), hour(101)]);
    const closes = stage.handed.map(({ sliceClose }) => sliceClose);
    expect(closes).toEqual(closes.toSorted((one, other) => one - other));
  });
});

describe('an outage', () => {
  it('is caught up in time order before anything newer, and only the newest is traded', async () => {
    const stage = stageAt(100, 150, BOTH);
    const isDown = () => stage.time.time > hour(101) + MINUTE_MS && stage.time.time < hour(105);
    stage.market.fault = () => (isDown() ? down() : null);
    await stage.run(hour(106) + MINUTE_MS);
    const told = stage.handed.filter(({ openTime }) => openTime >= hour(100));
    expect(told.map(({ kind, openTime }) => `${kind} ${(openTime - hour(0)) / HOUR_MS}`)).toEqual(
      ['trade 100', 'catchUp 101', 'catchUp 102', 'catchUp 103', 'trade 104', 'trade 105'].flatMap(
        (each) => [each, each],
      ),
    );
  });

  it('is over only when its last page is there: what is not the newest is not traded', async () => {
    const stage = new FeedStage({ now: hour(100) + HALF, pageBars: 1 });
    stage.publish('BTC/USD', 90, 150);
    stage.market.latencyMs = (symbol) => (symbol === '' ? 50 : 2000);
    const isDown = () =>
      stage.time.time > hour(101) + MINUTE_MS && stage.time.time < hour(104) + HALF;
    stage.market.fault = (symbol) => (symbol !== '' && isDown() ? down() : null);
    await stage.run(hour(104) + HALF + 5 * MINUTE_MS);
    expect(stage.lines.slice(-4).map((line) => line.replace(/ @.*/, ''))).toEqual([
      'trade BTC 100',
      'catchUp BTC 101',
      'catchUp BTC 102',
      'trade BTC 103',
    ]);
  });

  it('closes the gate of every symbol once its data are old, and opens it when they are back', async () => {
    const stage = stageAt(100);
    const isDown = () => stage.time.time > hour(101) + MINUTE_MS && stage.time.time < hour(105);
    stage.market.fault = () => (isDown() ? down() : null);
    await stage.run(hour(106) + MINUTE_MS);
    const [, closed, opened] = stage.gates.filter(({ gate }) => gate === 'stale-data');
    const reason = 'the last bar of BTC/USD 1h closed at 2024-01-05T05:00:00Z';
    expect(closed, 'two bars later').toMatchObject({
      symbol: 'BTC/USD',
      reason,
      at: hour(103) + 26,
    });
    expect(opened).toMatchObject({ symbol: 'BTC/USD', reason: null });
    expect(opened?.at).toBeLessThan(hour(105) + 2 * MINUTE_MS);
  });

  it('is waited out in minutes, not in requests', async () => {
    const stage = stageAt(100);
    await stage.run(hour(101) + MINUTE_MS);
    const before = stage.market.asked;
    stage.market.fault = (symbol) => (symbol === '' ? null : down());
    await stage.run(hour(102) + MINUTE_MS, { from: hour(101), warmUpBars: 0 });
    expect(stage.market.asked - before).toBeLessThan(12);
  });

  it('leaves a venue alone that names a time, for all symbols (F56)', async () => {
    const stage = stageAt(100, 100, BOTH);
    stage.publish('BTC/USD', 100, 103);
    stage.publish('ETH/USD', 100, 103, 5 * MINUTE_MS);
    const askedAt: number[] = [];
    const banned = { kind: 'rate-limit', retryAfterMs: 20 * MINUTE_MS } as const;
    stage.market.fault = (symbol) => {
      const isPage = symbol !== '' && stage.time.time > hour(101);
      if (isPage) askedAt.push((stage.time.time - hour(101)) / 1000);
      const isFirst = stage.time.time < hour(101) + MINUTE_MS;
      return isPage && symbol === 'BTC/USD' && isFirst ? new ExchangeError('ban', banned) : null;
    };
    await stage.run(hour(101) + HALF);
    expect(askedAt.map(Math.floor)).toEqual([5, 5, 1205, 1205]);
    expect(stage.handed.slice(-2).map(({ kind }) => kind)).toEqual(['trade', 'trade']);
  });
});

describe('a symbol that is refused', () => {
  it('is left out with its gate closed while the others go on, and taken in again later', async () => {
    const stage = stageAt(100, 150, BOTH);
    const isGone = () => stage.time.time > hour(101) + MINUTE_MS && stage.time.time < hour(103);
    stage.market.fault = (symbol) =>
      symbol === 'ETH/USD' && isGone() ? new ExchangeError('delisted', { kind: 'rejected' }) : null;
    await stage.run(hour(104) + MINUTE_MS);
    expect(stage.lines.filter((line) => line.startsWith('trade BTC'))).toHaveLength(4);
    expect(stage.lines.filter((line) => line.includes('ETH')).slice(-4)).toMatchObject([
      'trade ETH 100 @101+5s',
      expect.stringMatching(/^catchUp ETH 101 /),
      expect.stringMatching(/^catchUp ETH 102 /),
      'trade ETH 103 @104+5s',
    ]);
    expect(stage.gates.slice(-2)).toMatchObject([
      { symbol: 'ETH/USD', reason: 'the exchange gives no bars: delisted' },
      { symbol: 'ETH/USD', reason: null },
    ]);
  });

  it('does not keep a start from succeeding', async () => {
    const stage = stageAt(100, 150, BOTH);
    stage.market.fault = (symbol) =>
      symbol === 'ETH/USD' ? new ExchangeError('delisted', { kind: 'rejected' }) : null;
    await stage.run(hour(101) + MINUTE_MS);
    expect(stage.lines.at(-1)).toBe('trade BTC 100 @101+5s');
    const closed = stage.gates.filter(({ reason }) => reason !== null);
    expect(closed).toMatchObject([{ gate: 'stale-data', symbol: 'ETH/USD' }]);
  });
});

describe('a symbol whose bars cannot be read at the start', () => {
  it('is left out while another one can be followed, and taken in once it answers', async () => {
    const stage = stageAt(100, 150, BOTH);
    stage.market.fault = (symbol) =>
      symbol === 'ETH/USD' && stage.time.time < hour(102)
        ? new ExchangeError('other candles were expected', { kind: 'bad-response' })
        : null;
    await stage.run(hour(104) + MINUTE_MS);
    expect(stage.lines.filter((line) => line.startsWith('trade BTC'))).toHaveLength(4);
    expect(stage.lines.at(-1)).toBe('trade ETH 103 @104+5s');
  });
});

describe('the end of a feed', () => {
  it('comes at once when it is interrupted, and leaves nothing behind', async () => {
    const stage = stageAt(100);
    const stop = new AbortController();
    const running = stage.feed().run(stage.sink, stop.signal);
    await stage.time.pass(hour(101) + MINUTE_MS, running);
    stop.abort();
    await running;
    expect(stage.time.pending).toBe(0);
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
  });

  it('comes while answers are under way', async () => {
    const stage = stageAt(100);
    const stop = new AbortController();
    const running = stage.feed().run(stage.sink, stop.signal);
    await stage.time.pass(hour(101) + GRACE + 20, running);
    expect(stage.time.pending).toBeGreaterThan(0);
    stop.abort();
    await running;
    expect(stage.time.pending).toBe(0);
  });

  it('comes with what the engine threw', async () => {
    const stage = stageAt(100);
    stage.sinkFault = new Error('the engine stopped');
    await expect(stage.run(hour(101))).rejects.toBe(stage.sinkFault);
    expect(stage.time.pending).toBe(0);
  });

  it('comes with a fault that does not pass', async () => {
    const stage = stageAt(100);
    const fault = new ExchangeError('the key is not valid', { kind: 'auth' });
    stage.market.fault = (symbol) => (symbol !== '' && stage.time.time > hour(101) ? fault : null);
    await expect(stage.run(hour(102))).rejects.toBe(fault);
  });
});

describe('between two bars', () => {
  it('a feed sleeps but for a look at the exchange’s clock every ten minutes', async () => {
    const stage = stageAt(100, 150, BOTH);
    await stage.run(hour(102) + MINUTE_MS);
    const before = { waits: stage.time.waits, asked: stage.market.asked };
    await stage.run(hour(103) + MINUTE_MS, { from: hour(102), warmUpBars: 0 });
    expect(stage.market.asked - before.asked).toBeLessThanOrEqual(12);
    expect(stage.time.waits - before.waits).toBeLessThanOrEqual(60);
  });
});
