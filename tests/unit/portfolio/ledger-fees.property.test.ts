import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from '../../../src/core/decimal.ts';
import { fromExactJson, toExactJson } from '../../../src/core/exact-json.ts';
import type { Commission, FeeCorrection, Fill } from '../../../src/core/fill.ts';
import { tradeId } from '../../../src/core/ids.ts';
import type { EntryOrder, ExitOrder } from '../../../src/core/order.ts';
import type { LedgerSnapshot } from '../../../src/portfolio/ledger-snapshot.ts';
import { Ledger } from '../../../src/portfolio/ledger.ts';
import { fine, unitsOf } from '../../support/fill-books.ts';
import { book, dec, entryOrder, exitOrder, fillOf } from '../../support/orders.ts';

const SEED = 20_250_301;
const INITIAL = dec('100000');
const SCALE = 10n ** 18n;

const scaled = (value: number, places: number) => dec(`${value}e-${places}`);

/** How a fee is taken, drawn as numbers. */
interface DrawnFee {
  readonly from: 'quote' | 'base' | 'other';
  /** Of the quantity, in 1e-5; negative for rebates. */
  readonly share: number;
}

interface DrawnFill {
  readonly position: number;
  readonly price: number;
  readonly quantity: number;
  readonly closes: boolean;
  readonly fee: DrawnFee;
  /** What the fee turns out to be, so many fills later; null where it is known at once. */
  readonly later: { readonly fee: DrawnFee; readonly after: number } | null;
  readonly mark: number;
}

const fee: fc.Arbitrary<DrawnFee> = fc.record({
  from: fc.constantFrom('quote', 'base', 'other'),
  share: fc.integer({ min: -50, max: 2000 }),
});
const fill: fc.Arbitrary<DrawnFill> = fc.record({
  position: fc.integer({ min: 1, max: 3 }),
  price: fc.integer({ min: 1, max: 10 ** 9 }),
  quantity: fc.integer({ min: 1000, max: 10 ** 12 }),
  closes: fc.boolean(),
  fee,
  later: fc.option(fc.record({ fee, after: fc.nat({ max: 4 }) })),
  mark: fc.integer({ min: 1, max: 10 ** 9 }),
});

interface Fee {
  readonly fee: Decimal;
  readonly commission: Commission | null;
}

function feeOf({ from, share }: DrawnFee, quantity: Decimal, price: Decimal): Fee {
  const amount = quantity.times(scaled(share, 5));
  if (from === 'quote') return { fee: amount.times(price), commission: null };
  const takenFrom = from;
  return from === 'base'
    ? { fee: amount.times(price), commission: { takenFrom, currency: 'BTC', amount } }
    : { fee: Decimal.zero, commission: { takenFrom, currency: 'BNB', amount } };
}

/** Cash, goods and fees by what was executed alone, in whole numbers of 1e-18. */
class Books {
  cash = unitsOf(INITIAL);
  goods = 0n;
  fees = 0n;
  readonly commissions = new Map<string, bigint>();

  filled({ side, quantity, price }: Fill, taken: Fee): void {
    const sign = side === 'buy' ? 1n : -1n;
    // Cut towards zero at the last decimal, as the amounts that a venue tells are.
    this.cash -= sign * ((unitsOf(quantity) * unitsOf(price)) / SCALE);
    this.goods += sign * unitsOf(quantity);
    this.pay(taken, 1n);
  }

  pay({ fee: value, commission }: Fee, times: 1n | -1n): void {
    this.fees += times * unitsOf(value);
    if (commission === null) this.cash -= times * unitsOf(value);
    else {
      const { currency, takenFrom, amount } = commission;
      const paid = this.commissions.get(currency) ?? 0n;
      this.commissions.set(currency, paid + times * unitsOf(amount));
      if (takenFrom === 'base') this.goods -= times * unitsOf(amount);
    }
  }
}

function goodsIn(ledger: Ledger): bigint {
  let sum = 0n;
  for (const { side, quantity } of ledger.openPositions()) {
    sum += side === 'long' ? unitsOf(quantity) : -unitsOf(quantity);
  }
  return sum;
}

function check(ledger: Ledger, books: Books, mark: Decimal): void {
  expect(fine(unitsOf(ledger.cash))).toBe(fine(books.cash));
  expect(goodsIn(ledger)).toBe(books.goods);
  expect(unitsOf(ledger.fees)).toBe(books.fees);
  for (const [currency, amount] of books.commissions) {
    expect(unitsOf(ledger.commissions.get(currency) ?? Decimal.zero)).toBe(amount);
  }
  // Marks of one are exact: no product is cut.
  const one = Decimal.one;
  const owed = INITIAL.plus(ledger.realised).plus(ledger.unrealised(() => one));
  expect(ledger.equity(() => one).toString()).toBe(owed.minus(ledger.fees).toString());
  const short = ledger
    .equity(() => mark)
    .minus(
      INITIAL.plus(ledger.realised)
        .plus(ledger.unrealised(() => mark))
        .minus(ledger.fees),
    );
  expect(short.toString()).toBe('0');
}

/** A ledger made of what another one holds, through text. */
function restored(ledger: Ledger): Ledger {
  const text = toExactJson(ledger.snapshot());
  const next = new Ledger(dec(1), fromExactJson(text) as LedgerSnapshot);
  expect(toExactJson(next.snapshot())).toBe(text);
  return next;
}

interface Awaited {
  readonly due: number;
  readonly correction: FeeCorrection;
  readonly before: Fee;
}

/** Plays fills and corrections; `restart` goes on with a ledger made of the snapshot after each. */
function play(fills: readonly DrawnFill[], restart: boolean): Ledger {
  let ledger = new Ledger(INITIAL);
  const books = new Books();
  let awaited: Awaited[] = [];
  const settle = (now: number): void => {
    for (const { due, correction, before } of awaited) {
      if (due > now) continue;
      ledger.correct(correction);
      books.pay(before, -1n);
      books.pay(correction, 1n);
    }
    awaited = awaited.filter(({ due }) => due > now);
  };
  fills.forEach((each, index) => {
    const { order, quantity } = orderOf(each, ledger, index);
    const price = scaled(each.price, 4);
    const taken = feeOf(each.fee, quantity, price);
    const { later } = each;
    const made: Fill = {
      ...fillOf(order, {
        quantity: quantity.toString(),
        price: price.toString(),
        trade: index + 1,
      }),
      ...taken,
      isFeeProvisional: later !== null,
    };
    const isLater = ledger.snapshot().open.every(({ id }) => !id.startsWith(`p${each.position}`));
    ledger.apply(made, order, isLater && index > 0);
    books.filled(made, taken);
    if (later !== null) {
      const final = feeOf(later.fee, quantity, price);
      const correction = {
        tradeId: tradeId(index + 1),
        orderId: order.id,
        position: order.position,
        ...final,
        booked: taken.fee,
        bookedCommission: taken.commission,
      };
      awaited.push({ due: index + later.after, correction, before: taken });
    }
    settle(index);
    check(ledger, books, scaled(each.mark, 4));
    if (restart) ledger = restored(ledger);
  });
  settle(Number.POSITIVE_INFINITY);
  check(ledger, books, Decimal.one);
  expect(ledger.snapshot().awaiting).toEqual([]);
  expect(ledger.snapshot().open.flatMap(({ provisional }) => provisional)).toEqual([]);
  return ledger;
}

/** Entries, and exits of up to twice what is held, so that some take more than there is. */
function orderOf(
  each: DrawnFill,
  ledger: Ledger,
  index: number,
): { readonly order: EntryOrder | ExitOrder; readonly quantity: Decimal } {
  const { position } = each;
  const held = [...ledger.openPositions()].find(
    ({ id }) => id === `p${position}` || id.startsWith(`p${position}.`),
  );
  const wanted = scaled(each.quantity, 8);
  const id = index + 1;
  if (!each.closes || held === undefined) {
    const order = entryOrder({ id, quantity: wanted.toString(), position });
    return { order, quantity: wanted };
  }
  const quantity = wanted.min(held.quantity.plus(held.quantity)).max(scaled(1000, 8));
  const side = held.side === 'long' ? 'sell' : 'buy';
  return { order: exitOrder({ id, quantity: quantity.toString(), position, side }), quantity };
}

describe('the accounting identity with fees of any kind', () => {
  it(`holds exactly over random fills with fees in quote, base and third assets, told at once or later (seed ${SEED})`, () => {
    fc.assert(
      fc.property(fc.array(fill, { minLength: 1, maxLength: 12 }), (fills) => {
        expect(play(fills, false).fees).toBeInstanceOf(Decimal);
      }),
      { seed: SEED, numRuns: 5000 },
    );
  });

  it('comes to the same over restarts after every fill', () => {
    fc.assert(
      fc.property(fc.array(fill, { minLength: 1, maxLength: 10 }), (fills) => {
        const undisturbed = toExactJson(play(fills, false).snapshot());
        expect(toExactJson(play(fills, true).snapshot())).toBe(undisturbed);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('comes to the same for what was only bought, however late the fees are told', () => {
    const bought = fc.array(
      fill.map((each) => ({ ...each, closes: false, position: 1 })),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(bought, (fills) => {
        const late = play(fills, false);
        const atOnce = new Ledger(INITIAL);
        fills.forEach((each, index) => {
          const quantity = scaled(each.quantity, 8);
          const price = scaled(each.price, 4);
          const order = entryOrder({ id: index + 1, quantity: quantity.toString() });
          const known = feeOf(each.later?.fee ?? each.fee, quantity, price);
          const sizes = { quantity: quantity.toString(), price: price.toString() };
          book(atOnce, { ...fillOf(order, sizes), ...known }, order);
        });
        const tell = (ledger: Ledger) => {
          const { commissions: _unordered, ...rest } = ledger.snapshot();
          return toExactJson(rest);
        };
        expect(tell(late)).toBe(tell(atOnce));
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });
});
