import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { Decimal } from '../../../src/core/decimal.ts';
import type { Fill } from '../../../src/core/fill.ts';
import type { PositionId } from '../../../src/core/ids.ts';
import type { ApprovedOrder } from '../../../src/core/order.ts';
import { DAY_MS } from '../../../src/core/time.ts';
import { commissionModel } from '../../../src/execution/commission.ts';
import type { SimulatedVenue } from '../../../src/execution/simulated-venue.ts';
import { slippageModel } from '../../../src/execution/slippage.ts';
import { plainVenue } from './bar-script.ts';
import { approvedOrder } from './orders.ts';

const SYMBOLS = ['BTC/USD', 'ETH/USD'] as const;
const INITIAL_CASH = 10_000;
const INITIAL_MARGINS = [1, 0.5, 0.25] as const;

interface Step {
  readonly opens: readonly [number, number];
  readonly closes: readonly [number, number];
  readonly symbol: 0 | 1;
  readonly sells: boolean;
  readonly lots: number;
  readonly sized: boolean;
  readonly exits: boolean;
}

const price = fc.integer({ min: 50, max: 200 });
const step = fc.record({
  opens: fc.tuple(price, price),
  closes: fc.tuple(price, price),
  symbol: fc.constantFrom(0 as const, 1 as const),
  sells: fc.boolean(),
  lots: fc.integer({ min: 1, max: 1_000 }),
  sized: fc.boolean(),
  exits: fc.boolean(),
});

interface Holding {
  readonly symbol: 0 | 1;
  readonly isShort: boolean;
  quantity: Decimal;
}

/** Keeps books of its own from what the venue reports, and holds the venue's against them. */
class Account {
  readonly holdings = new Map<PositionId, Holding>();
  readonly #venue: SimulatedVenue;
  readonly #initial: Decimal;
  readonly #orders = new Map<string, { order: ApprovedOrder; symbol: 0 | 1 }>();
  #cash = Decimal.fromNumber(INITIAL_CASH);
  /** What a symbol is known to be worth at the time of a fill. */
  prices: [number, number] = [0, 0];
  entries = 0;
  charges = 0;

  constructor(venue: SimulatedVenue, initial: number) {
    this.#venue = venue;
    this.#initial = Decimal.fromNumber(initial);
    venue.connect({
      updated: () => undefined,
      filled: (fill) => this.#fill(fill),
      charged: ({ amount }) => {
        this.charges++;
        this.#cash = this.#cash.minus(amount);
        this.#checkCash();
      },
    });
  }

  submit(order: ApprovedOrder, symbol: 0 | 1): void {
    this.#orders.set(order.id, { order, symbol });
    this.#venue.submit(order);
  }

  #fill(fill: Fill): void {
    const known = this.#orders.get(fill.orderId);
    if (known === undefined) throw new Error(`an order was expected, was ${fill.orderId}`);
    const { order, symbol } = known;
    const flow = fill.quantity.times(fill.price);
    this.#cash = (fill.side === 'buy' ? this.#cash.minus(flow) : this.#cash.plus(flow)).minus(
      fill.fee,
    );
    this.#checkCash();
    if (order.role !== 'entry') {
      this.holdings.delete(order.position);
      return;
    }
    this.entries++;
    const isShort = fill.side === 'sell';
    this.holdings.set(order.position, { symbol, isShort, quantity: fill.quantity });
    this.#checkFunds(fill);
  }

  #checkCash(): void {
    if (this.#venue.cash.equals(this.#cash)) return;
    throw new Error(
      `cash ${this.#cash.toString()} was expected, was ${this.#venue.cash.toString()}`,
    );
  }

  /**
   * Right after an entry equity still covers the initial margin of everything, but for the costs of
   * that entry: like backtesting.py the venue lends for them too, and a short counts as sold.
   */
  #checkFunds({ price: at, rawPrice, quantity, fee, side }: Fill): void {
    let equity = this.#cash;
    let exposure = Decimal.zero;
    for (const { symbol, isShort, quantity: held } of this.holdings.values()) {
      const value = held.times(Decimal.fromNumber(this.prices[symbol]));
      equity = isShort ? equity.minus(value) : equity.plus(value);
      exposure = exposure.plus(value);
    }
    const excess = equity.minus(this.#initial.times(exposure));
    const slippage = at.minus(rawPrice).abs().times(quantity);
    const lent = Decimal.one.minus(this.#initial);
    const allowance =
      side === 'sell'
        ? slippage.times(this.#initial.plus(Decimal.one)).plus(lent.times(fee))
        : lent.times(slippage.plus(fee));
    if (excess.plus(allowance).plus(DUST).isNegative) {
      throw new Error(`margin is short by ${excess.toString()}, ${allowance.toString()} may be`);
    }
    if (this.#initial.equals(Decimal.one) && side === 'buy' && this.#cash.isNegative) {
      throw new Error(`no debt was expected, was ${this.#cash.toString()}`);
    }
  }
}

/** What cutting products to eighteen decimals may leave. */
const DUST = Decimal.parse('0.000000000001');

function bar(day: number, symbol: 0 | 1, { opens, closes }: Step) {
  const [open, close] = [opens[symbol], closes[symbol]];
  return {
    symbol: SYMBOLS[symbol],
    timeframe: '1d' as const,
    openTime: day * DAY_MS,
    closeTime: (day + 1) * DAY_MS,
    open,
    high: Math.max(open, close),
    low: Math.min(open, close),
    close,
    volume: 1_000_000,
    flags: 0,
  };
}

it.each(INITIAL_MARGINS)(
  'an entry never takes more than the funds carry, and cash is what fills and charges leave (%s)',
  (initial) => {
    let entries = 0;
    let charges = 0;
    const property = fc.property(fc.array(step, { minLength: 2, maxLength: 12 }), (steps) => {
      const venue = plainVenue({
        instrument: { lotStep: Decimal.parse('0.001') },
        initialCash: Decimal.fromNumber(INITIAL_CASH),
        slippage: slippageModel({ model: 'volume_based', base: 0.001, perThousand: 0.0001 }),
        commission: commissionModel(
          {
            crypto: { maker: 0.004, taker: 0.006 },
            stock: { maker: 0, taker: 0 },
            venues: {},
            venueFees: 'collected',
            minimum: 1,
          },
          'coinbase',
        ),
        margin: { initial, borrowRate: 0.5, interestRate: 0.9 },
      });
      const account = new Account(venue, initial);
      let last = steps[0]?.closes ?? [100, 100];
      let count = 0;
      steps.forEach((each, day) => {
        if (day > 0) {
          const position = ++count;
          account.submit(
            approvedOrder({
              count: position,
              role: 'entry',
              side: each.sells ? 'sell' : 'buy',
              quantity: String(each.lots),
              pricing: { type: 'market' },
              position,
              symbol: SYMBOLS[each.symbol],
              ...(each.sized
                ? { sizedAtFill: { fraction: 1, maxFunds: null, fixedFee: 'once' } }
                : {}),
            }),
            each.symbol,
          );
        }
        const [oldest] = account.holdings;
        if (each.exits && oldest !== undefined) {
          const [position, { symbol, isShort, quantity }] = oldest;
          const order = approvedOrder({
            count: ++count,
            role: 'exit',
            side: isShort ? 'buy' : 'sell',
            quantity: quantity.toString(),
            pricing: { type: 'market' },
            position: Number(position.slice(1)),
            symbol: SYMBOLS[symbol],
          });
          account.submit(order, symbol);
        }
        account.prices = [each.opens[0], last[1]];
        venue.observe(bar(day, 0, each));
        account.prices = [each.opens[0], each.opens[1]];
        venue.observe(bar(day, 1, each));
        venue.settle();
        last = each.closes;
      });
      entries += account.entries;
      charges += account.charges;
    });
    fc.assert(property, { seed: 20_240_101, numRuns: 1_000 });
    expect(entries).toBeGreaterThan(1_500);
    expect(charges).toBeGreaterThan(1_000);
  },
);
