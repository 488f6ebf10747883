import { describe, expect, it } from 'vitest';
import { present } from '../../../src/core/assert.ts';
import type { Bar } from '../../../src/core/bar.ts';
import { stopLossPrice, takeProfitPrice } from '../../../src/core/protection.ts';
import { meanReversion } from '../../../src/strategies/mean-reversion.ts';
import { HostFixture, hosted, openPosition } from './host-fixture.ts';
import { barAt } from './market-fixtures.ts';

/** A quiet market: closes 99 and 101 in turn, volume 10. Enough of it for every warm-up. */
const quiet = Array.from({ length: 700 }, (_, i) => barAt(i, { close: i % 2 === 0 ? 99 : 101 }));

/** The last close is 101, so these are changes of −11 and +9 on twice the usual volume. */
const crash = barAt(700, { close: 90, volume: 20 });
const surge = barAt(700, { close: 110, volume: 20 });
const middle = barAt(700, { close: 100.5, volume: 10 });

function fixtureWith(values: Readonly<Record<string, unknown>> = {}, allowShort = false) {
  const params = meanReversion.params.parse(values);
  const fixture = new HostFixture(hosted(meanReversion, { params, allowShort }));
  fixture.warmUp(quiet);
  return fixture;
}

/** Names of the conditions of a rule that did not hold on a bar just closed. */
function missed(fixture: HostFixture, rule: string, bar: Bar): string[] {
  const explanation = fixture.host.explain(bar).find((each) => each.rule === rule);
  return (explanation?.conditions ?? []).filter(({ holds }) => !holds).map(({ name }) => name);
}

describe('the entry of mean reversion', () => {
  it('buys a fall below the band, far from the mean, oversold, on volume', () => {
    const [signal, ...rest] = fixtureWith().close(crash);
    expect(rest).toEqual([]);
    expect(signal).toMatchObject({
      intent: 'enter',
      side: 'buy',
      confidence: 1,
      price: 90,
      reason: 'oversold below the lower band',
    });
    expect(signal?.conditions.map(({ name, holds }) => [name, holds])).toEqual([
      ['close_below_lower_band', true],
      ['z_score_low', true],
      ['rsi_oversold', true],
      ['volume_above_mean', true],
    ]);
  });

  it('records the numbers that were compared', () => {
    // Last 20 closes: ten 99, nine 101 … the crash replaces the oldest 99: 9 × 99, 10 × 101, 90.
    const closes = [...quiet.slice(-19).map(({ close }) => close), 90];
    const mean = closes.reduce((sum, close) => sum + close, 0) / 20;
    const sd = Math.sqrt(closes.reduce((sum, close) => sum + (close - mean) ** 2, 0) / 20);
    const conditions = fixtureWith().close(crash)[0]?.conditions ?? [];
    expect(conditions[0]?.value).toBe(90);
    expect(conditions[0]?.threshold).toBeCloseTo(mean - 2 * sd, 9);
    expect(conditions[1]?.value).toBeCloseTo((90 - mean) / sd, 9);
    expect(conditions[1]?.threshold).toBe(-2);
    expect(conditions[2]?.threshold).toBe(40);
    // Mean volume (19 × 10 + 20) / 20 = 10.5, times 1.2.
    expect(conditions[3]).toMatchObject({ value: 20, threshold: 1.2 * 10.5 });
  });

  // The z-score within a window of 20 cannot pass √19 = 4.36: a limit of 4.5 is out of reach.
  it.each([
    [
      'the close is not below the lower band',
      { bollinger_deviations: 4.5 },
      crash,
      'close_below_lower_band',
    ],
    ['the z-score is not low enough', { z_score_threshold: 4.5 }, crash, 'z_score_low'],
    ['the RSI is not oversold', { rsi_oversold: 20 }, crash, 'rsi_oversold'],
    ['the volume is ordinary', {}, { ...crash, volume: 12 }, 'volume_above_mean'],
  ])('does not buy when only %s', (_, params, bar, name) => {
    const fixture = fixtureWith(params);
    expect(fixture.close(bar)).toEqual([]);
    expect(missed(fixture, 'long_entry', bar)).toEqual([name]);
  });

  it('sells short after a surge where shorts are allowed', () => {
    expect(fixtureWith({}, true).close(surge)).toMatchObject([
      { intent: 'enter', side: 'sell', reason: 'overbought above the upper band' },
    ]);
    expect(fixtureWith({}, false).close(surge)).toEqual([]);
  });

  it.each([
    [
      'the close is not above the upper band',
      { bollinger_deviations: 4.5 },
      surge,
      'close_above_upper_band',
    ],
    ['the z-score is not high enough', { z_score_threshold: 4.5 }, surge, 'z_score_high'],
    ['the RSI is not overbought', { rsi_overbought: 80 }, surge, 'rsi_overbought'],
    ['the volume is ordinary', {}, { ...surge, volume: 12 }, 'volume_above_mean'],
  ])('does not sell short when only %s', (_, params, bar, name) => {
    const fixture = fixtureWith(params, true);
    expect(fixture.close(bar)).toEqual([]);
    expect(missed(fixture, 'short_entry', bar)).toEqual([name]);
  });

  it('does not buy again while a long is open', () => {
    const fixture = fixtureWith();
    fixture.position = openPosition('long');
    expect(fixture.close(crash)).toEqual([]);
  });

  it('does not trade in a market that stands still', () => {
    const fixture = fixtureWith({}, true);
    const still = Array.from({ length: 60 }, (_, i) => barAt(700 + i, { close: 101, volume: i }));
    expect(fixture.trade(still.slice(30))).toEqual([]);
  });

  it('reads the z-score from the bands or from a window of its own, to the same bit', () => {
    const shared = fixtureWith().close(crash)[0]?.conditions[1];
    const params = { bollinger_period: 30, bollinger_deviations: 2, z_score_period: 20 };
    expect(fixtureWith(params).close(crash)[0]?.conditions[1]).toEqual(shared);
  });
});

describe('the protection of mean reversion', () => {
  it('takes profit at 1.5 times the way from the actual entry to the middle band', () => {
    const signal = fixtureWith().close(crash)[0];
    const level = signal?.intent === 'enter' ? signal.protection.takeProfit : null;
    // Middle (9 × 99 + 10 × 101 + 90) / 20 = 99.55. Entered at 91, not at the close of 90:
    // 91 + 1.5 × (99.55 − 91) = 103.825.
    expect(level).toMatchObject({ kind: 'toward', multiple: 1.5 });
    const entry = { side: 'long', entryPrice: 91 } as const;
    expect(takeProfitPrice(present(level, 'take-profit'), entry)).toBeCloseTo(103.825, 9);
  });

  it('leaves the stop-loss to the risk limits unless a fraction is given', () => {
    expect(fixtureWith().close(crash)).toMatchObject([{ protection: { stopLoss: null } }]);
    const signal = fixtureWith({ stop_loss: 0.05 }).close(crash)[0];
    const level = signal?.intent === 'enter' ? signal.protection.stopLoss : null;
    expect(level).toEqual({ kind: 'fraction', fraction: 0.05 });
    const entry = { side: 'long', entryPrice: 100 } as const;
    expect(stopLossPrice(present(level, 'stop-loss'), entry)).toBe(95);
  });
});

describe('the exit of mean reversion', () => {
  it('closes a long when the close is back at the middle band', () => {
    const fixture = fixtureWith();
    fixture.position = openPosition('long');
    const [signal] = fixture.close(middle);
    expect(signal).toMatchObject({ intent: 'exit', reason: 'close back at the middle band' });
    expect(signal?.conditions).toMatchObject([
      { name: 'close_back_at_middle_band', value: 100.5, comparison: '>=', holds: true },
    ]);
  });

  it('closes on the very middle', () => {
    const fixture = fixtureWith();
    fixture.position = openPosition('long');
    const still = Array.from({ length: 20 }, (_, i) => barAt(700 + i, { close: 101 }));
    fixture.warmUp(still.slice(0, 19));
    expect(fixture.close(barAt(719, { close: 101 }))).toHaveLength(1);
  });

  it.each([
    ['long', 99.2],
    ['short', 100.8],
  ] as const)('keeps a %s while the close is short of the middle', (side, close) => {
    const fixture = fixtureWith({}, true);
    fixture.position = openPosition(side);
    expect(fixture.close(barAt(700, { close }))).toEqual([]);
  });

  it('closes a short when the close is back at the middle band', () => {
    const fixture = fixtureWith({}, true);
    fixture.position = openPosition('short');
    expect(fixture.close(barAt(700, { close: 99.5 }))).toMatchObject([
      { intent: 'exit', reason: 'close back at the middle band' },
    ]);
  });

  it('closes a long on the opposite signal, and only closes where shorts are not allowed', () => {
    const fixture = fixtureWith();
    fixture.position = openPosition('long');
    const signals = fixture.close(surge);
    expect(signals).toMatchObject([{ intent: 'exit', reason: 'opposite signal' }]);
    expect(signals[0]?.conditions).toHaveLength(4);
  });

  it.each([
    ['long', surge, 'sell'],
    ['short', crash, 'buy'],
  ] as const)(
    'reverses a %s on the opposite signal where shorts are allowed',
    (side, bar, next) => {
      const fixture = fixtureWith({}, true);
      fixture.position = openPosition(side);
      expect(fixture.close(bar)).toMatchObject([
        { intent: 'exit', reason: 'opposite signal' },
        { intent: 'enter', side: next },
      ]);
    },
  );
});

describe('the parameters of mean reversion', () => {
  it('have the defaults of the design', () => {
    expect(meanReversion.params.parse({})).toEqual({
      bollinger_period: 20,
      bollinger_deviations: 2,
      z_score_period: 20,
      z_score_threshold: 2,
      rsi_period: 14,
      rsi_oversold: 40,
      rsi_overbought: 60,
      volume_period: 20,
      volume_multiple: 1.2,
      take_profit_multiple: 1.5,
      stop_loss: null,
    });
  });

  it.each([
    { bollinger_period: 1 },
    { bollinger_period: 20.5 },
    { bollinger_period: '20' },
    { bollinger_deviations: 0 },
    { z_score_threshold: -2 },
    { rsi_period: 0 },
    { rsi_oversold: 101 },
    { rsi_overbought: -1 },
    { volume_multiple: NaN },
    { volume_multiple: Infinity },
    { take_profit_multiple: 0 },
    { stop_loss: 0 },
    { stop_loss: 1 },
    { stop_los: 0.02 },
  ])('refuse %o', (params) => {
    expect(meanReversion.params.safeParse(params).success).toBe(false);
  });
});
