import { describe, expect, it } from 'vitest';
import type { Bar } from '../../../src/core/bar.ts';
import { Decimal } from '../../../src/core/decimal.ts';
import type { Fill } from '../../../src/core/fill.ts';
import type { Side } from '../../../src/core/order.ts';
import { plainVenue } from './bar-script.ts';
import { dailyBars, HAS_ORACLES, meanOf, oracleRows } from './oracle-data.ts';
import { approvedOrder } from './orders.ts';

const FAST = 10;
const SLOW = 30;

/** Always in the market: turns round with every order, all in, sized where it fills. */
class Reverser {
  readonly fills: Fill[] = [];
  readonly venue = plainVenue({
    instrument: { lotStep: Decimal.one },
    initialCash: Decimal.fromNumber(10_000),
  });
  #orders = 0;
  #position = 0;
  #side: Side | null = null;
  #held = Decimal.zero;

  constructor() {
    this.venue.connect({
      charged: () => undefined,
      updated: () => undefined,
      filled: (fill) => {
        this.fills.push(fill);
        this.#held = fill.quantity;
      },
    });
  }

  observe(bar: Bar): void {
    this.venue.observe(bar);
    this.venue.settle();
  }

  leave(): void {
    if (this.#side === null) return;
    const side = this.#side === 'buy' ? 'sell' : 'buy';
    this.#send('exit', side, this.#held.toString());
  }

  turn(side: Side): void {
    this.leave();
    this.#side = side;
    this.#position++;
    this.#send('entry', side, '1');
  }

  #send(role: 'entry' | 'exit', side: Side, quantity: string): void {
    this.venue.submit(
      approvedOrder({
        count: ++this.#orders,
        role,
        side,
        quantity,
        pricing: { type: 'market' },
        position: this.#position,
        symbol: 'STOCK',
        sizedAtFill: { fraction: 1, maxFunds: null, fixedFee: 'once' },
      }),
    );
  }
}

describe.skipIf(!HAS_ORACLES)('reversals (skipped where ../shared is absent)', () => {
  it('agree with backtesting.py on size and price of every trade of goog_sma10_30_test', () => {
    const trader = new Reverser();
    const bars = dailyBars('backtestingpy_GOOG_1d.csv', '2004-01-01', '2014-01-01');
    const closes = bars.map(({ close }) => close);
    const gap = (count: number) =>
      meanOf(closes, count - FAST, count) - meanOf(closes, count - SLOW, count);
    bars.forEach((bar, index) => {
      trader.observe(bar);
      // Closed at the open of the last bar.
      if (index === bars.length - 2) trader.leave();
      if (index < SLOW || index >= bars.length - 2) return;
      const [before, now] = [gap(index), gap(index + 1)];
      if (before < 0 && now > 0) trader.turn('buy');
      else if (before > 0 && now < 0) trader.turn('sell');
    });
    const expected = oracleRows('goog_sma10_30_test/trades.csv');
    expect(expected).toHaveLength(66);
    const trades = expected.flatMap((row) => {
      const size = Number(row['Size']);
      return [
        { time: Date.parse(row['EntryTime'] ?? ''), size, price: Number(row['EntryPrice']) },
        { time: Date.parse(row['ExitTime'] ?? ''), size: -size, price: Number(row['ExitPrice']) },
      ];
    });
    const filled = trader.fills.map(({ time, side, quantity, price }) => ({
      time,
      size: (side === 'buy' ? 1 : -1) * quantity.toNumber(),
      price: price.toNumber(),
    }));
    expect(filled).toEqual(trades);
    expect(trader.venue.cash.toString()).toBe('51422.99');
  });
});
