import { describe, expect, it } from 'vitest';
import type { Bar } from '../../../src/core/bar.ts';
import { Decimal } from '../../../src/core/decimal.ts';
import type { FinancingCharge } from '../../../src/core/financing.ts';
import type { Fill } from '../../../src/core/fill.ts';
import type { Side, SizedAtFill, TimeInForce } from '../../../src/core/order.ts';
import { DAY_MS } from '../../../src/core/time.ts';
import { commissionModel } from '../../../src/execution/commission.ts';
import type { SimulatedVenueOptions } from '../../../src/execution/simulated-venue.ts';
import { slippageModel } from '../../../src/execution/slippage.ts';
import { plainVenue } from './bar-script.ts';
import { approvedOrder } from './orders.ts';

const ALL: SizedAtFill = { fraction: 1, fixedFee: 'once' };

function dayBar(day: number, open: number, close = open, symbol = 'BTC/USD'): Bar {
  return {
    symbol,
    timeframe: '1d',
    openTime: day * DAY_MS,
    closeTime: (day + 1) * DAY_MS,
    open,
    high: Math.max(open, close),
    low: Math.min(open, close),
    close,
    volume: 1_000,
    flags: 0,
  };
}

interface Wish {
  readonly timeInForce?: TimeInForce;
  readonly quantity?: string;
  readonly position?: number;
  readonly symbol?: string;
  readonly sized?: SizedAtFill;
}

/** A trader with whole lots on a venue without costs, but for what is given. */
function trader(options: Partial<Omit<SimulatedVenueOptions, 'instruments'>> = {}) {
  const venue = plainVenue({
    instrument: { lotStep: Decimal.one },
    initialCash: Decimal.fromNumber(10_000),
    ...options,
  });
  const fills: Fill[] = [];
  const charges: FinancingCharge[] = [];
  const canceled: string[] = [];
  venue.connect({
    updated: ({ orderId, state, reason }) => {
      if (state === 'canceled') canceled.push(`${orderId}: ${reason}`);
    },
    filled: (fill) => fills.push(fill),
    charged: (charge) => charges.push(charge),
  });
  let count = 0;
  const send = (role: 'entry' | 'exit', side: Side, wish: Wish = {}) => {
    const { sized, timeInForce = 'gtc', position = 1, quantity = '1', symbol = 'BTC/USD' } = wish;
    venue.submit(
      approvedOrder({
        count: ++count,
        role,
        side,
        quantity,
        pricing: { type: 'market' },
        position,
        symbol,
        timeInForce,
        ...(sized === undefined ? {} : { sizedAtFill: sized }),
      }),
    );
  };
  const day = (...bars: readonly Bar[]) => {
    for (const bar of bars) venue.observe(bar);
    venue.settle();
  };
  const told = () => fills.map(({ side, quantity }) => `${side} ${quantity.toString()}`);
  const paid = () => charges.map(({ kind, amount }) => `${kind} ${amount.toString()}`);
  return { venue, send, day, told, paid, charges, canceled };
}

function fees(rate: number, perFill = 0) {
  const rates = { maker: rate, taker: rate };
  const charged = { crypto: rates, stock: rates, venues: {}, venueFees: 'collected' } as const;
  return commissionModel(perFill > 0 ? { ...charged, minimum: perFill } : charged, 'none');
}

describe('buying power', () => {
  it('is twice the equity where half a position must be covered', () => {
    const { send, day, told, venue } = trader({
      margin: { initial: 0.5, borrowRate: 0, interestRate: 0 },
    });
    send('entry', 'buy', { quantity: '250' });
    day(dayBar(0, 100));
    expect(told()).toEqual(['buy 200']);
    expect(venue.cash.toString()).toBe('-10000');
  });

  it('counts what is held at its last price, gains included', () => {
    const { send, day, told } = trader({
      margin: { initial: 0.5, borrowRate: 0, interestRate: 0 },
    });
    send('entry', 'buy', { quantity: '100' });
    day(dayBar(0, 100, 120), dayBar(0, 50, 50, 'ETH/USD'));
    // Cash 0, holding worth 12,000: (12,000 − 6,000) / 0.5 = 12,000, at 60 each 200.
    send('entry', 'buy', { quantity: '999', position: 2, symbol: 'ETH/USD' });
    day(dayBar(1, 60, 60, 'ETH/USD'));
    expect(told()).toEqual(['buy 100', 'buy 200']);
  });

  it('counts the symbol traded at the price it trades at, inside a bar too', () => {
    const { venue, send, day, told } = trader({
      margin: { initial: 0.5, borrowRate: 0, interestRate: 0 },
    });
    send('entry', 'buy', { quantity: '100' });
    day(dayBar(0, 100));
    const pricing = { type: 'stop', stopPrice: Decimal.fromNumber(120) } as const;
    const stop = { role: 'entry', side: 'buy', quantity: '999', position: 2 } as const;
    venue.submit(approvedOrder({ ...stop, count: 9, pricing }));
    // At 120 what is held is worth 12,000: (12,000 − 6,000) / 0.5 = 12,000.
    day(dayBar(1, 100, 130));
    expect(told()).toEqual(['buy 100', 'buy 100']);
  });

  it('takes another symbol at the open of a bar that is still running, not at its close', () => {
    const { send, day, told } = trader({
      margin: { initial: 0.5, borrowRate: 0, interestRate: 0 },
    });
    send('entry', 'buy', { quantity: '100' });
    day(dayBar(0, 100), dayBar(0, 50, 50, 'ETH/USD'));
    send('entry', 'buy', { quantity: '999', position: 2, symbol: 'ETH/USD' });
    // 100 held at 120: (0 + 12,000 − 6,000) / 0.5 = 12,000; the close of 500 is not known yet.
    day(dayBar(1, 120, 500), dayBar(1, 50, 50, 'ETH/USD'));
    expect(told()).toEqual(['buy 100', 'buy 240']);
  });

  it('shrinks by twice the value of a short, whose proceeds are not free', () => {
    const { send, day, told, venue } = trader();
    send('entry', 'sell', { quantity: '60' });
    day(dayBar(0, 100), dayBar(0, 10, 10, 'ETH/USD'));
    expect(venue.cash.toString()).toBe('16000');
    // At 110 the short owes 6,600: equity 9,400, less 6,600 of margin: 2,800, at 10 each 280.
    send('entry', 'buy', { quantity: '999', position: 2, symbol: 'ETH/USD' });
    day(dayBar(1, 110), dayBar(1, 10, 10, 'ETH/USD'));
    expect(told()).toEqual(['sell 60', 'buy 280']);
  });

  it('of nothing or less buys nothing', () => {
    const { send, day, told, canceled } = trader();
    send('entry', 'sell', { quantity: '100' });
    day(dayBar(0, 100));
    send('entry', 'sell', { quantity: '1', position: 2 });
    day(dayBar(1, 130));
    expect(told()).toEqual(['sell 100']);
    expect(canceled).toEqual(['o2: insufficient funds']);
  });
});

describe('an entry sized at its fill', () => {
  it('takes all that is free at the price it fills at, whatever was asked for', () => {
    const { send, day, told } = trader();
    send('entry', 'buy', { quantity: '80', sized: ALL });
    day(dayBar(0, 99));
    expect(told()).toEqual(['buy 101']);
  });

  it.each([
    // 101 × 99 × 1.001 = 10,008.999; 100 × 99 × 1.001 = 9,909.9.
    { fact: 'leaves room for the fee', commission: fees(0.001), quantity: '100' },
    // 100 × 99 + 99 = 9,999: a fee of 99 for the order.
    { fact: 'counts a fixed fee once', commission: fees(0, 99), quantity: '100' },
    // 10,000 / (99 + 99) = 50.5.
    {
      fact: 'counts a fixed fee with every unit where told to',
      commission: fees(0, 99),
      sized: { fraction: 1, fixedFee: 'per_unit' } as const,
      quantity: '50',
    },
    // backtesting.py, size 0.5: 5,000 / (99 + 99 / 0.5) = 16.8.
    {
      fact: 'counts a fixed fee in full for a fraction of the funds, as backtesting.py does',
      commission: fees(0, 99),
      sized: { fraction: 0.5, fixedFee: 'per_unit' } as const,
      quantity: '16',
    },
    {
      fact: 'takes its fraction of the funds',
      commission: fees(0),
      sized: { fraction: 0.5, fixedFee: 'once' } as const,
      quantity: '50',
    },
  ])('$fact', ({ commission, sized = ALL, quantity }) => {
    const { send, day, told } = trader({ commission });
    send('entry', 'buy', { sized });
    day(dayBar(0, 99));
    expect(told()).toEqual([`buy ${quantity}`]);
  });

  it.each([
    // 10,000 / 101 = 99.0; sold at 99: 10,000 / 99 = 101.01.
    { side: 'buy', told: 'buy 99' },
    { side: 'sell', told: 'sell 101' },
  ] as const)('counts the spread it pays when it goes to $side', ({ side, told: expected }) => {
    const { send, day, told } = trader({
      slippage: slippageModel({ model: 'fixed_bps', bps: 100 }),
    });
    send('entry', side, { sized: ALL });
    day(dayBar(0, 100));
    expect(told()).toEqual([expected]);
  });

  it('uses leverage', () => {
    const { send, day, told } = trader({
      margin: { initial: 0.1, borrowRate: 0, interestRate: 0 },
    });
    send('entry', 'sell', { sized: ALL });
    day(dayBar(0, 100));
    expect(told()).toEqual(['sell 1000']);
  });

  it('uses the cash that an exit at the same open brought', () => {
    const { send, day, told } = trader();
    send('entry', 'buy', { quantity: '100' });
    day(dayBar(0, 100));
    send('entry', 'sell', { position: 2, sized: ALL });
    send('exit', 'sell', { quantity: '100' });
    day(dayBar(1, 200));
    // 20,000 / 200.
    expect(told()).toEqual(['buy 100', 'sell 100', 'sell 100']);
  });

  it('keeps the quantity of its first fill when volume makes it wait for the rest', () => {
    const { send, day, told, venue } = trader({ maxVolumeShare: 0.04 });
    send('entry', 'buy', { sized: ALL });
    day(dayBar(0, 100));
    day(dayBar(1, 50));
    day(dayBar(2, 50));
    // 40 of 100 fit in the first bar; 60 are left though the money would buy 120 at 50.
    expect(told()).toEqual(['buy 40', 'buy 40', 'buy 20']);
    expect(venue.cash.toString()).toBe('3000');
  });

  it.each([
    { share: null, tells: ['buy 200'], ends: [] },
    { share: 0.2, tells: ['buy 200'], ends: [] },
    { share: 0.04, tells: [], ends: ['o1: not all of it filled at once'] },
  ])('is all or nothing by what its fill settles, volume share $share', (each) => {
    const { send, day, told, canceled } = trader({ maxVolumeShare: each.share });
    send('entry', 'buy', { quantity: '100', sized: ALL, timeInForce: 'fok' });
    day(dayBar(0, 50));
    expect(told()).toEqual(each.tells);
    expect(canceled).toEqual(each.ends);
  });

  it('is cancelled where not one lot is paid for', () => {
    const { send, day, told, canceled } = trader();
    send('entry', 'buy', { sized: ALL });
    day(dayBar(0, 10_001));
    expect(told()).toEqual([]);
    expect(canceled).toEqual(['o1: insufficient funds']);
  });
});

describe('financing', () => {
  const terms = { initial: 0.5, borrowRate: 0.365, interestRate: 0.73 };

  it('charges a short for every day it is open at the end of, at that day’s close', () => {
    const { send, day, paid, charges, venue } = trader({ margin: terms });
    send('entry', 'sell', { quantity: '10' });
    day(dayBar(0, 100, 110));
    day(dayBar(1, 105, 120));
    day(dayBar(2, 125, 130));
    send('exit', 'buy', { quantity: '10' });
    day(dayBar(3, 90));
    day(dayBar(4, 90));
    // A thousandth a day of 1,100, 1,200 and 1,300.
    expect(paid()).toEqual(['borrow-fee 1.1', 'borrow-fee 1.2', 'borrow-fee 1.3']);
    expect(charges.map(({ time }) => time / DAY_MS)).toEqual([1, 2, 3]);
    // 10,000 + 1,000 − 900 − 3.6.
    expect(venue.cash.toString()).toBe('10096.4');
  });

  it('charges interest on the cash owed, and on what earlier interest added to it', () => {
    const { send, day, paid, venue } = trader({ margin: terms });
    send('entry', 'buy', { quantity: '150' });
    day(dayBar(0, 100));
    day(dayBar(1, 100));
    day(dayBar(2, 100));
    // Two thousandths a day of 5,000, then of 5,010.
    expect(paid()).toEqual(['interest 10', 'interest 10.02']);
    expect(venue.cash.toString()).toBe('-5020.02');
  });

  it('charges for days without a bar at the last price before them', () => {
    const { send, day, charges } = trader({ margin: terms });
    send('entry', 'sell', { quantity: '10' });
    day(dayBar(4, 100));
    day(dayBar(7, 300));
    expect(charges).toMatchObject([{ kind: 'borrow-fee', days: 3, amount: Decimal.parse('3') }]);
  });

  it('charges nothing for a loan that is paid back before its day ends', () => {
    const { send, day, paid } = trader({ margin: terms });
    const hour = (count: number): Bar => ({
      ...dayBar(0, 100),
      timeframe: '1h',
      openTime: count * (DAY_MS / 24),
      closeTime: (count + 1) * (DAY_MS / 24),
    });
    send('entry', 'sell', { quantity: '10' });
    day(hour(0));
    send('exit', 'buy', { quantity: '10' });
    day(hour(23));
    day(hour(24));
    expect(paid()).toEqual([]);
  });

  it('charges before the first bar of the new day fills anything', () => {
    const { send, day, venue, paid } = trader({ margin: terms });
    send('entry', 'sell', { quantity: '10' });
    day(dayBar(0, 100));
    send('exit', 'buy', { quantity: '10' });
    send('entry', 'sell', { quantity: '10', position: 2 });
    day(dayBar(1, 100));
    expect(paid()).toEqual(['borrow-fee 1']);
    expect(venue.cash.toString()).toBe('10999');
  });

  it('rounds up to 1e-8, and says nothing where the rates are zero', () => {
    const cheap = trader({ margin: { initial: 1, borrowRate: 1e-9, interestRate: 0 } });
    cheap.send('entry', 'sell', { quantity: '1' });
    cheap.day(dayBar(0, 100));
    cheap.day(dayBar(1, 100));
    expect(cheap.paid()).toEqual(['borrow-fee 0.00000001']);
    const free = trader();
    free.send('entry', 'sell', { quantity: '1' });
    free.day(dayBar(0, 100));
    free.day(dayBar(1, 100));
    expect(free.paid()).toEqual([]);
  });

  it('costs an account without loans nothing', () => {
    const { send, day, paid } = trader({ margin: terms });
    send('entry', 'buy', { quantity: '100' });
    day(dayBar(0, 100));
    day(dayBar(1, 100));
    expect(paid()).toEqual([]);
  });
});
