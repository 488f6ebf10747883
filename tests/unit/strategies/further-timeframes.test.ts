import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Bar } from '../../../src/core/bar.ts';
import { ConfigError, StrategyError } from '../../../src/core/errors.ts';
import { HOUR_MS, MINUTE_MS, timeframeMs, type Timeframe } from '../../../src/core/time.ts';
import { defineStrategy } from '../../../src/strategies/define-strategy.ts';
import type {
  Strategy,
  StrategyDefinition,
  StrategySetup,
} from '../../../src/strategies/strategy.ts';
import type { HostedStrategy } from '../../../src/strategies/strategy-host.ts';
import { higherTrend } from '../../support/higher-trend.ts';
import { HostFixture, hosted } from './host-fixture.ts';
import { barAt, HAS_SHARED, randomWalk, realBars } from './market-fixtures.ts';

function strategyOf(create: (setup: StrategySetup) => Strategy): StrategyDefinition {
  return defineStrategy({ id: 'scripted', params: z.strictObject({}), create });
}

/** Asks something on every bar it decides on. */
function asking(
  prepare: (setup: StrategySetup) => (bar: Bar) => unknown,
  seen: unknown[],
): StrategyDefinition {
  return strategyOf((setup) => {
    const ask = prepare(setup);
    return { onBar: (bar) => (seen.push(ask(bar)), null) };
  });
}

const hourly = (count: number, first = 0): Bar[] =>
  Array.from({ length: count }, (_, index) => barAt(first + index, { close: 100 + first + index }));

const hour = (time: number | undefined) => (time ?? NaN) / HOUR_MS;

describe('a further timeframe', () => {
  it('holds at each decision the bars that ended by then, and no later', () => {
    const seen: unknown[] = [];
    const watching = asking(({ timeframes }) => {
      const four = timeframes.of('4h');
      return (bar) => [hour(bar.openTime), hour(four.bar.openTime), four.bar.close];
    }, seen);
    const fixture = new HostFixture(hosted(watching));
    for (const bar of hourly(13)) fixture.close(bar);
    // The bar of 03:00 closes at 04:00, and with it that of 00:00 – 04:00; its close is 103.
    expect(seen).toEqual([
      [3, 0, 103],
      [4, 0, 103],
      [5, 0, 103],
      [6, 0, 103],
      [7, 4, 107],
      [8, 4, 107],
      [9, 4, 107],
      [10, 4, 107],
      [11, 8, 111],
      [12, 8, 111],
    ]);
  });

  it('has a bar without numbers until its first one is over', () => {
    const seen: unknown[] = [];
    const watching = asking(({ timeframes }) => {
      const four = timeframes.of('4h');
      seen.push(four.bar);
      return () => four.bar.close;
    }, seen);
    const fixture = new HostFixture(hosted(watching));
    expect(fixture.signals).toEqual([]);
    expect(seen).toEqual([expect.objectContaining({ timeframe: '4h', openTime: NaN, low: NaN })]);
  });

  it('has a bar of the symbol that says when it closed', () => {
    const seen: unknown[] = [];
    const watching = asking(({ timeframes }) => {
      const four = timeframes.of('4h');
      return () => four.bar;
    }, seen);
    const fixture = new HostFixture(hosted(watching));
    for (const [index, bar] of hourly(4).entries()) {
      fixture.close({ ...bar, high: 200 + index, low: 50 - index, flags: index & 1 });
    }
    expect(seen).toEqual([
      {
        symbol: 'BTC/USD',
        timeframe: '4h',
        openTime: 0,
        closeTime: 4 * HOUR_MS,
        open: 100,
        high: 203,
        low: 47,
        close: 103,
        volume: 40,
        flags: 1,
      },
    ]);
    expect(Object.isFrozen(seen[0])).toBe(true);
  });

  it('feeds its indicators once a bar of its own', () => {
    const seen: unknown[] = [];
    const averaging = asking(({ timeframes, indicators }) => {
      const own = indicators.sma({ period: 2 });
      const four = timeframes.of('4h').indicators.sma({ period: 2 });
      return () => [own.value, four.value];
    }, seen);
    const fixture = new HostFixture(hosted(averaging));
    for (const bar of hourly(12)) fixture.close(bar);
    // Closes of 4h bars: 103, 107, 111.
    expect(seen).toEqual([
      [106.5, 105],
      [107.5, 105],
      [108.5, 105],
      [109.5, 105],
      [110.5, 109],
    ]);
  });

  it('keeps as many bars as were asked for', () => {
    const seen: unknown[] = [];
    const keeping = asking(({ timeframes }) => {
      timeframes.of('4h', { history: 1 });
      const four = timeframes.of('4h', { history: 2 });
      expect(timeframes.of('4h')).toBe(four);
      return () => four.history(2).map(({ close }) => close);
    }, seen);
    const fixture = new HostFixture(hosted(keeping));
    for (const bar of hourly(12)) fixture.close(bar);
    expect([seen[0], seen.at(-1)]).toEqual([
      [103, 107],
      [107, 111],
    ]);
  });

  it('may be one of several, and as long as the own one', () => {
    const seen: unknown[] = [];
    const several = asking(({ timeframes }) => {
      const [own, two, day] = (['1h', '2h', '1d'] as const).map((each) => timeframes.of(each));
      return () => [own, two, day].map((each) => each?.bar?.close);
    }, seen);
    const fixture = new HostFixture(hosted(several));
    for (const bar of hourly(25)) fixture.close(bar);
    expect(seen).toEqual([
      [123, 123, 123],
      [124, 123, 123],
    ]);
  });

  it('closes a bar whose end is missing with the next bar of the symbol', () => {
    const seen: unknown[] = [];
    const watching = asking(({ timeframes }) => {
      const four = timeframes.of('4h');
      return (bar) => [hour(bar.openTime), hour(four.bar.openTime), four.bar.close];
    }, seen);
    const fixture = new HostFixture(hosted(watching));
    for (const index of [0, 1, 9, 11]) fixture.close(barAt(index, { close: index }));
    expect(seen).toEqual([
      [9, 0, 1],
      [11, 8, 11],
    ]);
  });

  it('follows the sessions of its symbol', () => {
    const seen: unknown[] = [];
    const watching = asking(({ timeframes }) => {
      const day = timeframes.of('1d');
      return (bar) => [bar.openTime, day.bar.openTime, day.bar.close, day.bar.closeTime];
    }, seen);
    const open = Date.parse('2024-11-29T14:30Z');
    const close = Date.parse('2024-11-29T18:00Z');
    const date = Date.parse('2024-11-29');
    const calendarOf: HostedStrategy['calendarOf'] = () => ({
      id: 'us',
      sessionOn: (day) => (day === date ? { open, close } : null),
    });
    const fixture = new HostFixture(hosted(watching, { timeframe: '30m', calendarOf }));
    for (let at = open - HOUR_MS; at < close + HOUR_MS; at += 30 * MINUTE_MS) {
      const closeTime = at + 30 * MINUTE_MS;
      const price = hour(at - open);
      fixture.close(barAt(0, { timeframe: '30m', openTime: at, closeTime, close: price }));
    }
    // 14:30 to 18:00 is three hours and a half: the last half hour opens at +3 h.
    expect(seen).toEqual([
      [close - 30 * MINUTE_MS, date, 3, close],
      [close, date, 3, close],
      [close + 30 * MINUTE_MS, date, 3, close],
    ]);
  });
});

describe('warm-up with further timeframes', () => {
  const averaging = (period: number, history = 0) =>
    strategyOf(({ timeframes }) => {
      timeframes.of('4h', { history }).indicators.sma({ period });
      return { onBar: (_, { enter }) => enter({ side: 'buy', reason: 'warm' }) };
    });
  /** Bars closed until it decided. */
  const decidesAfter = (definition: StrategyDefinition, bars: readonly Bar[]) => {
    const fixture = new HostFixture(hosted(definition));
    return bars.findIndex((bar) => fixture.close(bar).length > 0) + 1;
  };

  it.each([0, 1, 2, 3])('is long enough for a stream that begins %d hours into a bar', (first) => {
    // Two bars of 4 hours each, and at worst the 3 hours of the one that is lost.
    const { host } = new HostFixture(hosted(averaging(2)));
    expect(host.warmupBars).toBe(11);
    const decided = decidesAfter(averaging(2), hourly(20, first));
    expect(decided).toBe([8, 11, 10, 9][first]);
    expect(decided).toBeLessThanOrEqual(host.warmupBars);
  });

  it('counts the history that is to be kept, and one bar at least', () => {
    expect(new HostFixture(hosted(averaging(2, 5))).host.warmupBars).toBe(23);
    expect(decidesAfter(averaging(2, 5), hourly(30))).toBe(20);
    const bare = strategyOf(({ timeframes }) => (timeframes.of('1d'), { onBar: () => null }));
    expect(new HostFixture(hosted(bare)).host.warmupBars).toBe(47);
  });

  it('is over when the slowest timeframe is warm, and so is the own one', () => {
    const both = strategyOf(({ indicators, timeframes }) => {
      indicators.sma({ period: 30 });
      timeframes.of('4h').indicators.sma({ period: 2 });
      return { onBar: (_, { enter }) => enter({ side: 'buy', reason: 'warm' }) };
    });
    expect(new HostFixture(hosted(both)).host.warmupBars).toBe(30);
    expect(decidesAfter(both, hourly(40))).toBe(30);
  });

  it('is told timeframe by timeframe', () => {
    const fixture = new HostFixture(hosted(averaging(3)));
    for (const bar of hourly(9)) fixture.close(bar);
    expect(fixture.host.readiness()).toMatchObject([
      {
        warmupBars: 15,
        barsSeen: 9,
        further: [{ timeframe: '4h', warmupBars: 3, barsSeen: 2 }],
        decidesSince: null,
      },
    ]);
  });

  it('from before the trading period counts', () => {
    const fixture = new HostFixture(hosted(averaging(2)));
    fixture.warmUp(hourly(10));
    expect(fixture.signals).toEqual([]);
    expect(fixture.close(barAt(10))).toHaveLength(1);
  });
});

describe('asking for a timeframe', () => {
  const making = (create: (setup: StrategySetup) => void, timeframe: Timeframe = '1h') => {
    const definition = strategyOf((setup) => (create(setup), { onBar: () => null }));
    return () => new HostFixture(hosted(definition, { timeframe }));
  };

  it.each([
    ['30m', '1h', 'a multiple of the strategy\'s timeframe 1h was expected, was "30m"'],
    ['6h', '4h', 'a multiple of the strategy\'s timeframe 4h was expected, was "6h"'],
    ['5m', '3m', 'a multiple of the strategy\'s timeframe 3m was expected, was "5m"'],
  ] as const)('that is no multiple is a usage error: %s on %s', (further, own, message) => {
    const build = making(({ timeframes }) => timeframes.of(further), own);
    expect(build).toThrow(ConfigError);
    expect(build).toThrow(message);
  });

  it('nobody knows is a usage error', () => {
    const build = making(({ timeframes }) => timeframes.of('7h' as Timeframe));
    expect(build).toThrow(ConfigError);
    expect(build).toThrow('timeframes.of: one of 1m, 3m, 5m,');
  });

  it('of days is refused to stocks on bars that straddle the opening', () => {
    const definition = strategyOf(({ timeframes }) => {
      timeframes.of('1d');
      return { onBar: () => null };
    });
    const calendarOf: HostedStrategy['calendarOf'] = () => ({ id: 'us', sessionOn: () => null });
    const build = () => new HostFixture(hosted(definition, { calendarOf }));
    expect(build).toThrow(ConfigError);
    expect(build).toThrow('bars of 30m or shorter were expected to build 1d bars of US sessions');
  });

  it.each([-1, 0.5, 100_001])('with a history of %d bars breaks the contract', (history) => {
    const build = making(({ timeframes }) => timeframes.of('4h', { history }));
    expect(build).toThrow(StrategyError);
    expect(build).toThrow('history: a whole number of bars from 0 to 100000 was expected');
  });

  it('after create breaks the contract, and so does a late indicator on it', () => {
    const close = (onBar: (setup: StrategySetup) => unknown) => () => {
      const late = strategyOf((setup) => {
        setup.timeframes.of('1h');
        return { onBar: () => (onBar(setup), null) };
      });
      new HostFixture(hosted(late)).close(barAt(0));
    };
    expect(close(({ timeframes }) => timeframes.of('4h'))).toThrow(
      'timeframes.of was expected in create(), was called later: "4h" would have missed',
    );
    expect(close(({ timeframes }) => timeframes.of('1h'))).toThrow(StrategyError);
  });

  it('and for more history than it keeps is told where to declare it', () => {
    const greedy = strategyOf(({ timeframes }) => {
      const four = timeframes.of('4h', { history: 1 });
      return { onBar: () => (four.history(2), null) };
    });
    const fixture = new HostFixture(hosted(greedy));
    expect(() => hourly(4).forEach((bar) => fixture.close(bar))).toThrow(
      'declare "history: 2" in timeframes.of("4h", { … })',
    );
  });
});

/** What a strategy on two timeframes signals, with all the numbers that it decided by. */
function decisions(bars: readonly Bar[], values: Partial<HostedStrategy> = {}): readonly string[] {
  const fixture = new HostFixture(hosted(higherTrend, values));
  return fixture.trade(bars).map((signal) => JSON.stringify(signal));
}

const until = (all: readonly string[], time: number) =>
  all.filter((text) => Number(/"barOpenTime":(\d+)/.exec(text)?.[1]) < time);

describe('a strategy on two timeframes', () => {
  it('trades often enough to prove something', () => {
    expect(decisions(randomWalk({ seed: 5, bars: 3000 })).length).toBeGreaterThan(100);
  });

  it('decides nothing else when the bars to come are missing or garbled', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 60, max: 540 }), (seed, cut) => {
        const bars = randomWalk({ seed, bars: 600 });
        const whole = decisions(bars);
        const garbled = bars.map((bar, index) =>
          index < cut ? bar : { ...bar, close: bar.close * (1 + index / 50), volume: 1e9 },
        );
        const time = cut * HOUR_MS;
        expect(decisions(bars.slice(0, cut))).toEqual(until(whole, time));
        expect(until(decisions(garbled), time)).toEqual(until(whole, time));
      }),
      { numRuns: 40 },
    );
  });

  it('decides the same wherever its bars begin, once it is warm', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 200 }), (seed, start) => {
        const bars = randomWalk({ seed, bars: 500 });
        const { host } = new HostFixture(hosted(higherTrend));
        const warm = start + host.warmupBars - 1;
        // From the first bar both are warm on; before, the one that began earlier holds positions.
        const early = new HostFixture(hosted(higherTrend));
        const late = new HostFixture(hosted(higherTrend));
        early.warmUp(bars.slice(0, warm));
        late.warmUp(bars.slice(start, warm));
        expect(late.trade(bars.slice(warm))).toEqual(early.trade(bars.slice(warm)));
      }),
      { numRuns: 40 },
    );
  });

  it.each(['1h', '2h', '12h', '1d'] as const)(
    'sees the %s bars that SQL-like grouping gives',
    (tf) => {
      const seen: Bar[] = [];
      const watching = asking(({ timeframes }) => {
        const further = timeframes.of(tf);
        return () => further.bar;
      }, seen);
      const bars = randomWalk({ seed: 9, bars: 400 });
      const fixture = new HostFixture(hosted(watching));
      for (const bar of bars) fixture.close(bar);
      const last = new Map(seen.map((bar) => [bar.openTime, bar]));
      for (const bar of last.values()) {
        const from = bar.openTime;
        const members = bars.filter(
          ({ openTime }) => openTime >= from && openTime < from + timeframeMs(tf),
        );
        expect(bar).toMatchObject({
          open: members[0]?.open,
          high: Math.max(...members.map(({ high }) => high)),
          low: Math.min(...members.map(({ low }) => low)),
          close: members.at(-1)?.close,
        });
      }
      expect(last.size).toBe(Math.floor((400 * HOUR_MS) / timeframeMs(tf)));
    },
  );

  it.skipIf(!HAS_SHARED)('decides on real candles as on those cut short', () => {
    const bars = realBars('coinbase_BTC-USD_1h.csv.gz').slice(0, 6000);
    const whole = decisions(bars);
    expect(whole.length).toBeGreaterThan(100);
    for (const cut of [1001, 2502, 3003, 4000]) {
      expect(decisions(bars.slice(0, cut))).toEqual(until(whole, cut * HOUR_MS));
    }
  });
});

describe('a strategy that asks for no further timeframe', () => {
  it('waits for none and tells of none', () => {
    const plain = strategyOf(() => ({ onBar: () => null }));
    const fixture = new HostFixture(hosted(plain));
    fixture.close(barAt(0));
    expect(fixture.host.warmupBars).toBe(1);
    expect(fixture.host.readiness()).toMatchObject([{ further: [], decidesSince: 0 }]);
  });
});
