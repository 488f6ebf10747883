import { describe, expect, it } from 'vitest';
import { compareOrder } from '../../../../src/app/parity/compare-order.ts';
import type { OrderFate } from '../../../../src/app/parity/order-fates.ts';
import type { Decimal } from '../../../../src/core/decimal.ts';
import type { Fill } from '../../../../src/core/fill.ts';
import { BTC, dec, entryOrder, exitOrder, fillOf } from '../../../support/orders.ts';

/** One percent, whoever makes the market. */
const FEES = {
  commission: ({ quantity, price }: { readonly quantity: Decimal; readonly price: Decimal }) =>
    quantity.times(price).times(dec('0.01')),
  instrumentOf: () => BTC,
};

const BUY = entryOrder({ quantity: '2' });
const SELL = exitOrder({ quantity: '2' });

function fateOf(order: OrderFate['order'], changes: Partial<OrderFate> = {}): OrderFate {
  const open = { fills: [], end: null, orderedByHand: null, cancelledByHand: null };
  return { order, entryBar: 0, ...open, ...changes };
}

const buy = (price: string, changes: Partial<Parameters<typeof fillOf>[1]> = {}): Fill =>
  fillOf(BUY, { quantity: '2', price, fee: dec(price).times(dec('0.02')).toString(), ...changes });
const sell = (price: string): Fill =>
  fillOf(SELL, { quantity: '2', price, fee: dec(price).times(dec('0.02')).toString() });

interface Sketch {
  readonly fate?: OrderFate;
  readonly inTime?: readonly Fill[];
  readonly later?: readonly Fill[];
  readonly backtest?: readonly Fill[];
}

function compared(sketch: Sketch) {
  const { fate = fateOf(BUY), inTime = [], later = [], backtest = [buy('100')] } = sketch;
  return compareOrder({ fate, inTime, later, backtest, fees: FEES }).map(
    ({ cause, run, cost }) => [cause, run, cost?.toString() ?? null] as const,
  );
}

describe('an order that run and backtest filled', () => {
  it('has no difference where price, fee and bar are the same', () => {
    expect(compared({ inTime: [buy('100')] })).toEqual([]);
  });

  it.each([
    { what: 'a dearer purchase', order: BUY, run: buy('101'), due: buy('100'), cost: '2.02' },
    { what: 'a cheaper purchase', order: BUY, run: buy('99'), due: buy('100'), cost: '-2.02' },
    // What is got is less, and so is the fee on it.
    { what: 'a cheaper sale', order: SELL, run: sell('99'), due: sell('100'), cost: '1.98' },
    { what: 'a dearer sale', order: SELL, run: sell('101'), due: sell('100'), cost: '-1.98' },
  ])('has a price for a cause with $what, the fee on it included', ({ order, run, due, cost }) => {
    const [only, ...others] = compared({ fate: fateOf(order), inTime: [run], backtest: [due] });
    expect(others).toEqual([]);
    expect([only?.[0], only?.[2]]).toEqual(['price', cost]);
  });

  it('has a fee for a cause where that alone is another', () => {
    expect(compared({ inTime: [buy('100', { fee: '2.5' })] })).toEqual([['fee', 'fee 2.5', '0.5']]);
  });

  it('has both for causes where both are others, each with its own cost', () => {
    expect(
      compared({ inTime: [buy('101', { fee: '3' })] }).map(([cause, , cost]) => [cause, cost]),
    ).toEqual([
      ['price', '2.02'],
      ['fee', '0.98'],
    ]);
  });

  it('compares several fills by what they come to', () => {
    const halves = ['99', '101'].map((price) =>
      fillOf(BUY, { quantity: '1', price, fee: dec(price).times(dec('0.01')).toString() }),
    );
    expect(compared({ inTime: halves })).toEqual([]);
  });
});

describe('an order that the backtest alone filled in its bar', () => {
  it('is late where it filled at last, for what the delay cost', () => {
    expect(compared({ later: [buy('102', { time: 5_400_000 })] })).toEqual([
      ['latency', 'buy 2 at 102 (1970-01-01T01:30:00Z), 1 h 30 min later', '4.04'],
    ]);
  });

  it('has no cost of its own where less was filled at last', () => {
    const part = buy('102', { quantity: '1', time: 60_000 });
    expect(compared({ later: [part] })).toEqual([
      ['latency', 'buy 1 at 102 (1970-01-01T00:01:00Z), 1 min later', null],
    ]);
  });

  it.each([
    ['rejected', { end: { state: 'rejected', reason: 'too small' } }, 'rejected: too small'],
    ['unknown', { end: { state: 'unknown', reason: 'no answer' } }, 'unknown: no answer'],
    ['by hand', { cancelledByHand: 'halt by me: fear' }, 'taken back: halt by me: fear'],
  ] as const)('was refused where it ended %s', (_, changes, run) => {
    expect(compared({ fate: fateOf(BUY, changes) })).toEqual([['refusal', run, null]]);
  });

  it.each([
    ['canceled', { end: { state: 'canceled', reason: 'the strategy' } }, 'canceled: the strategy'],
    ['open', {}, 'not filled by the end of the record'],
  ] as const)('is late for ever where it ended %s', (_, changes, run) => {
    expect(compared({ fate: fateOf(BUY, changes) })).toEqual([['latency', run, null]]);
  });
});
