import { describe, expect, it } from 'vitest';
import { USUAL_TERMS, type EntrySignal, type OrderTerms } from '../../../src/core/signal.ts';
import type { EntryFunds } from '../../../src/portfolio/account-funds.ts';
import { planEntry } from '../../../src/portfolio/entry-planner.ts';
import type { CostQuery, PortfolioSettings } from '../../../src/portfolio/portfolio-settings.ts';
import type { SizingSettings } from '../../../src/portfolio/position-sizing.ts';
import { BTC, dec, strategyId } from '../../support/orders.ts';

const ALL_IN = { method: 'all_in', fraction: 1, evaluateAt: 'fill', fixedFee: 'once' } as const;
const FUNDS: EntryFunds = {
  equity: 10_000,
  capital: 10_000,
  accountPower: 10_000,
  buyingPower: 10_000,
};
const SIGNAL: EntrySignal = {
  intent: 'enter',
  terms: USUAL_TERMS,
  oneCancelsOther: null,
  strategy: strategyId('test'),
  symbol: 'BTC/USD',
  side: 'buy',
  confidence: 1,
  barOpenTime: 0,
  price: 100,
  reason: 'cheap',
  conditions: [],
  protection: { stopLoss: null, takeProfit: null },
};

interface Sketch {
  readonly sizing?: SizingSettings;
  readonly funds?: Partial<EntryFunds>;
  readonly settings?: Partial<PortfolioSettings>;
  readonly signal?: Partial<EntrySignal>;
}

/** Whole lots, costs of 1 %. */
function plan({ sizing = ALL_IN, funds, settings, signal }: Sketch = {}) {
  return planEntry(
    { ...SIGNAL, ...signal },
    { ...FUNDS, ...funds },
    {
      initialCapital: dec(10_000),
      margin: { initial: 1, maintenance: null, borrowRate: 0, interestRate: 0 },
      cashBuffer: 0,
      shareOf: () => 1,
      maxEntries: 1,
      oppositeSignal: 'close',
      sizing,
      protection: { stopLoss: { crypto: null, stock: null }, takeProfitRatio: null },
      maxPositionFraction: null,
      entryBars: null,
      staleAt: () => Infinity,
      leavesFundsToVenue: false,
      allowsShort: () => true,
      instrumentOf: () => ({ ...BTC, lotStep: dec('1') }),
      costFraction: () => 0.01,
      atrOf: () => null,
      ...settings,
    },
  );
}

describe('an all-in entry', () => {
  it('is worth what the funds pay for at the decision’s price, costs included', () => {
    // 10,000 / 101 = 99.0.
    expect(plan()).toMatchObject({ quantity: dec('99'), cashPerUnit: 101 });
  });

  it('is sized again at its fill, unless the decision is to count', () => {
    expect(plan()).toMatchObject({
      sizedAtFill: { fraction: 1, maxFunds: null, fixedFee: 'once' },
    });
    expect(plan({ sizing: { ...ALL_IN, evaluateAt: 'decision' } })).toMatchObject({
      sizedAtFill: null,
    });
  });

  it('takes its fraction times the confidence', () => {
    const sizing: SizingSettings = { ...ALL_IN, fraction: 0.5 };
    expect(plan({ sizing, signal: { confidence: 0.5 } })).toMatchObject({
      quantity: dec('24'),
      sizedAtFill: { fraction: 0.25 },
    });
  });

  it('asks the venue for no more of its funds than the strategy may use', () => {
    expect(plan({ funds: { buyingPower: 4_000 } })).toMatchObject({
      quantity: dec('39'),
      sizedAtFill: { fraction: 0.4 },
    });
  });

  it('asks for no more than a share of the account allows now, whatever others free', () => {
    expect(
      plan({
        funds: { accountPower: 4_000, buyingPower: 4_000 },
        settings: { shareOf: () => 0.4 },
      }),
    ).toMatchObject({ sizedAtFill: { fraction: 1, maxFunds: 4_000 } });
  });

  it('stays with the quantity that the position limit leaves', () => {
    expect(plan({ settings: { maxPositionFraction: 0.1 } })).toMatchObject({
      quantity: dec('10'),
      sizedAtFill: null,
    });
  });

  it('goes on being sized at its fill under a limit it does not reach', () => {
    expect(plan({ settings: { maxPositionFraction: 1 } })).toMatchObject({
      sizedAtFill: { fraction: 1 },
    });
  });

  it('asks for the costs of one unit where a fixed fee counts with each', () => {
    const asked: number[] = [];
    const costFraction = ({ quantity }: CostQuery) => {
      asked.push(quantity);
      return 0.5;
    };
    const sizing: SizingSettings = { ...ALL_IN, fixedFee: 'per_unit' };
    expect(plan({ sizing, settings: { costFraction } })).toMatchObject({ quantity: dec('66') });
    expect(asked).toEqual([1]);
  });

  it.each([0, -100, 99])('without funds for one lot (%d) is no entry: no-cash', (buyingPower) => {
    expect(plan({ funds: { buyingPower } })).toBe('no-cash');
  });
});

describe('every entry', () => {
  it.each(['buy', 'sell'] as const)('ties up its margin, going to %s', (side) => {
    const margin = { initial: 0.25, maintenance: null, borrowRate: 0, interestRate: 0 };
    const sizing: SizingSettings = { method: 'fixed_quantity', quantity: 10 };
    expect(plan({ sizing, signal: { side }, settings: { margin } })).toMatchObject({
      quantity: dec('10'),
      cashPerUnit: 25.25,
      sizedAtFill: null,
    });
  });

  it.each(['buy', 'sell'] as const)('is cut to what the funds carry, going to %s', (side) => {
    const sizing: SizingSettings = { method: 'fixed_quantity', quantity: 500 };
    expect(plan({ sizing, signal: { side } })).toMatchObject({ quantity: dec('99') });
  });

  it('too small for a lot is below the minimum, though there is money', () => {
    expect(plan({ sizing: { method: 'fixed_quantity', quantity: 0.5 } })).toBe('below-minimum');
  });
});

describe('an entry for a quantity of its own', () => {
  const signal = (pricing: OrderTerms['pricing']): Partial<EntrySignal> => ({
    terms: { ...USUAL_TERMS, pricing, quantity: 100 },
  });
  const market = signal({ type: 'market' });

  it('is refused at the market where it is not paid for: no-cash', () => {
    expect(plan({ signal: market })).toBe('no-cash');
    expect(plan({ signal: market, funds: { buyingPower: 10_100 } })).toMatchObject({
      quantity: dec('100'),
    });
  });

  it.each([
    { why: 'it waits', settings: {}, signal: signal({ type: 'limit', limitPrice: 100 }) },
    { why: 'that is left to the venue', settings: { leavesFundsToVenue: true }, signal: market },
  ])('goes out whole, paid for or not, where $why', ({ settings, signal: wished }) => {
    expect(plan({ signal: wished, settings })).toMatchObject({ quantity: dec('100') });
  });
});

describe('an entry whose protection lies on the wrong side', () => {
  const at = (price: number) => ({ kind: 'price', price }) as const;
  const toward = (reference: number) => ({ kind: 'toward', reference, multiple: 1 }) as const;
  const limit = (limitPrice: number) => ({
    terms: { ...USUAL_TERMS, pricing: { type: 'limit', limitPrice } as const },
  });
  const none = { stopLoss: null, takeProfit: null };

  it.each<readonly [string, Partial<EntrySignal>]>([
    ['a stop above the close', { protection: { ...none, stopLoss: at(101) } }],
    ['a stop at the close', { protection: { ...none, stopLoss: at(100) } }],
    ['a target below the close', { protection: { ...none, takeProfit: at(99) } }],
    ['a target at the close', { protection: { ...none, takeProfit: toward(100) } }],
    ['a stop toward what lies above', { protection: { ...none, stopLoss: toward(103) } }],
    ['a stop above its limit', { ...limit(90), protection: { ...none, stopLoss: at(95) } }],
    ['a stop below, sold short', { side: 'sell', protection: { ...none, stopLoss: at(99) } }],
    ['a target above, sold short', { side: 'sell', protection: { ...none, takeProfit: at(101) } }],
  ])('is none: %s', (_, signal) => {
    expect(plan({ signal })).toBe('wrong-side-protection');
  });

  it.each<readonly [string, Partial<EntrySignal>]>([
    ['long', { protection: { stopLoss: at(99), takeProfit: at(101) } }],
    ['short', { side: 'sell', protection: { stopLoss: at(101), takeProfit: at(99) } }],
    ['a limit order', { ...limit(90), protection: { stopLoss: at(89), takeProfit: at(95) } }],
  ])('is one where both lie right: %s', (_, signal) => {
    expect(plan({ signal })).toMatchObject({ protection: signal.protection });
  });

  it('cannot be told of one by a trailing stop, which may have gone anywhere', () => {
    const trail = { kind: 'distance', distance: 5 } as const;
    const terms = { ...USUAL_TERMS, pricing: { type: 'trailing_stop', trail } as const };
    const protection = { ...none, takeProfit: at(103) };
    expect(plan({ signal: { terms, protection } })).toMatchObject({ protection });
  });

  it('is one where the limit puts the stop, for want of any', () => {
    const protection = { stopLoss: { crypto: 0.02, stock: null }, takeProfitRatio: 2 };
    expect(plan({ settings: { protection } })).toMatchObject({
      protection: { stopLoss: { kind: 'fraction', fraction: 0.02 } },
    });
  });
});
