import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactText, readExact } from '../../../../src/app/check-strategy/exact-text.ts';
import { HeldReplay } from '../../../../src/app/check-strategy/held-replay.ts';
import { heldText, NOTHING_HELD, readHeld } from '../../../../src/app/check-strategy/held-text.ts';
import { Decimal } from '../../../../src/core/decimal.ts';

describe('exact text', () => {
  it('gives decimals and everything beside them back as they were', () => {
    const leaf = fc.oneof(
      fc.integer(),
      fc.string(),
      fc.constant(null),
      fc.boolean(),
      fc.integer().map((whole) => Decimal.parse(`${whole}.00000001`)),
    );
    fc.assert(
      fc.property(fc.array(fc.record({ price: leaf, inner: fc.array(leaf) })), (value) => {
        expect(readExact(exactText(value))).toEqual(value);
      }),
    );
  });

  it('does not take a text of digits for a decimal', () => {
    expect(readExact(exactText({ id: '1.5', quantity: Decimal.parse('1.5') }))).toEqual({
      id: '1.5',
      quantity: Decimal.parse('1.5'),
    });
  });
});

describe('what a strategy holds, as text', () => {
  it('is empty for nothing, and nothing again', () => {
    expect(heldText(NOTHING_HELD)).toBe('');
    expect(readHeld('')).toBe(NOTHING_HELD);
  });

  it('is refused where it is anything else', () => {
    expect(() => readHeld('[1]')).toThrow('a position with orders was expected, was "[1]"');
  });
});

describe('the replay of what was held', () => {
  const held = exactText({ position: null, orders: [{ quantity: Decimal.one }] });
  const spans = [
    { symbol: 'ETH/USD', since: 30, held },
    { symbol: 'BTC/USD', since: 10, held },
    { symbol: 'BTC/USD', since: 20, held: '' },
  ];

  it('shows each symbol what it held at the time', () => {
    const replay = new HeldReplay(spans);
    const seen = [5, 10, 15, 20, 35].map((time) => {
      replay.moveTo(time);
      return ['BTC/USD', 'ETH/USD'].map((symbol) => replay.of(symbol).orders.length);
    });
    expect(seen).toEqual([
      [0, 0],
      [1, 0],
      [1, 0],
      [0, 0],
      [0, 1],
    ]);
  });

  it('comes to the same state in one step', () => {
    const replay = new HeldReplay(spans);
    replay.moveTo(35);
    expect(replay.of('BTC/USD')).toBe(NOTHING_HELD);
    expect(replay.of('ETH/USD').orders[0]?.quantity).toEqual(Decimal.one);
  });
});
