import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from '../../../src/core/decimal.ts';
import type { Side } from '../../../src/core/order.ts';
import { fillPrice } from '../../../src/execution/fill-price.ts';
import { NO_SLIPPAGE, type Slippage } from '../../../src/execution/slippage/slippage-model.ts';
import { BTC, dec } from '../../support/orders.ts';

interface Sketch {
  readonly side?: Side;
  readonly raw: number;
  readonly quantity: string;
  /** Null for a limit order. */
  readonly lost: Slippage | null;
  readonly limit?: number;
  readonly tick?: string;
}

/** Price, impact and spread of a fill, the last being what is left of the whole distance. */
function costOf({ side = 'buy', raw, quantity, lost, limit, tick = '0' }: Sketch) {
  const exact = Decimal.fromNumber(raw);
  const { price, impact } = fillPrice({
    side,
    role: 'entry',
    meeting: { exact, double: raw, atStart: true },
    quantity: dec(quantity),
    barVolume: 1000,
    instrument: { ...BTC, tickSize: dec(tick) },
    slippage: () => lost ?? NO_SLIPPAGE,
    limit: lost === null ? dec(limit ?? raw) : null,
  });
  const worse = side === 'buy' ? price.minus(exact) : exact.minus(price);
  const total = worse.times(dec(quantity));
  return { price, impact, spread: total.minus(impact), total };
}

const texts = ({ price, impact, spread }: ReturnType<typeof costOf>) =>
  [price, spread, impact].map((each) => each.toString()).join(' ');

describe('the price of a fill', () => {
  it.each<{ fact: string; sketch: Sketch; told: string }>([
    {
      fact: 'splits its distance as the model does',
      // 0.3 % of 100 is 0.3 a unit: a third of it spread, on 2 units 0.2 and 0.4.
      sketch: { raw: 100, quantity: '2', lost: { spread: 0.001, impact: 0.002 } },
      told: '100.3 0.2 0.4',
    },
    {
      fact: 'does so on the way down',
      sketch: { side: 'sell', raw: 100, quantity: '2', lost: { spread: 0.002, impact: 0.002 } },
      told: '99.6 0.4 0.4',
    },
    {
      fact: 'counts rounding to the tick as spread',
      // 100.25 goes up to 100.5: 0.25 a unit of impact, 0.25 of rounding.
      sketch: { raw: 100, quantity: '4', lost: { spread: 0, impact: 0.0025 }, tick: '0.5' },
      told: '100.5 1 1',
    },
    {
      fact: 'has no impact where the model knows none',
      sketch: { raw: 100, quantity: '4', lost: { spread: 0.01, impact: 0 } },
      told: '101 4 0',
    },
    {
      fact: 'costs a limit order its rounding alone',
      sketch: { raw: 99.1, quantity: '1', lost: null, limit: 100, tick: '0.25' },
      told: '99.25 0.15 0',
    },
    {
      fact: 'is never worse than the limit of a buy, though that is off the tick by now',
      sketch: { raw: 99.1, quantity: '1', lost: null, limit: 99.2, tick: '0.25' },
      told: '99.2 0.1 0',
    },
    {
      fact: 'is never worse than the limit of a sale, though that is off the tick by now',
      sketch: { side: 'sell', raw: 99.1, quantity: '1', lost: null, limit: 99.1, tick: '0.25' },
      told: '99.1 0 0',
    },
    {
      fact: 'has no more impact than there was to lose',
      // 150 % of 100 would be −50; it stops at one tick, so 99.5 is lost.
      sketch: {
        side: 'sell',
        raw: 100,
        quantity: '1',
        lost: { spread: 0, impact: 1.5 },
        tick: '0.5',
      },
      told: '0.5 0 99.5',
    },
    {
      fact: 'has no impact where the least tick is better than what was met',
      sketch: {
        side: 'sell',
        raw: 0.2,
        quantity: '1',
        lost: { spread: 0, impact: 0.1 },
        tick: '0.5',
      },
      told: '0.5 -0.3 0',
    },
    {
      fact: 'is not made better by leaving out digits',
      sketch: { raw: 1.234567890123426, quantity: '1', lost: { spread: 0, impact: 2e-16 } },
      told: '1.234567890123426 0 0',
    },
  ])('$fact', ({ sketch, told }) => {
    expect(texts(costOf(sketch))).toBe(told);
  });

  it('is spread and impact together, neither negative, whatever the model', () => {
    const sketch = fc.record({
      side: fc.constantFrom('buy' as const, 'sell' as const),
      raw: fc.double({ min: 1, max: 1e6, noNaN: true }),
      quantity: fc.integer({ min: 1, max: 1e9 }).map((units) => `${units}e-8`),
      lost: fc.record({
        spread: fc.double({ min: 0, max: 0.1, noNaN: true }),
        impact: fc.double({ min: 0, max: 0.5, noNaN: true }),
      }),
      tick: fc.constantFrom('0', '0.01', '0.25'),
    });
    const property = fc.property(sketch, (drawn) => {
      const { impact, spread, total } = costOf(drawn);
      expect(impact.isNegative).toBe(false);
      expect(spread.isNegative).toBe(false);
      expect(spread.plus(impact).equals(total)).toBe(true);
    });
    fc.assert(property, { seed: 42, numRuns: 2000 });
  });
});
