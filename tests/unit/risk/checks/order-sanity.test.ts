import { describe, expect, it } from 'vitest';
import { positionId } from '../../../../src/core/ids.ts';
import type { OrderRequest } from '../../../../src/core/order.ts';
import type { Position } from '../../../../src/core/position.ts';
import { refusalOf } from '../../../../src/risk/assess.ts';
import { ORDER_CHECKS } from '../../../../src/risk/risk-layers.ts';
import { decimal, entry, exit, instrument, position } from '../risk-builders.ts';

function firstRefusal(order: OrderRequest, held: Position | null) {
  const context = { instrument: instrument('BTC/USD'), position: held };
  for (const check of ORDER_CHECKS) {
    const refusal = refusalOf(check(order, context));
    if (refusal !== null) return refusal;
  }
  return null;
}

const limitAtZero = { type: 'limit', limitPrice: decimal(0) } as const;
const stopBelowZero = { type: 'stop', stopPrice: decimal(-1) } as const;

describe('sanity of any order', () => {
  it.each([
    ['an entry without a position', entry(), null],
    ['an entry of one lot step', entry({ quantity: decimal('0.001') }), null],
    ['a limit entry', entry({ pricing: { type: 'limit', limitPrice: decimal(99) } }), null],
    ['a stop entry', entry({ pricing: { type: 'stop', stopPrice: decimal(101) } }), null],
    ['an entry on top of a position', entry(), position()],
    ['an exit of the whole position', exit(), position()],
    ['an exit of a part', exit({ quantity: decimal(4) }), position()],
    [
      'an exit of a whole position off the lot step',
      exit({ quantity: decimal('9.9999') }),
      position({ quantity: decimal('9.9999') }),
    ],
    ['a buy that closes a short', exit({ side: 'buy' }), position({ side: 'short' })],
  ])('passes %s', (_title, order, held) => {
    expect(firstRefusal(order, held)).toBeNull();
  });

  it.each([
    ['no quantity', 'order-quantity', entry({ quantity: decimal(0) }), null],
    ['a quantity below zero', 'order-quantity', entry({ quantity: decimal(-1) }), null],
    ['an exit of nothing', 'order-quantity', exit({ quantity: decimal(0) }), position()],
    ['half a lot step', 'lot-step', entry({ quantity: decimal('1.0005') }), null],
    ['an exit off the lot step', 'lot-step', exit({ quantity: decimal('9.9999') }), position()],
    ['a price of NaN', 'order-price', entry({ referencePrice: Number.NaN }), null],
    ['an endless price', 'order-price', entry({ referencePrice: Number.POSITIVE_INFINITY }), null],
    ['a price of zero', 'order-price', entry({ referencePrice: 0 }), null],
    ['an exit at NaN', 'order-price', exit({ referencePrice: Number.NaN }), position()],
    ['a limit at zero', 'order-price', entry({ pricing: limitAtZero }), null],
    ['a stop below zero', 'order-price', entry({ pricing: stopBelowZero }), null],
    ['an exit without a position', 'exit-position', exit(), null],
    ['an exit of a former position', 'exit-position', exit(), position({ id: positionId(2) })],
    ['a buy that adds to a long', 'exit-side', exit({ side: 'buy' }), position()],
    ['a sell that adds to a short', 'exit-side', exit(), position({ side: 'short' })],
    ['more than it holds', 'exit-quantity', exit({ quantity: decimal('10.001') }), position()],
  ])('refuses %s by %s', (_title, check, order, held) => {
    expect(firstRefusal(order, held)).toMatchObject({ layer: 'order', check });
  });

  it('says what an exit may hold at most and what it asked for', () => {
    expect(firstRefusal(exit({ quantity: decimal(12) }), position())).toEqual({
      layer: 'order',
      check: 'exit-quantity',
      limit: 10,
      actual: 12,
      message: 'exit o2: at most the 10 that position p1 holds was expected, was "12"',
    });
  });

  it('takes any quantity where the instrument has no lot step', () => {
    const free = { ...instrument('BTC/USD'), lotStep: decimal(0) };
    const order = entry({ quantity: decimal('0.000000001') });
    const assessments = ORDER_CHECKS.flatMap(
      (check) => check(order, { instrument: free, position: null }) ?? [],
    );
    expect(assessments.map(({ check, passed }) => [check, passed])).toEqual([
      ['order-quantity', true],
      ['lot-step', true],
      ['order-price', true],
    ]);
  });

  it('tells of an exit what each check allows and what it found', () => {
    const context = { instrument: instrument('BTC/USD'), position: position() };
    const order = exit({ quantity: decimal(4) });
    const assessments = ORDER_CHECKS.flatMap((check) => check(order, context) ?? []);
    expect(assessments.map(({ check, limit, actual }) => [check, limit, actual])).toEqual([
      ['order-quantity', 0, 4],
      ['lot-step', 0.001, 4],
      ['order-price', 0, 100],
      ['exit-position', 0, 0],
      ['exit-side', 0, 0],
      ['exit-quantity', 10, 4],
    ]);
    expect(assessments.every(({ layer, passed }) => layer === 'order' && passed)).toBe(true);
  });
});
