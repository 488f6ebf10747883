import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bothWays } from '../../../src/app/exact-amounts.ts';
import { Decimal } from '../../../src/core/decimal.ts';
import { dec } from '../../support/orders.ts';

describe('bothWays', () => {
  it('gives the number and, under the same name, all digits', () => {
    expect(bothWays({ price: dec('0.1'), fee: dec('12345678901234567.89'), stop: null })).toEqual({
      price: 0.1,
      fee: 12345678901234568,
      stop: null,
      exact: { price: '0.1', fee: '12345678901234567.89', stop: null },
    });
  });

  it('loses nothing in the text', () => {
    const cents = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n });
    fc.assert(
      fc.property(cents, (value) => {
        const amount = Decimal.parse(`${value}`).times(dec('0.01'));
        const { exact } = bothWays({ amount });
        expect(Decimal.parse(exact.amount).equals(amount)).toBe(true);
      }),
    );
  });
});
