import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from '../../../src/core/decimal.ts';
import { affordableQuantity } from '../../../src/execution/affordable-quantity.ts';

interface Fees {
  readonly rate: string;
  readonly minimum: string;
}

function fees({ rate, minimum }: Fees, price: Decimal): (quantity: Decimal) => Decimal {
  return (quantity) => quantity.times(price).times(Decimal.parse(rate)).max(Decimal.parse(minimum));
}

describe('affordable quantity', () => {
  it.each([
    { fact: 'is all that was wanted where cash suffices', cash: '1010', quantity: '10' },
    // 1009.99 / 101 = 9.9999…, in whole lots.
    { fact: 'is a whole lot less where one cent is missing', cash: '1009.99', quantity: '9' },
    { fact: 'is zero without cash', cash: '0', quantity: '0' },
    { fact: 'is zero with a debt', cash: '-5', quantity: '0' },
    // (502 − 5) / 100 = 4.97: the minimum of 5 weighs more than 1 % of 400.
    { fact: 'leaves room for a minimum fee', cash: '502', minimum: '5', quantity: '4' },
    {
      fact: 'is zero where cash is less than the minimum fee',
      cash: '4',
      minimum: '5',
      quantity: '0',
    },
  ])('$fact', ({ cash, minimum = '0', quantity }) => {
    const price = Decimal.parse('100');
    const result = affordableQuantity({
      wanted: Decimal.parse('10'),
      price,
      cash: Decimal.parse(cash),
      lotStep: Decimal.one,
      feeOf: fees({ rate: '0.01', minimum }, price),
    });
    expect(result.toString()).toBe(quantity);
  });

  it('never costs more than cash, and one lot more would', () => {
    const lotStep = Decimal.parse('0.001');
    const cents = fc.integer({ min: 1, max: 10_000_000 }).map((n) => Decimal.parse(`${n}e-2`));
    const property = fc.property(
      cents,
      cents,
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.constantFrom('0', '1', '25'),
      (price, cash, lots, minimum) => {
        const wanted = Decimal.parse(`${lots}e-3`);
        const feeOf = fees({ rate: '0.006', minimum }, price);
        const cost = (quantity: Decimal) => quantity.times(price).plus(feeOf(quantity));
        const result = affordableQuantity({ wanted, price, cash, lotStep, feeOf });
        const isPaid = result.isZero || !cost(result).greaterThan(cash);
        const isMost = result.equals(wanted) || cost(result.plus(lotStep)).greaterThan(cash);
        expect(isPaid && isMost && !result.greaterThan(wanted)).toBe(true);
      },
    );
    fc.assert(property, { seed: 42, numRuns: 2000 });
  });
});
