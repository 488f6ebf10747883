import { describe, expect, it } from 'vitest';
import { present } from '../../../src/core/assert.ts';
import { AccountFunds } from '../../../src/portfolio/account-funds.ts';
import { AccountMarks } from '../../../src/portfolio/account-marks.ts';
import { Ledger } from '../../../src/portfolio/ledger.ts';
import { PendingOrders } from '../../../src/portfolio/pending-orders.ts';
import { PositionDirectory } from '../../../src/portfolio/position-directory.ts';
import { hourBar, sliceOf } from '../../support/bars.ts';
import { book, dec, entryOrder, fillOf, strategyId } from '../../support/orders.ts';

interface Sketch {
  readonly initial?: number;
  readonly cashBuffer?: number;
  readonly share?: number;
}

const STRATEGY = strategyId('test');

/** An account of 10,000 with prices of 100, and the means to trade in it. */
function account({ initial = 1, cashBuffer = 0, share = 1 }: Sketch = {}) {
  const ledger = new Ledger(dec(10_000));
  const marks = new AccountMarks(ledger);
  const positions = new PositionDirectory();
  const pending = new PendingOrders();
  const margin = { initial, maintenance: null, borrowRate: 0, interestRate: 0 };
  const settings = { margin, cashBuffer, shareOf: () => share };
  const funds = new AccountFunds({ settings, ledger, marks, positions, pending });
  let count = 0;
  const price = (close: number) => {
    marks.mark(sliceOf(hourBar(0, { close }), hourBar(0, { symbol: 'ETH/USD', close })));
  };
  const hold = (side: 'buy' | 'sell', quantity: string, strategy = STRATEGY) => {
    const order = { ...entryOrder({ quantity, side, position: ++count }), strategy };
    const position = book(ledger, fillOf(order, { quantity, price: '100' }), order);
    positions.put(position);
    marks.sync();
    return position;
  };
  const promise = (quantity: string, cashPerUnit: number, strategy = STRATEGY) => {
    const order = { ...entryOrder({ id: ++count, quantity }), strategy };
    const tracking = { requestedAt: 0, hasLifetime: false, origin: order.id };
    pending.add(order, { ...tracking, cashPerUnit });
    return order;
  };
  price(100);
  return {
    funds,
    pending,
    price,
    hold,
    promise,
    power: () => funds.forEntry(STRATEGY).buyingPower,
  };
}

describe('the funds for an entry', () => {
  it('are the cash where nothing is lent and nothing is short, whatever is held', () => {
    const { power, hold, price } = account();
    expect(power()).toBe(10_000);
    hold('buy', '30');
    price(200);
    expect(power()).toBe(7_000);
  });

  it('are less by what pending entries were promised, short sales too', () => {
    const { power, promise } = account();
    promise('10', 101);
    expect(power()).toBe(8_990);
  });

  it('count a short twice: what it owes, and the equity that covers it', () => {
    const { power, hold, price } = account();
    hold('sell', '40');
    expect(power(), '14,000 − 2 × 4,000').toBe(6_000);
    price(120);
    expect(power(), '14,000 − 2 × 4,800').toBe(4_400);
  });

  it('carry twice the equity at an initial margin of a half', () => {
    const { power, hold, price } = account({ initial: 0.5 });
    expect(power()).toBe(20_000);
    hold('buy', '100');
    expect(power(), '(10,000 − 5,000) / 0.5').toBe(10_000);
    price(120);
    expect(power(), '(12,000 − 6,000) / 0.5').toBe(12_000);
    price(40);
    expect(power(), '(4,000 − 2,000) / 0.5').toBe(4_000);
  });

  it('are negative where the margin is used up', () => {
    const { power, hold, price } = account();
    hold('sell', '100');
    price(110);
    expect(power(), '20,000 − 2 × 11,000').toBe(-2_000);
  });

  it('leave the buffer untouched, of equity', () => {
    const { power, hold, price } = account({ cashBuffer: 0.1 });
    expect(power()).toBe(9_000);
    hold('buy', '50');
    price(200);
    expect(power(), '5,000 − 0.1 × 15,000').toBe(3_500);
  });

  it('tell the buffer from what the venue will see', () => {
    const { funds } = account({ cashBuffer: 0.1 });
    expect(funds.forEntry(STRATEGY)).toEqual({
      equity: 10_000,
      capital: 10_000,
      accountPower: 10_000,
      buyingPower: 9_000,
    });
  });

  it('of a strategy with a share are the rest of that share', () => {
    const { funds, hold, promise, price } = account({ share: 0.6 });
    hold('buy', '20');
    price(110);
    promise('10', 50);
    // Equity 10,200; 0.6 of it less 2,200 held and 500 promised.
    expect(funds.forEntry(STRATEGY)).toEqual({
      equity: 10_200,
      capital: 6_120,
      accountPower: 7_500,
      buyingPower: 3_420,
    });
  });

  it('of a strategy are never more than the account has free', () => {
    const { power, hold, promise } = account({ share: 0.6 });
    hold('buy', '40', strategyId('other'));
    promise('10', 50, strategyId('other'));
    expect(power(), '10,000 − 4,000 − 500').toBe(5_500);
  });

  it('of a strategy are less by its own promises, not by those of others', () => {
    const { power, promise } = account({ share: 0.6 });
    promise('10', 100);
    promise('10', 200, strategyId('other'));
    expect(power(), '6,000 − 1,000').toBe(5_000);
  });

  it('of a strategy leave its part of the buffer untouched', () => {
    const { power } = account({ share: 0.6, cashBuffer: 0.1 });
    expect(power(), '6,000 × 0.9').toBe(5_400);
  });

  it('are not made more by an entry that filled beyond what it was expected to', () => {
    const { power, promise, pending } = account();
    const order = promise('10', 100);
    pending.applyFill(fillOf(order, { quantity: '12', price: '90', partial: true }));
    expect(power()).toBe(10_000);
  });

  it('of a strategy count its shorts like its longs, at the margin they need', () => {
    const { power, hold } = account({ share: 0.5, initial: 0.5 });
    hold('sell', '40');
    expect(power(), '(5,000 − 0.5 × 4,000) / 0.5').toBe(6_000);
  });

  it.each([
    // 10,000 − 3,000 + 30 × 200.
    { side: 'buy', power: 13_000 },
    // 10,000 + 3,000 − 30 × 200.
    { side: 'sell', power: 7_000 },
  ] as const)('count a position entered by a $side that is being left as closed', (each) => {
    const { funds, hold, price } = account();
    const { id } = present(hold(each.side, '30'), 'a position');
    price(200);
    const brings = each.side === 'buy' ? 6_000 : -6_000;
    const beside = { leaving: [{ id, brings }], group: null };
    expect(funds.forEntry(STRATEGY, beside).buyingPower).toBe(each.power);
  });

  it('of a share count the position that is being left no more', () => {
    const { funds, hold } = account({ share: 0.5 });
    const { id } = present(hold('buy', '30'), 'a position');
    const beside = { leaving: [{ id, brings: 3_000 }], group: null };
    expect(funds.forEntry(STRATEGY, beside).buyingPower).toBe(5_000);
  });
});
