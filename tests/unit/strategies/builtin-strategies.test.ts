import { describe, expect, it } from 'vitest';
import type { Bar } from '../../../src/core/bar.ts';
import type { Signal } from '../../../src/core/signal.ts';
import { meanReversion } from '../../../src/strategies/mean-reversion.ts';
import { momentum } from '../../../src/strategies/momentum.ts';
import type { HostedStrategy } from '../../../src/strategies/strategy-host.ts';
import { HostFixture, hosted } from './host-fixture.ts';
import { HAS_SHARED, randomWalk, realBars } from './market-fixtures.ts';

const strategies: readonly (readonly [string, HostedStrategy])[] = [
  ['mean reversion', hosted(meanReversion, { allowShort: true })],
  ['momentum', hosted(momentum, { allowShort: true })],
];
const walk = randomWalk({ seed: 2024, bars: 6_000 });

function signalsOn(bars: readonly Bar[], strategy: HostedStrategy): readonly Signal[] {
  return new HostFixture(strategy).trade(bars);
}

describe.each(strategies)('%s', (_, strategy) => {
  const whole = signalsOn(walk, strategy);

  it('enters both ways and exits on generated bars', () => {
    const kinds = whole.map((signal) => (signal.intent === 'enter' ? signal.side : signal.intent));
    expect(kinds.filter((kind) => kind === 'buy').length).toBeGreaterThan(10);
    expect(kinds.filter((kind) => kind === 'sell').length).toBeGreaterThan(10);
    expect(kinds.filter((kind) => kind === 'exit').length).toBeGreaterThan(10);
  });

  it('raises the same signals on the same bars', () => {
    expect(signalsOn(walk, strategy)).toEqual(whole);
  });

  it.each([2_800, 3_333, 4_100, 5_999])('decides nothing by bars after bar %d', (end) => {
    const until = walk[end - 1]?.openTime ?? 0;
    const known = whole.filter(({ barOpenTime }) => barOpenTime <= until);
    expect(known.length).toBeGreaterThan(0);
    expect(signalsOn(walk.slice(0, end), strategy)).toEqual(known);
  });

  it('raises no signal before its warm-up is over', () => {
    const { warmupBars } = new HostFixture(strategy).host;
    expect(signalsOn(walk.slice(0, warmupBars - 1), strategy)).toEqual([]);
  });

  it.each([1, 577, 1_234])('raises the same entries when its data begin %d bars later', (start) => {
    const entries = (bars: readonly Bar[]): readonly Signal[] => {
      const fixture = new HostFixture(strategy);
      return bars.flatMap((bar) => fixture.close(bar));
    };
    const { warmupBars } = new HostFixture(strategy).host;
    const from = walk[start + warmupBars - 1]?.openTime ?? Infinity;
    const expected = entries(walk).filter(({ barOpenTime }) => barOpenTime >= from);
    expect(expected.length).toBeGreaterThan(10);
    expect(entries(walk.slice(start))).toEqual(expected);
  });

  it.skipIf(!HAS_SHARED)(
    'raises signals of finite numbers on real candles (skipped where ../shared is absent)',
    () => {
      const signals = signalsOn(realBars('coinbase_BTC-USD_1h.csv.gz'), strategy);
      expect(signals.length).toBeGreaterThan(50);
      for (const { conditions } of signals) {
        expect(conditions.every(({ value }) => Number.isFinite(value))).toBe(true);
      }
    },
  );
});
