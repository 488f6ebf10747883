import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../support/seeded-random.ts';
import { near, nextOpenConfig, runEngine, strategyIn } from './engine-case.ts';
import type { DatedCandle } from './reference/candles.ts';
import { NextOpenBroker } from './reference/next-open-broker.ts';
import { caseNumbers, randomStretch } from './reference/random-case.ts';
import { pick } from './reference/random-script.ts';
import type { Script, Step, StopRule, Terms } from './reference/script.ts';

const FOLDER = '../shared/data';
const PERIOD = 14;

function drawnCase(number: number) {
  const random = seededRandom(number * 15_485_863);
  const { symbol, candles } = randomStretch(random);
  const terms: Terms = {
    cash: 100_000,
    fixedFee: 0,
    feeRate: pick(random, [0, 0.001]),
    spread: pick(random, [0, 0.0005]),
    margin: pick(random, [1, 0.5]),
    fraction: 0.5,
    sizedAt: 'fill',
    cashBuffer: 0,
    fillAt: pick(random, ['next_open', 'next_open', 'close']),
    opposite: 'ignore',
  };
  const entries = candles.slice(0, -2).flatMap(({ openTime, close }, bar) => {
    const quantity = Math.floor(20_000 / close);
    const side = pick(random, ['buy', 'sell'] as const);
    return bar <= PERIOD || random() > 0.15 ? [] : [{ bar, openTime, side, quantity }];
  });
  return { symbol, candles, terms, entries, multiple: pick(random, [1, 2, 3.5]) };
}

/** A mean true range, times `multiple`, from the close; only ever closer. */
function trailing(candles: readonly DatedCandle[], multiple: number): StopRule {
  const rangeOf = (bar: number) => {
    const { high, low } = candles[bar] ?? { high: 0, low: 0 };
    const before = candles[bar - 1]?.close ?? Number.NaN;
    return Math.max(high - low, Math.abs(high - before), Math.abs(low - before));
  };
  return ({ side, stopLoss }, bar) => {
    let sum = 0;
    for (let each = bar - PERIOD + 1; each <= bar; each++) sum += rangeOf(each);
    const close = candles[bar]?.close ?? Number.NaN;
    const distance = multiple * (sum / PERIOD);
    return side === 'long'
      ? Math.max(stopLoss ?? -Infinity, close - distance)
      : Math.min(stopLoss ?? Infinity, close + distance);
  };
}

describe.skipIf(!existsSync(FOLDER))(`a stop that is moved (skipped without ${FOLDER})`, () => {
  it.each(caseNumbers(20))(
    'leaves as under the rules of backtesting.py: case %i',
    async (number) => {
      const { symbol, candles, terms, entries, multiple } = drawnCase(number);
      const script: Script = new Map(
        entries.map(({ bar, side, quantity }): [number, Step] => [
          bar,
          {
            do: 'enter',
            order: 'market',
            price: null,
            stopLoss: null,
            takeProfit: null,
            side,
            quantity,
          },
        ]),
      );
      const expected = new NextOpenBroker(candles, terms).run(script, trailing(candles, multiple));
      const { trades, report } = await runEngine({
        symbol,
        candles,
        config: nextOpenConfig(symbol, terms),
        strategy: {
          definition: await strategyIn('atr_trailing.ts'),
          allowShort: true,
          params: {
            entries: entries.map(({ openTime, side, quantity }) => ({ openTime, side, quantity })),
            period: PERIOD,
            multiple,
          },
        },
      });
      expect(expected.trades.length).toBeGreaterThan(0);
      expect(
        trades.map(({ side, quantity, entryPrice, exitPrice }) => ({
          side,
          quantity,
          entryPrice,
          exitPrice,
        })),
      ).toEqual(
        expected.trades.map(({ side, quantity, entryPrice, exitPrice }) => ({
          side,
          quantity,
          entryPrice: near(entryPrice),
          exitPrice: near(exitPrice),
        })),
      );
      expect(report.final_equity / expected.finalEquity).toBeCloseTo(1, 6);
    },
  );
});
