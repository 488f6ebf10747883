import { describe, expect, it } from 'vitest';
import { AccountMarks } from '../../../src/portfolio/account-marks.ts';
import { Ledger } from '../../../src/portfolio/ledger.ts';
import { hourBar, sliceOf } from '../../support/bars.ts';
import { dec, entryOrder, fillOf } from '../../support/orders.ts';

function holding(quantity: string, price: string, side: 'buy' | 'sell' = 'buy') {
  const ledger = new Ledger(dec(1000));
  const marks = new AccountMarks(ledger);
  const order = entryOrder({ quantity, side });
  marks.observe(sliceOf(hourBar(0, { close: Number(price) })));
  ledger.apply(fillOf(order, { quantity, price }), order);
  marks.sync();
  return marks;
}

describe('AccountMarks', () => {
  it('values longs above and shorts below their cost when the price rises', () => {
    const up = sliceOf(hourBar(1, { close: 110 }));
    // 1000 − 200 + 2 × 110 = 1020; 1000 + 200 − 2 × 110 = 980.
    expect(holding('2', '100').mark(up)).toMatchObject({ equity: 1020, exposure: 220, cash: 800 });
    expect(holding('2', '100', 'sell').mark(up)).toMatchObject({ equity: 980, exposure: 220 });
  });

  it('measures drawdown from the highest mark, the initial capital being the first', () => {
    const marks = holding('2', '100');
    expect(marks.mark(sliceOf(hourBar(1, { close: 90 }))).drawdown).toBeCloseTo(0.02, 12);
    expect(marks.mark(sliceOf(hourBar(2, { close: 150 }))).drawdown).toBe(0);
    // Peak 800 + 300 = 1100, now 800 + 200 = 1000.
    expect(marks.mark(sliceOf(hourBar(3, { close: 100 }))).drawdown).toBeCloseTo(100 / 1100, 12);
  });

  it('opens a UTC day with the equity at its midnight, which itself closes the day before', () => {
    const marks = holding('2', '100');
    for (let hour = 1; hour <= 22; hour++) marks.mark(sliceOf(hourBar(hour, { close: 120 })));
    expect(marks.dayOpening).toBe(1000);
    // The bar 23:00–24:00 closes at midnight: 800 + 2 × 130.
    marks.mark(sliceOf(hourBar(23, { close: 130 })));
    expect(marks.dayOpening).toBe(1000);
    marks.mark(sliceOf(hourBar(24, { close: 140 })));
    expect(marks.dayOpening).toBe(1060);
    marks.mark(sliceOf(hourBar(25, { close: 150 })));
    expect(marks.dayOpening).toBe(1060);
  });

  it('opens a day without a midnight bar with the last mark before it', () => {
    const marks = holding('2', '100');
    marks.mark(sliceOf(hourBar(1, { close: 120 })));
    marks.mark(sliceOf(hourBar(30, { close: 150 })));
    expect(marks.dayOpening).toBe(1040);
  });
});
