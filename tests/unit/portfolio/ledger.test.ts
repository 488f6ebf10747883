import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from '../../../src/core/decimal.ts';
import { InvariantError } from '../../../src/core/errors.ts';
import { Ledger } from '../../../src/portfolio/ledger.ts';
import { book, dec, entryOrder, exitOrder, fillOf } from '../../support/orders.ts';

const SEED = 20_181_231;

describe('Ledger', () => {
  it('books a long round trip: cash, realised profit, fees and slippage', () => {
    const ledger = new Ledger(dec(1000));
    const entry = entryOrder({ quantity: '2' });
    // Buys 2 at 100.1 (raw 100), fee 1.2: cash 1000 − 200.2 − 1.2 = 798.6.
    const opened = book(
      ledger,
      fillOf(entry, { quantity: '2', price: '100.1', rawPrice: '100', fee: '1.2' }),
      entry,
    );
    expect(ledger.cash.toString()).toBe('798.6');
    expect(opened.slippage.toString()).toBe('0.2');
    // Sells 2 at 109.9 (raw 110), fee 1.3: realised 2 × 9.8 = 19.6; cash 798.6 + 219.8 − 1.3.
    const exit = exitOrder({ quantity: '2' });
    const closed = book(
      ledger,
      fillOf(exit, { quantity: '2', price: '109.9', rawPrice: '110', fee: '1.3' }),
      exit,
    );
    expect(ledger.cash.toString()).toBe('1017.1');
    expect(ledger.realised.toString()).toBe('19.6');
    expect(ledger.fees.toString()).toBe('2.5');
    expect(closed.grossPnl.toString()).toBe('19.6');
    expect(closed.slippage.toString()).toBe('0.4');
    expect(closed.quantity.isZero).toBe(true);
    expect([...ledger.openPositions()]).toEqual([]);
  });

  it('books a short round trip with the signs turned', () => {
    const ledger = new Ledger(dec(1000));
    const entry = entryOrder({ quantity: '2', side: 'sell' });
    ledger.apply(fillOf(entry, { quantity: '2', price: '100', fee: '1' }), entry);
    expect(ledger.cash.toString()).toBe('1199');
    expect(ledger.unrealised(() => dec(90)).toString()).toBe('20');
    expect(ledger.equity(() => dec(90)).toString()).toBe('1019');
    const exit = exitOrder({ quantity: '2', side: 'buy' });
    const closed = book(ledger, fillOf(exit, { quantity: '2', price: '95', fee: '1' }), exit);
    expect(closed.grossPnl.toString()).toBe('10');
    expect(ledger.cash.toString()).toBe('1008');
  });

  it('books what a short over three days costs to borrow to its position', () => {
    const ledger = new Ledger(dec(1000));
    const entry = entryOrder({ quantity: '2', side: 'sell' });
    ledger.apply(fillOf(entry, { quantity: '2', price: '100', fee: '1' }), entry);
    const shorted = { kind: 'borrow-fee', position: entry.position, days: 1, time: 0 } as const;
    for (const amount of ['0.2', '0.21', '0.19']) {
      ledger.charge({ ...shorted, amount: dec(amount) });
    }
    const exit = exitOrder({ quantity: '2', side: 'buy' });
    const closed = book(ledger, fillOf(exit, { quantity: '2', price: '95', fee: '1' }), exit);
    // 1000 + 200 − 1 − 0.6 − 190 − 1.
    expect(ledger.cash.toString()).toBe('1007.4');
    expect(closed.financing.toString()).toBe('0.6');
    expect(closed.grossPnl.toString(), 'before fees and financing').toBe('10');
    expect(ledger.financing.toString()).toBe('0.6');
    expect(ledger.fees.toString()).toBe('2');
  });

  it('books interest to the account, to no position', () => {
    const ledger = new Ledger(dec(1000));
    const entry = entryOrder({ quantity: '15' });
    ledger.apply(fillOf(entry, { quantity: '15', price: '100' }), entry);
    const interest = { kind: 'interest', amount: dec('0.5'), days: 1, time: 0 } as const;
    expect(ledger.charge(interest)).toBeNull();
    expect(ledger.cash.toString()).toBe('-500.5');
    expect(ledger.financing.toString()).toBe('0.5');
    expect([...ledger.openPositions()][0]?.snapshot().financing.toString()).toBe('0');
  });

  it.each([
    { fact: 'that is not positive', amount: '0', position: 1 },
    { fact: 'for a position that is not open', amount: '1', position: 2 },
  ])('refuses a charge $fact', ({ amount, position }) => {
    const ledger = new Ledger(dec(1000));
    const entry = entryOrder({ quantity: '1', side: 'sell' });
    ledger.apply(fillOf(entry, { quantity: '1', price: '10' }), entry);
    const { position: id } = entryOrder({ quantity: '1', position });
    const charge = { kind: 'borrow-fee', position: id, amount: dec(amount), days: 1, time: 0 };
    expect(() => ledger.charge({ ...charge, kind: 'borrow-fee' })).toThrow(InvariantError);
  });

  it('spreads the cost over partial exits so that the last one leaves nothing behind', () => {
    const ledger = new Ledger(dec(1000));
    const entry = entryOrder({ quantity: '3' });
    ledger.apply(fillOf(entry, { quantity: '1', price: '10', partial: true }), entry);
    ledger.apply(fillOf(entry, { quantity: '2', price: '10.01' }), entry);
    const exit = exitOrder({ quantity: '3' });
    for (const quantity of ['1', '1']) {
      ledger.apply(fillOf(exit, { quantity, price: '11', partial: true }), exit);
    }
    const closed = book(ledger, fillOf(exit, { quantity: '1', price: '11' }), exit);
    // Paid 10 + 20.02 = 30.02, received 33.
    expect(closed.grossPnl.toString()).toBe('2.98');
    expect(ledger.realised.toString()).toBe('2.98');
    expect(ledger.cash.toString()).toBe('1002.98');
  });

  it('closes the position with an exit larger than it, and begins another one with the rest', () => {
    const ledger = new Ledger(dec(1000));
    const entry = entryOrder({ quantity: '1' });
    ledger.apply(fillOf(entry, { quantity: '1', price: '10' }), entry);
    const exit = exitOrder({ quantity: '3' });
    const { left, entered } = ledger.apply(
      fillOf(exit, { quantity: '3', price: '12', fee: '0.3' }),
      exit,
    );
    expect(left).toMatchObject({ id: 'p1', exitReason: 'exit' });
    expect(left?.quantity.toString()).toBe('0');
    expect(left?.grossPnl.toString()).toBe('2');
    expect(left?.fees.toString()).toBe('0.3');
    expect(entered).toMatchObject({ id: 'p1.t1', side: 'short' });
    expect(entered?.quantity.toString()).toBe('2');
    expect(entered?.entryPrice.toString()).toBe('12');
    // 1000 − 10 + 36 − 0.3.
    expect(ledger.cash.toString()).toBe('1025.7');
    expect(Array.from(ledger.openPositions(), ({ id }) => id)).toEqual(['p1.t1']);
  });

  it('begins a position of its own with an exit that meets none', () => {
    const exit = exitOrder({ quantity: '1' });
    const ledger = new Ledger(dec(1000));
    const { left, entered } = ledger.apply(fillOf(exit, { quantity: '1', price: '10' }), exit);
    expect(left).toBeNull();
    expect(entered).toMatchObject({ id: 'p1.t1', side: 'short', strategy: 'test' });
    expect(ledger.cash.toString()).toBe('1010');
  });

  it(`keeps the accounting identity exact over 10,000 random sequences of fills and days (seed ${SEED})`, () => {
    const units = fc.integer({ min: 1, max: 10 ** 12 });
    const fill = fc.record({
      position: fc.integer({ min: 1, max: 3 }),
      price: fc.integer({ min: 1, max: 10 ** 9 }),
      quantity: units,
      fee: fc.integer({ min: 0, max: 10 ** 6 }),
      exits: fc.boolean(),
      /** What borrowing costs on the day after; zero for a day that has not ended. */
      charge: fc.integer({ min: 0, max: 10 ** 9 }),
      mark: fc.integer({ min: 1, max: 10 ** 9 }),
    });
    const scaled = (value: number, places: number) => dec(`${value}e-${places}`);
    fc.assert(
      fc.property(fc.array(fill, { minLength: 1, maxLength: 12 }), fc.boolean(), (fills, short) => {
        const initial = dec('100000');
        const ledger = new Ledger(initial);
        const held = new Map<number, Decimal>();
        // Cash recomputed from the fills alone: another path than the ledger's.
        let cash = initial;
        let financing = Decimal.zero;
        for (const each of fills) {
          const before = held.get(each.position) ?? Decimal.zero;
          const closes = each.exits && before.isPositive;
          const wanted = scaled(each.quantity, 8);
          const quantity = closes ? wanted.min(before) : wanted;
          const number = each.position;
          const side = short === closes ? 'buy' : 'sell';
          const sketch = { quantity: quantity.toString(), position: number, side } as const;
          const order = closes ? exitOrder(sketch) : entryOrder(sketch);
          const price = scaled(each.price, 4);
          const fee = scaled(each.fee, 6);
          ledger.apply(
            fillOf(order, {
              quantity: quantity.toString(),
              price: price.toString(),
              fee: fee.toString(),
            }),
            order,
          );
          const flow = quantity.times(price);
          cash = (side === 'buy' ? cash.minus(flow) : cash.plus(flow)).minus(fee);
          const after = closes ? before.minus(quantity) : before.plus(quantity);
          held.set(each.position, after);
          if (each.charge > 0) {
            const amount = scaled(each.charge, 8);
            const due = { amount, days: 1, time: 0 };
            const isFee = short && after.isPositive;
            ledger.charge(
              isFee
                ? { ...due, kind: 'borrow-fee', position: order.position }
                : { ...due, kind: 'interest' },
            );
            cash = cash.minus(amount);
            financing = financing.plus(amount);
          }
          const mark = scaled(each.mark, 4);
          const fromCash = ledger.equity(() => mark);
          const fromProfit = initial
            .plus(ledger.realised)
            .plus(ledger.unrealised(() => mark))
            .minus(ledger.fees)
            .minus(ledger.financing);
          expect(ledger.financing.toString()).toBe(financing.toString());
          expect(ledger.cash.toString()).toBe(cash.toString());
          expect(fromCash.toString()).toBe(fromProfit.toString());
        }
      }),
      { seed: SEED, numRuns: 10_000 },
    );
  });
});
