import { describe, expect, it } from 'vitest';
import type { Bar } from '../../../src/core/bar.ts';
import { momentum } from '../../../src/strategies/momentum.ts';
import { HostFixture, hosted, openPosition } from './host-fixture.ts';
import { barAt } from './market-fixtures.ts';

/**
 * With a fast period of 1 the fast average is the close; the slow one has a period of 3 (moves half
 * the way), the trend one of 7 (moves a quarter), the ATR one of 2. After a long time at 100 all
 * averages are 100 and the ATR is that of the bars' range, 2.
 */
const PARAMS = {
  fast_period: 1,
  slow_period: 3,
  trend_period: 7,
  volume_period: 2,
  atr_period: 2,
};
const flatBar = (index: number): Bar => barAt(index, { high: 101, low: 99 });
const flat = Array.from({ length: 400 }, (_, index) => flatBar(index));

const up = barAt(400, { close: 104, high: 104, low: 100, volume: 30 });
const down = barAt(400, { close: 96, high: 100, low: 96, volume: 30 });

function fixtureWith(values: Readonly<Record<string, unknown>> = {}, allowShort = false) {
  const params = momentum.params.parse({ ...PARAMS, ...values });
  const fixture = new HostFixture(hosted(momentum, { params, allowShort }));
  fixture.warmUp(flat);
  return fixture;
}

function missed(fixture: HostFixture, rule: string, bar: Bar): string[] {
  const explanation = fixture.host.explain(bar).find((each) => each.rule === rule);
  return (explanation?.conditions ?? []).filter(({ holds }) => !holds).map(({ name }) => name);
}

describe('the entry of momentum', () => {
  it('buys on the bar where the fast average crosses above the slow one', () => {
    const signals = fixtureWith().close(up);
    expect(signals).toMatchObject([
      { intent: 'enter', side: 'buy', confidence: 1, reason: 'fast EMA crossed above slow' },
    ]);
    expect(signals[0]?.conditions).toEqual([
      // 100 + (104 − 100) × 2/(3+1)
      { name: 'fast_above_slow', value: 104, comparison: '>', threshold: 102, holds: true },
      {
        name: 'fast_was_not_above_slow',
        value: 100,
        comparison: '<=',
        threshold: 100,
        holds: true,
      },
      // 100 + (104 − 100) × 2/(7+1)
      { name: 'close_above_trend', value: 104, comparison: '>', threshold: 101, holds: true },
      // (10 + 30) / 2 × 1
      { name: 'volume_above_mean', value: 30, comparison: '>', threshold: 20, holds: true },
    ]);
  });

  it('does not buy on the bars after the crossing', () => {
    const fixture = fixtureWith();
    fixture.close(up);
    const next = barAt(401, { close: 110, high: 110, low: 104, volume: 90 });
    expect(fixture.close(next)).toEqual([]);
    expect(missed(fixture, 'long_entry', next)).toEqual(['fast_was_not_above_slow']);
  });

  it('does not buy on ordinary volume', () => {
    const fixture = fixtureWith();
    const bar = { ...up, volume: 10 };
    expect(fixture.close(bar)).toEqual([]);
    expect(missed(fixture, 'long_entry', bar)).toEqual(['volume_above_mean']);
  });

  it('does not buy below the trend', () => {
    const fixture = fixtureWith();
    // Down to 80 (slow 90, trend 95), again (85, 91.25); then 88 crosses the slow (86.5), trend 90.4.
    for (const index of [400, 401]) fixture.warmUp([barAt(index, { close: 80 })]);
    const rebound = barAt(402, { close: 88, volume: 30 });
    expect(fixture.close(rebound)).toEqual([]);
    expect(missed(fixture, 'long_entry', rebound)).toEqual(['close_above_trend']);
  });

  it('sells short on the crossing below, where shorts are allowed', () => {
    expect(fixtureWith({}, true).close(down)).toMatchObject([
      { intent: 'enter', side: 'sell', reason: 'fast EMA crossed below slow' },
    ]);
    expect(fixtureWith({}, false).close(down)).toEqual([]);
  });

  it('sees a crossing on the first bar it decides on', () => {
    const params = momentum.params.parse(PARAMS);
    const fixture = new HostFixture(hosted(momentum, { params }));
    const needed = fixture.host.warmupBars;
    fixture.warmUp(flat.slice(0, needed - 1));
    expect(fixture.close({ ...up, openTime: 0 })).toHaveLength(1);
  });
});

describe('the stop of momentum', () => {
  it('lies two average true ranges away, and profit is left to run', () => {
    // True range 4 after an average of 2: 2 + (4 − 2) / 2 = 3; twice that is 6.
    expect(fixtureWith().close(up)).toMatchObject([
      { protection: { stopLoss: { kind: 'distance', distance: 6 }, takeProfit: null } },
    ]);
    expect(fixtureWith({ atr_stop_multiple: 0.5 }).close(up)).toMatchObject([
      { protection: { stopLoss: { kind: 'distance', distance: 1.5 }, takeProfit: null } },
    ]);
  });
});

describe('the exit of momentum', () => {
  it('closes a long on the opposite cross', () => {
    const fixture = fixtureWith();
    fixture.position = openPosition('long');
    const signals = fixture.close(down);
    expect(signals).toMatchObject([{ intent: 'exit', reason: 'fast EMA crossed back' }]);
    expect(signals[0]?.conditions).toEqual([
      { name: 'fast_below_slow', value: 96, comparison: '<', threshold: 98, holds: true },
    ]);
  });

  it('wishes for the exit again as long as the averages stay crossed', () => {
    const fixture = fixtureWith();
    fixture.position = openPosition('long');
    fixture.close(down);
    expect(fixture.close(barAt(401, { close: 90 }))).toMatchObject([{ intent: 'exit' }]);
  });

  it.each([
    ['long', up],
    ['short', down],
  ] as const)('keeps a %s while the averages agree with it', (side, bar) => {
    const fixture = fixtureWith({}, true);
    fixture.position = openPosition(side);
    expect(fixture.close(bar)).toEqual([]);
  });

  it.each([
    ['long', down, 'sell'],
    ['short', up, 'buy'],
  ] as const)('reverses a %s on the opposite cross where shorts are allowed', (side, bar, next) => {
    const fixture = fixtureWith({}, true);
    fixture.position = openPosition(side);
    expect(fixture.close(bar)).toMatchObject([
      { intent: 'exit', reason: 'fast EMA crossed back' },
      { intent: 'enter', side: next },
    ]);
  });

  it('only closes when the other entry lacks volume', () => {
    const fixture = fixtureWith({}, true);
    fixture.position = openPosition('long');
    expect(fixture.close({ ...down, volume: 10 })).toMatchObject([{ intent: 'exit' }]);
  });
});

describe('the parameters of momentum', () => {
  it('have the defaults of the design', () => {
    expect(momentum.params.parse({})).toEqual({
      fast_period: 12,
      slow_period: 26,
      trend_period: 100,
      volume_period: 20,
      volume_multiple: 1,
      atr_period: 14,
      atr_stop_multiple: 2,
    });
  });

  it.each([26, 30])('refuse a fast period of %d beside a slow one of 26, and say why', (fast) => {
    const issues = momentum.params.safeParse({ fast_period: fast }).error?.issues;
    expect(issues).toMatchObject([
      {
        path: ['fast_period'],
        message: `a period below slow_period (26) was expected, was "${fast}"`,
      },
    ]);
  });

  it.each([
    { fast_period: 0 },
    { slow_period: 26.5 },
    { trend_period: 1001 },
    { atr_stop_multiple: 0 },
    { volume_multiple: -1 },
    { atr_stop: 2 },
  ])('refuse %o', (params) => {
    expect(momentum.params.safeParse(params).success).toBe(false);
  });
});
