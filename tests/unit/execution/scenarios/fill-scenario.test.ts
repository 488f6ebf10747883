import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from '../../../../src/core/decimal.ts';
import type { Fill } from '../../../../src/core/fill.ts';
import { commissionModel } from '../../../../src/execution/commission.ts';
import type { CommissionSettings } from '../../../../src/execution/commission/commission-settings.ts';
import { FILL_SCENARIOS } from '../../../../src/execution/scenarios/fill-scenario.ts';
import type { WitnessedFill } from '../../../../src/execution/scenarios/fill-witness.ts';
import { hourBar, START } from '../../../support/bars.ts';
import { BTC, dec, entryOrder, fillOf } from '../../../support/orders.ts';

const RATES: CommissionSettings = {
  crypto: { maker: 0.001, taker: 0.002 },
  stock: { maker: null, taker: null },
  venueFees: 'collected',
  venues: {},
};
const SENSITIVITY = { slippageMultiple: 2, stopOvershoot: 0.5 };

interface Sketch {
  readonly fill?: Partial<Fill>;
  readonly witnessed?: Partial<Omit<WitnessedFill, 'fill'>>;
  readonly commission?: Partial<CommissionSettings>;
}

/** One unit bought at 101 where 100 was met, of which 0.4 was impact; in a bar from 90 to 120. */
function witnessedOf({ fill, witnessed }: Sketch): WitnessedFill {
  const made = fillOf(entryOrder({ quantity: '1' }), {
    quantity: '1',
    price: '101',
    rawPrice: '100',
    fee: '0.202',
    time: START,
  });
  return {
    fill: { ...made, impact: dec('0.4'), ...fill },
    orderType: 'market',
    isFirstFill: true,
    bar: hourBar(0, { open: 105, high: 120, low: 90, close: 110 }),
    instrument: BTC,
    target: null,
    ...witnessed,
  };
}

function outcomeOf(name: keyof typeof FILL_SCENARIOS, sketch: Sketch): string {
  const commission = commissionModel({ ...RATES, ...sketch.commission }, 'sample');
  const fill = FILL_SCENARIOS[name](witnessedOf(sketch), commission, SENSITIVITY);
  const { price, rawPrice, impact, fee, liquidity } = fill;
  return [price, rawPrice, impact, fee].map((each) => each.toString()).join(' ') + ` ${liquidity}`;
}

const SALE = { side: 'sell', price: dec('99'), rawPrice: dec('100'), fee: dec('0.198') } as const;
const STOP = { orderType: 'stop' } as const;

describe('an optimistic fill', () => {
  it.each<{ fact: string; sketch: Sketch; told: string }>([
    // 100 × 0.001.
    { fact: 'buys at the price met, as a maker', sketch: {}, told: '100 100 0 0.1 maker' },
    { fact: 'sells at the price met', sketch: { fill: SALE }, told: '100 100 0 0.1 maker' },
    {
      fact: 'takes the target where stop and target were reached',
      sketch: { fill: SALE, witnessed: { ...STOP, target: dec('115') } },
      told: '115 115 0 0.115 maker',
    },
    {
      fact: 'takes the target of a short below',
      sketch: { witnessed: { ...STOP, target: dec('92') } },
      told: '92 92 0 0.092 maker',
    },
    {
      fact: 'leaves a target that is worse than the stop',
      sketch: { fill: SALE, witnessed: { ...STOP, target: dec('98') } },
      told: '100 100 0 0.1 maker',
    },
    {
      fact: 'is a taker where that is cheaper',
      sketch: { commission: { crypto: { maker: 0.003, taker: 0.002 } } },
      told: '100 100 0 0.2 taker',
    },
    {
      fact: 'has the rebate of makers',
      sketch: { commission: { crypto: { maker: -0.001, taker: 0.002 } } },
      told: '100 100 0 -0.1 maker',
    },
    {
      fact: 'pays the minimum',
      sketch: { commission: { minimum: 0.15 } },
      told: '100 100 0 0.15 maker',
    },
    {
      fact: 'is the fill itself where nothing is better',
      // A limit that filled better than its raw price does not exist; a fee below the maker's may.
      sketch: { fill: { price: dec('100'), fee: dec('0.01'), impact: Decimal.zero } },
      told: '100 100 0 0.01 taker',
    },
  ])('$fact', ({ sketch, told }) => {
    expect(outcomeOf('optimistic', sketch)).toBe(told);
  });
});

describe('a pessimistic fill', () => {
  it.each<{ fact: string; sketch: Sketch; told: string }>([
    // 100 + 2 × 1; 102 × 0.002.
    { fact: 'slips twice as far, as a taker', sketch: {}, told: '102 100 0.8 0.204 taker' },
    { fact: 'sells as much lower', sketch: { fill: SALE }, told: '98 100 0.8 0.196 taker' },
    {
      fact: 'of a sale slips even though the fee falls with the price',
      sketch: { fill: SALE, commission: { crypto: { maker: 0.001, taker: 0.1 } } },
      told: '98 100 0.8 9.8 taker',
    },
    {
      fact: 'of a stop to sell is half way to the low',
      // 100 − (100 − 90) / 2, and from there 2 × 1.
      sketch: { fill: SALE, witnessed: STOP },
      told: '93 95 0.8 0.186 taker',
    },
    {
      fact: 'of a stop to buy is half way to the high',
      sketch: { witnessed: STOP },
      told: '112 110 0.8 0.224 taker',
    },
    {
      fact: 'of a trailing stop is half way to the low',
      sketch: { fill: SALE, witnessed: { orderType: 'trailing_stop' } },
      told: '93 95 0.8 0.186 taker',
    },
    {
      fact: 'of a stop that filled at the low goes no further',
      sketch: { fill: { ...SALE, rawPrice: dec('90'), price: dec('89') }, witnessed: STOP },
      told: '88 90 0.8 0.176 taker',
    },
    {
      fact: 'of a stop at a close has its bar behind it',
      sketch: { fill: { ...SALE, time: START + 1 }, witnessed: STOP },
      told: '98 100 0.8 0.196 taker',
    },
    {
      fact: 'of a limit stays at its limit',
      sketch: {
        fill: { price: dec('100'), impact: Decimal.zero, liquidity: 'maker', fee: dec('0.1') },
        witnessed: { orderType: 'limit' },
      },
      told: '100 100 0 0.2 taker',
    },
    {
      fact: 'of a limit behind a stop stays at its limit',
      sketch: {
        fill: { price: dec('100'), impact: Decimal.zero },
        witnessed: { orderType: 'stop_limit' },
      },
      told: '100 100 0 0.202 taker',
    },
    {
      fact: 'is rounded to the tick against the order',
      sketch: {
        fill: { price: dec('100.6'), impact: Decimal.zero },
        witnessed: { instrument: { ...BTC, tickSize: dec('0.5') } },
      },
      // 101.2 goes up.
      told: '101.5 100 0 0.203 taker',
    },
    {
      fact: 'is a maker where that is dearer',
      sketch: { commission: { crypto: { maker: 0.003, taker: 0.002 } } },
      told: '102 100 0.8 0.306 maker',
    },
    {
      fact: 'never sells for less than a tick',
      sketch: { fill: { ...SALE, price: dec('30') } },
      told: '0.01 100 0.8 0.00002 taker',
    },
    {
      fact: 'pays the amount per order with the first fill',
      sketch: { commission: { perOrder: 5 } },
      told: '102 100 0.8 5.204 taker',
    },
    {
      fact: 'pays no amount per order again',
      sketch: { commission: { perOrder: 5 }, witnessed: { isFirstFill: false } },
      told: '102 100 0.8 0.204 taker',
    },
  ])('$fact', ({ sketch, told }) => {
    expect(outcomeOf('pessimistic', sketch)).toBe(told);
  });
});

const price = fc.integer({ min: 9000, max: 12_000 }).map((cents) => dec(`${cents}e-2`));
const commissionDrawn = fc.record({
  crypto: fc.record({
    maker: fc.double({ min: -0.01, max: 0.1, noNaN: true }),
    taker: fc.double({ min: 0, max: 0.1, noNaN: true }),
  }),
  perOrder: fc.double({ min: 0, max: 5, noNaN: true }),
  minimum: fc.double({ min: 0, max: 5, noNaN: true }),
});

describe('the scenarios of a fill', () => {
  it('leave cash in their order, whatever the fill and the fees', () => {
    const drawn = fc.record({
      side: fc.constantFrom('buy' as const, 'sell' as const),
      liquidity: fc.constantFrom('maker' as const, 'taker' as const),
      orderType: fc.constantFrom('market', 'limit', 'stop', 'stop_limit', 'trailing_stop' as const),
      rawPrice: price,
      slippage: fc.integer({ min: 0, max: 500 }).map((cents) => dec(`${cents}e-2`)),
      target: fc.option(price),
      quantity: fc.integer({ min: 1, max: 1e9 }).map((units) => dec(`${units}e-8`)),
      isFirstFill: fc.boolean(),
      commission: commissionDrawn,
      multiple: fc.double({ min: 1, max: 20, noNaN: true }),
      overshoot: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const property = fc.property(drawn, (of) => {
      const commission = commissionModel({ ...RATES, ...of.commission }, 'sample');
      const { side, quantity, rawPrice, slippage, liquidity, isFirstFill } = of;
      const paid = side === 'buy' ? rawPrice.plus(slippage) : rawPrice.minus(slippage);
      const fee = commission({ instrument: BTC, liquidity, quantity, price: paid, isFirstFill });
      const fill = { side, liquidity, rawPrice, quantity, price: paid, fee, impact: Decimal.zero };
      const { orderType, target } = of;
      const base = witnessedOf({ fill, witnessed: { orderType, target, isFirstFill } });
      const settings = { slippageMultiple: of.multiple, stopOvershoot: of.overshoot };
      const cashAfter = ({ price: each, fee: charged }: Fill) => {
        const value = quantity.times(each);
        return (side === 'buy' ? value.negated() : value).minus(charged);
      };
      const best = FILL_SCENARIOS.optimistic(base, commission, settings);
      const worst = FILL_SCENARIOS.pessimistic(base, commission, settings);
      expect(cashAfter(worst).greaterThan(cashAfter(base.fill)), 'worst ≤ base').toBe(false);
      expect(cashAfter(base.fill).greaterThan(cashAfter(best)), 'base ≤ best').toBe(false);
      for (const each of [best, worst]) {
        expect(each.quantity).toBe(quantity);
        expect(each.impact.isNegative).toBe(false);
      }
    });
    fc.assert(property, { seed: 42, numRuns: 3000 });
  });
});
