import { describe, expect, it } from 'vitest';
import type { Bar } from '../../../src/core/bar.ts';
import { Decimal } from '../../../src/core/decimal.ts';
import type { Fill } from '../../../src/core/fill.ts';
import type { OrderPricing, OrderRole, Side } from '../../../src/core/order.ts';
import { commissionModel } from '../../../src/execution/commission.ts';
import { plainVenue } from './bar-script.ts';
import { dailyBars, HAS_ORACLES, meanOf, oracleRows } from './oracle-data.ts';
import { approvedOrder } from './orders.ts';

const THOUSANDTH = { maker: 0.001, taker: 0.001 };
const NINE_DIGITS = 9;

/** A trader with one position at a time, on a venue that charges a thousandth. */
class Trader {
  readonly fills: Fill[] = [];
  readonly #venue;
  #orders = 0;
  #position = 0;
  #quantity = '0';
  isLong = false;
  onEntry: () => void = () => undefined;

  constructor(cash: number) {
    this.#venue = plainVenue({
      limitFill: 'touch',
      initialCash: Decimal.fromNumber(cash),
      commission: commissionModel(
        { crypto: THOUSANDTH, stock: THOUSANDTH, venues: {}, venueFees: 'collected' },
        'none',
      ),
    });
    this.#venue.connect({
      charged: () => undefined,
      updated: () => undefined,
      filled: (fill) => {
        this.fills.push(fill);
        this.isLong = fill.side === 'buy';
        if (this.isLong) this.onEntry();
      },
    });
  }

  get cash(): number {
    return this.#venue.cash.toNumber();
  }

  observe(bar: Bar): void {
    this.#venue.observe(bar);
    this.#venue.settle();
  }

  enter(quantity: string, pricing: OrderPricing): void {
    this.#position++;
    this.#quantity = quantity;
    this.#send('entry', 'buy', pricing);
  }

  exit(role: OrderRole, pricing: OrderPricing): void {
    this.#send(role, 'sell', pricing);
  }

  cancelAll(): void {
    this.#venue.cancelAll('every twentieth bar');
  }

  #send(role: OrderRole, side: Side, pricing: OrderPricing): void {
    this.#venue.submit(
      approvedOrder({
        count: ++this.#orders,
        role,
        side,
        quantity: this.#quantity,
        pricing,
        position: this.#position,
        symbol: 'STOCK',
        withStop: true,
      }),
    );
  }
}

describe.skipIf(!HAS_ORACLES)('fills (skipped where ../shared is absent)', () => {
  it.each([
    { run: 'orcl_limit', type: 'limit', factor: 0.98, filled: 28 },
    { run: 'orcl_stop', type: 'stop', factor: 1.02, filled: 33 },
  ] as const)('agree with backtrader on every order of $run', ({ run, type, factor, filled }) => {
    const trader = new Trader(100_000);
    const bars = dailyBars('yahoo-backtrader_ORCL_1d.csv', '2003-01-01', '2006-01-01');
    bars.forEach((bar, index) => {
      trader.observe(bar);
      // The run's indicators were ready from its thirtieth bar on.
      if ((index + 1) % 20 !== 0 || index < 29) return;
      trader.cancelAll();
      const price = Decimal.fromNumber(bar.close * factor);
      if (trader.isLong) trader.exit('exit', { type: 'market' });
      else if (type === 'limit') trader.enter('100', { type, limitPrice: price });
      else trader.enter('100', { type, stopPrice: price });
    });
    const expected = oracleRows(`${run}/orders.csv`).filter(({ status }) => status === 'Completed');
    expect(expected).toHaveLength(filled);
    expect(trader.fills.map(({ time }) => time)).toEqual(
      expected.map((row) => Date.parse(`${row['exec_dt'] ?? ''}Z`)),
    );
    trader.fills.forEach((fill, index) => {
      expect(fill.price.toNumber()).toBeCloseTo(
        Number(expected[index]?.['exec_price']),
        NINE_DIGITS,
      );
      expect(fill.fee.toNumber()).toBeCloseTo(Number(expected[index]?.['commission']), 7);
    });
  });

  it('agree with backtesting.py on every bracket of goog_bracket', () => {
    const trader = new Trader(10_000);
    const bars = dailyBars('backtestingpy_GOOG_1d.csv', '2004-01-01', '2014-01-01');
    const closes = bars.map(({ close }) => close);
    const gap = (count: number) =>
      meanOf(closes, count - 10, count) - meanOf(closes, count - 30, count);
    let signal = 0;
    trader.onEntry = () => {
      trader.exit('stop-loss', { type: 'stop', stopPrice: Decimal.fromNumber(signal * 0.95) });
      trader.exit('take-profit', { type: 'limit', limitPrice: Decimal.fromNumber(signal * 1.1) });
    };
    bars.forEach((bar, index) => {
      trader.observe(bar);
      const crossed = index >= 30 && gap(index) < 0 && gap(index + 1) > 0;
      if (!crossed || trader.isLong) return;
      signal = bar.close;
      trader.enter('10', { type: 'market' });
    });
    const expected = oracleRows('goog_bracket/trades.csv');
    expect(expected).toHaveLength(29);
    expect(trader.fills.map(({ time }) => time)).toEqual(
      expected.flatMap((row) =>
        [row['EntryTime'], row['ExitTime']].map((day) => Date.parse(day ?? '')),
      ),
    );
    const prices = expected.flatMap((row) => [Number(row['EntryPrice']), Number(row['ExitPrice'])]);
    trader.fills.forEach(({ price }, index) => {
      expect(price.toNumber()).toBeCloseTo(prices[index] ?? Number.NaN, NINE_DIGITS);
    });
    expect(trader.cash).toBeCloseTo(13_757.60326, 5);
  });
});
