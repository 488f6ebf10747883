import { array, assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from '../../../src/core/decimal.ts';
import { positionId } from '../../../src/core/ids.ts';
import { OpenPosition } from '../../../src/portfolio/open-position.ts';
import { dec, entryOrder } from '../../support/orders.ts';

const ORDER = entryOrder({ id: 1, quantity: '1' });

function position(): OpenPosition {
  return OpenPosition.begin(ORDER, { id: positionId(1), side: 'long', entryTime: 0 });
}

const goods = (units: string, price: string) => ({
  units: dec(units),
  value: dec(units).times(dec(price)),
});

describe('the mean price of what is held', () => {
  it('is that of all entries while nothing was sold', () => {
    const held = position();
    held.enter(goods('1', '100'));
    held.enter(goods('3', '200'));
    expect(held.heldPrice).toEqual(dec('175'));
    expect(held.heldPrice).toEqual(held.snapshot().entryPrice);
  });

  it('is that of all entries, to the last digit, after parts were sold', () => {
    const share = integer({ min: 1, max: 99 });
    assert(
      property(array(share, { minLength: 1, maxLength: 6 }), (shares) => {
        const held = position();
        held.enter(goods('0.7', '123.4567'));
        held.enter(goods('0.33', '98.7654321'));
        for (const percent of shares) {
          const units = held.quantity.times(dec(String(percent / 100))).toStep(dec('1e-8'), 'down');
          if (units.isPositive) held.exit({ units, value: units.times(dec('111')) });
        }
        expect(held.heldPrice).toEqual(held.snapshot().entryPrice);
      }),
    );
  });

  it('forgets what was sold before a later entry: a rest weighs what it is', () => {
    const held = position();
    held.enter(goods('1', '30000'));
    held.exit(goods('0.99999', '31000'));
    held.enter(goods('1', '60000'));
    expect(held.snapshot().entryPrice).toEqual(dec('45000'));
    const expected = (0.00001 * 30000 + 60000) / 1.00001;
    expect(held.heldPrice.toNumber()).toBeCloseTo(expected, 6);
  });

  it('is that of all entries where nothing is held any more', () => {
    const held = position();
    held.enter(goods('2', '50'));
    held.exit(goods('2', '60'));
    expect(held.quantity).toEqual(Decimal.zero);
    expect(held.heldPrice).toEqual(dec('50'));
  });
});
