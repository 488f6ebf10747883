import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/core/time.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { near, runEngine, strategyIn, touchingConfig } from './engine-case.ts';
import type { DatedCandle } from './reference/candles.ts';
import { caseNumbers, randomStretch } from './reference/random-case.ts';
import { randomShareScript } from './reference/random-share-script.ts';
import { ShareDriver } from './reference/share-driver.ts';
import type { ShareScript, ShareStep } from './reference/share-script.ts';

const FOLDER = '../shared/data';
const CASH = 100_000;

function drawnCase(number: number) {
  const random = seededRandom(number * 104_729);
  const stretch = randomStretch(random);
  const script = randomShareScript(random, { candles: stretch.candles, cash: CASH });
  const feeRate = number % 3 === 0 ? 0 : 0.001;
  return { ...stretch, script, feeRate };
}

/** A step as the strategy reads it: times in place of numbers of bars. */
function written(step: ShareStep, candles: readonly DatedCandle[]) {
  const dated = <T extends { readonly lastBar: number | null }>({ lastBar, ...order }: T) => {
    const open = lastBar === null ? undefined : candles[lastBar]?.openTime;
    return { ...order, end: open === undefined ? null : open + DAY_MS };
  };
  if (step.do === 'enter') return { ...step, orders: step.orders.map(dated) };
  return step.do === 'exit' ? { ...step, ways: step.ways.map(dated) } : step;
}

const steps = (script: ShareScript, candles: readonly DatedCandle[]) =>
  [...script].map(([bar, step]) => ({ bar, ...written(step, candles) }));

const NUMBERS = caseNumbers(60);

describe.skipIf(!existsSync(FOLDER))(`random share orders (skipped without ${FOLDER})`, () => {
  it.each(NUMBERS)('fill as under the rules of backtrader: case %i', async (number) => {
    const { symbol, candles, script, feeRate } = drawnCase(number);
    const expected = new ShareDriver({ cash: CASH, feeRate }).run(candles, script);
    const { fills, report } = await runEngine({
      symbol,
      candles,
      config: touchingConfig(symbol, CASH, feeRate),
      strategy: {
        definition: await strategyIn('share-orders.ts'),
        allowShort: true,
        params: { steps: steps(script, candles) },
      },
    });
    const end = expected.disputedBar ?? Infinity;
    const ourFills = fills.map(({ time, side, quantity, price }) => ({
      bar: candles.findIndex(({ openTime }) => openTime === time),
      side,
      quantity,
      price,
    }));
    const isSettled = ({ bar }: { readonly bar: number }) => bar < end;
    expect(ourFills.filter(isSettled)).toEqual(
      expected.fills
        .filter(isSettled)
        .map(({ bar, side, quantity, price }) => ({ bar, side, quantity, price: near(price) })),
    );
    if (expected.disputedBar !== null) return;
    expect(report.final_equity / expected.finalEquity).toBeCloseTo(1, 6);
  });

  it('are of every kind, and few are left out', () => {
    const drawn = Array.from({ length: 60 }, (_, index) => drawnCase(index + 1));
    const results = drawn.map(({ candles, script, feeRate }) =>
      new ShareDriver({ cash: CASH, feeRate }).run(candles, script),
    );
    expect(results.filter(({ disputedBar }) => disputedBar !== null).length).toBeLessThan(6);
    const filled = new Map<string, number>();
    for (const { kind } of results.flatMap(({ fills }) => fills)) {
      filled.set(kind, (filled.get(kind) ?? 0) + 1);
    }
    const kinds = ['market', 'limit', 'stop', 'stop-limit', 'stop-trail'];
    expect(kinds.filter((kind) => (filled.get(kind) ?? 0) < 20)).toEqual([]);
  });
});
