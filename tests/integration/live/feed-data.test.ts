import { describe, expect, it } from 'vitest';
import { ExchangeError } from '../../../src/core/errors.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/core/time.ts';
import { hour, hourly } from '../collect/listed-venue.ts';
import { FeedStage } from './feed-stage.ts';

const HALF = 30 * MINUTE_MS;

/** Half past an hour, bars from the first hour on, each shown when it closes. */
function stageAt(now: number, to = now + 50, symbols: readonly string[] = ['BTC/USD']): FeedStage {
  const stage = new FeedStage({ now: hour(now) + HALF, symbols });
  for (const symbol of symbols) stage.publish(symbol, 0, to);
  return stage;
}

/** Hours and kinds of what was handed out from an hour on. */
function told(stage: FeedStage, from: number): readonly string[] {
  return stage.handed
    .filter(({ openTime }) => openTime >= hour(from))
    .map(({ kind, openTime }) => `${kind} ${(openTime - hour(0)) / HOUR_MS}`);
}

describe('a candle that forms (F47)', () => {
  it('is not handed out though the venue shows it', async () => {
    const stage = stageAt(100, 100);
    const forming = hourly(100, { close: 99.9, low: 99 });
    const revised = { at: hour(101), bar: hourly(100) };
    stage.market.publish({ symbol: 'BTC/USD', bar: forming, at: hour(100), revised });
    await stage.run(hour(101) + MINUTE_MS);
    expect(stage.handed.at(-1)).toMatchObject({ openTime: hour(100), close: hourly(100).close });
  });

  it('is not let in by a clock of this machine that runs ahead', async () => {
    const stage = stageAt(100);
    stage.time.clockErrorMs = 20 * MINUTE_MS;
    await stage.run(hour(101) + MINUTE_MS);
    expect(stage.lines.at(-1)).toBe('trade BTC 100 @101+5s');
  });

  it.each([9, -9, 45, -45])(
    'is not let in by a clock that jumps by %i minutes',
    async (minutes) => {
      const stage = stageAt(100);
      stage.time.at(hour(101) - 8 * MINUTE_MS, () => {
        stage.time.clockErrorMs = minutes * MINUTE_MS;
      });
      await stage.run(hour(102) + MINUTE_MS);
      expect(stage.lines.slice(-2)).toEqual(['trade BTC 100 @101+5s', 'trade BTC 101 @102+5s']);
    },
  );
});

describe('the clock (F57)', () => {
  it('is read at the start and every ten minutes, also while no bar is due', async () => {
    const stage = stageAt(100);
    const read: number[] = [];
    stage.market.fault = (symbol) => {
      if (symbol === '') read.push(stage.time.time);
      return null;
    };
    await stage.run(hour(101) + HALF - MINUTE_MS);
    expect(read).toHaveLength(6);
  });

  it.each([
    [29_000, 0],
    [31_000, 1],
    [-31_000, 1],
  ])('that is %i ms off closes its gate %i times', async (ms, times) => {
    const stage = stageAt(100);
    stage.time.clockErrorMs = ms;
    stage.time.at(hour(100) + HALF + 15 * MINUTE_MS, () => (stage.time.clockErrorMs = 0));
    await stage.run(hour(101) + MINUTE_MS);
    const changes = stage.gates.filter(({ gate }) => gate === 'clock');
    expect(changes.filter(({ reason }) => reason !== null)).toHaveLength(times);
    expect(changes.at(-1)).toMatchObject({ symbol: null, reason: null });
    const warned = stage.log.warnings.filter((fields) => 'offsetMs' in fields);
    expect(warned, 'more than a second is worth a warning').toHaveLength(1);
  });

  it('that cannot be read is believed as it was', async () => {
    const stage = stageAt(100);
    stage.market.fault = (symbol) =>
      symbol === '' && stage.time.time > hour(100) + HALF + MINUTE_MS
        ? new ExchangeError('no time', { kind: 'timeout' })
        : null;
    await stage.run(hour(101) - MINUTE_MS);
    expect(stage.log.warnings.filter(({ fault }) => fault === 'no time').length).toBeGreaterThan(5);
  });
});

describe('what a venue says', () => {
  it('later of a bar is kept as a revision and decided on by nobody (F48)', async () => {
    const stage = stageAt(100, 100);
    const revised = { at: hour(101) + MINUTE_MS, bar: hourly(100, { volume: 99 }) };
    stage.market.publish({ symbol: 'BTC/USD', bar: hourly(100), at: hour(101), revised });
    stage.publish('BTC/USD', 101, 104);
    await stage.run(hour(103) + MINUTE_MS);
    expect(told(stage, 100)).toEqual(['trade 100', 'trade 101', 'trade 102']);
    const [series] = stage.store.series();
    expect(stage.store.revisions(series?.id ?? 0)).toMatchObject([
      { openTime: hour(100), bar: { volume: 99 } },
    ]);
  });

  it('twice, out of order and beyond what was asked for is heard once, in order (F49)', async () => {
    const stage = stageAt(100);
    stage.market.distort = (bars) =>
      [...bars, ...bars, hourly(3), hourly(400)].toSorted((one, other) => other.close - one.close);
    await stage.run(hour(102) + MINUTE_MS, { from: hour(95), warmUpBars: 2 });
    expect(told(stage, 0)).toEqual(
      ['warmUp 93', 'warmUp 94', 'catchUp 95', 'catchUp 96', 'catchUp 97', 'catchUp 98'].concat([
        'trade 99',
        'trade 100',
        'trade 101',
      ]),
    );
  });

  it('of hours without trades is nothing: slices leave without the symbol (F50)', async () => {
    const stage = stageAt(100, 100, ['BTC/USD', 'ETH/USD']);
    stage.publish('BTC/USD', 100, 105);
    stage.publish('ETH/USD', 104, 105);
    await stage.run(hour(105) + MINUTE_MS);
    expect(told(stage, 100).filter((each) => each === 'trade 104')).toHaveLength(2);
    expect(stage.log.warnings).toContainEqual(expect.objectContaining({ gaps: 1 }));
  });

  it.each([
    ['no number', { close: NaN }],
    ['negative', { low: -1 }],
    ['zero', { open: 0, high: 0, low: 0, close: 0 }],
    ['infinite', { high: Infinity }],
    ['in the wrong columns', { open: 101, high: 99, low: 102, close: 100 }],
  ])('is set aside where a price is %s (F51–F53)', async (_, change) => {
    const stage = stageAt(100, 100);
    stage.market.publish({ symbol: 'BTC/USD', bar: hourly(100, change), at: hour(101) });
    stage.publish('BTC/USD', 101, 103);
    await stage.run(hour(103) + MINUTE_MS);
    expect(told(stage, 100)).toEqual(['trade 101', 'trade 102']);
    const doubts = stage.log.lines.filter(({ level }) => level === 'error');
    expect(doubts, 'one bar in six is more than one in a hundred').toHaveLength(1);
  });

  it('of a crash is handed out with a flag: stops must see it (F55)', async () => {
    const stage = stageAt(200, 200);
    const crash = hourly(200, { low: 13, close: 14 });
    stage.market.publish({ symbol: 'BTC/USD', bar: crash, at: hour(201) });
    await stage.run(hour(201) + MINUTE_MS, { warmUpBars: 150 });
    expect(stage.handed.at(-1)).toMatchObject({ kind: 'trade', close: 14 });
  });
});

describe('a stream', () => {
  /** Says what happens in an hour: a candle that forms, and its last state just before it closes. */
  function speak(stage: FeedStage, symbol: string, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      const bar = hourly(index);
      const say = (at: number, change = {}) =>
        stage.time.at(at, () => stage.market.say(symbol, { ...bar, ...change }));
      say(hour(index) + 1000, { close: bar.low });
      say(hour(index + 1) - 1000);
    }
  }

  function streamed(to: number): FeedStage {
    const stage = stageAt(100, 100);
    stage.market.stream();
    speak(stage, 'BTC/USD', 100, to);
    return stage;
  }

  it('brings bars that leave before the venue could have been asked', async () => {
    const stage = streamed(103);
    stage.market.latencyMs = (symbol) => (symbol === '' ? 50 : 4000);
    await stage.run(hour(102) + MINUTE_MS);
    expect(stage.lines.slice(-2)).toEqual(['trade BTC 100 @101+5s', 'trade BTC 101 @102+5s']);
    expect(stage.handed.at(-1)?.close, 'its last state').toBe(hourly(101).close);
  });

  it('makes questions few: one in ten minutes', async () => {
    const stage = new FeedStage({ now: hour(100), timeframe: '1m' });
    stage.market.stream();
    const at = (minute: number) => hour(100) + minute * MINUTE_MS;
    for (let minute = -10; minute < 60; minute += 1) {
      const bar = { ...hourly(minute + 20), openTime: at(minute) };
      stage.market.publish({ symbol: 'BTC/USD', bar, at: at(minute + 1) });
      const forming = { ...bar, close: bar.low };
      stage.time.at(at(minute) + 1000, () => stage.market.say('BTC/USD', forming));
      stage.time.at(at(minute + 1) - 1, () => stage.market.say('BTC/USD', bar));
    }
    let asked = 0;
    stage.market.fault = (symbol) => {
      if (symbol !== '') asked += 1;
      return null;
    };
    await stage.run(at(60));
    expect(stage.handed.filter(({ kind }) => kind === 'trade')).toHaveLength(60);
    expect(asked).toBeLessThanOrEqual(9);
  });

  it('that falls silent before a candle closed is not believed: the venue is asked', async () => {
    const stage = stageAt(100);
    stage.market.stream();
    const early = hourly(100, { close: hourly(100).low });
    stage.time.at(hour(101) - MINUTE_MS, () => stage.market.say('BTC/USD', early));
    await stage.run(hour(101) + MINUTE_MS);
    expect(stage.handed.at(-1)).toMatchObject({ kind: 'trade', close: hourly(100).close });
  });

  it('that is silent is replaced by questions, and watched no longer (F45)', async () => {
    const stage = stageAt(100);
    stage.market.stream();
    await stage.run(hour(104) + MINUTE_MS);
    expect(told(stage, 100)).toEqual(['trade 100', 'trade 101', 'trade 102', 'trade 103']);
    expect(stage.handed.at(-1)?.at).toBeLessThan(hour(104) + 10_000);
    expect(stage.log.warnings).toContainEqual(
      expect.objectContaining({ why: 'nothing new of BTC/USD 1h' }),
    );
    expect(stage.gates.filter(({ reason }) => reason !== null)).toEqual([]);
  });

  it('whose times are stuck closes the gate when questions bring nothing either (F46)', async () => {
    const stage = streamed(101);
    stage.publish('BTC/USD', 100, 101);
    for (let minute = 0; minute < 300; minute += 1) {
      stage.time.at(hour(101) + minute * MINUTE_MS, () => stage.market.say('BTC/USD', hourly(100)));
    }
    await stage.run(hour(104));
    const [, closed] = stage.gates.filter(({ gate }) => gate === 'stale-data');
    expect(closed).toMatchObject({ symbol: 'BTC/USD', at: hour(103) + 26 });
    expect(closed?.reason).toContain('closed at 2024-01-05T05:00:00Z');
  });

  it('that leaves a bar out is mended by a question before the next one leaves', async () => {
    const stage = stageAt(100);
    stage.market.stream();
    stage.market.latencyMs = (symbol) => (symbol === '' ? 50 : 4000);
    speak(stage, 'BTC/USD', 101, 103);
    await stage.run(hour(103) + MINUTE_MS);
    expect(told(stage, 100)).toEqual(['trade 100', 'trade 101', 'trade 102']);
  });

  it.each([
    ['shortly', 8000, ['trade 102', 'trade 103']],
    ['longer', 30_000, ['trade 102', 'trade 103']],
  ])('that runs on while questions fail %s waits for what it left out', async (_, ms, last) => {
    const stage = stageAt(100);
    stage.market.stream();
    speak(stage, 'BTC/USD', 102, 104);
    const isDown = () => stage.time.time > hour(101) && stage.time.time < hour(103) + ms;
    stage.market.fault = (symbol) =>
      symbol !== '' && isDown() ? new ExchangeError('down', { kind: 'unavailable' }) : null;
    await stage.run(hour(104) + MINUTE_MS);
    expect(told(stage, 100)).toEqual(['catchUp 100', 'catchUp 101', ...last]);
  });
});
