import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withFees } from '../../../../src/adapters/alpaca/fee-attribution.ts';
import { Decimal } from '../../../../src/core/decimal.ts';
import { DAY_MS, HOUR_MS } from '../../../../src/core/time.ts';
import type { VenueTrade } from '../../../../src/ports/exchange-account.ts';

/** Noon in New York. */
const NOON = Date.parse('2026-06-10T16:00:00Z');
const LATER = NOON + 10 * DAY_MS;
const dec = (text: string) => Decimal.parse(text);

let trades = 0;

function trade(change: Partial<VenueTrade> = {}): VenueTrade {
  trades += 1;
  return {
    tradeId: `t${trades}`,
    venueOrderId: 'o',
    clientId: null,
    symbol: 'BTC/USD',
    side: 'buy',
    quantity: dec('1'),
    price: dec('60000'),
    fee: null,
    liquidity: null,
    time: NOON,
    ...change,
  };
}

const fee = (date: string, currency: string, amount: string) => ({
  date,
  currency,
  amount: dec(amount),
});

const feesOf = (fills: readonly VenueTrade[]) =>
  fills.map(({ fee: each }) =>
    each === null ? null : `${each.amount.toString()} ${each.currency}`,
  );

describe('fees of coins', () => {
  it('are those of the fills that brought in the currency, by how much they brought', () => {
    const fills = [
      trade({ quantity: dec('1') }),
      trade({ quantity: dec('3') }),
      trade({ symbol: 'BTC/USDT', quantity: dec('4') }),
      trade({ side: 'sell', quantity: dec('1'), price: dec('10') }),
      trade({ symbol: 'ETH/USD', side: 'sell', quantity: dec('3'), price: dec('30') }),
      trade({ symbol: 'ETH/BTC', side: 'sell', quantity: dec('8'), price: dec('1') }),
    ];
    const fees = [
      fee('2026-06-10', 'BTC', '0.1'),
      fee('2026-06-10', 'BTC', '0.06'),
      fee('2026-06-10', 'USD', '0.5'),
    ];
    expect(feesOf(withFees(fills, fees, LATER))).toEqual([
      '0.01 BTC',
      '0.03 BTC',
      '0.04 BTC',
      '0.05 USD',
      '0.45 USD',
      '0.08 BTC',
    ]);
  });

  it('are unknown while the day lasts in New York, and while none is posted', () => {
    const fills = [trade(), trade({ symbol: 'ETH/USD' })];
    const fees = [fee('2026-06-10', 'BTC', '0.0025')];
    const lastMoment = Date.parse('2026-06-11T03:59:59Z');
    expect(feesOf(withFees(fills, fees, lastMoment))).toEqual([null, null]);
    expect(feesOf(withFees(fills, fees, lastMoment + 1_000))).toEqual(['0.0025 BTC', null]);
  });

  it('belong to days of New York, not of UTC', () => {
    const evening = trade({ time: Date.parse('2026-06-11T02:00:00Z') });
    const morning = trade({ time: Date.parse('2026-06-11T12:00:00Z') });
    const fees = [fee('2026-06-10', 'BTC', '1'), fee('2026-06-11', 'BTC', '2')];
    expect(feesOf(withFees([evening, morning], fees, LATER))).toEqual(['1 BTC', '2 BTC']);
  });

  it('dated a day late go back a day where that day has no fills, but not two', () => {
    const fees = [fee('2026-06-11', 'BTC', '1')];
    expect(feesOf(withFees([trade()], fees, LATER))).toEqual(['1 BTC']);
    const both = [trade(), trade({ time: NOON + DAY_MS })];
    expect(feesOf(withFees(both, fees, LATER))).toEqual([null, '1 BTC']);
    expect(feesOf(withFees([trade({ time: NOON - DAY_MS })], fees, LATER))).toEqual([null]);
  });

  it('of stocks are none, from the start', () => {
    expect(feesOf(withFees([trade({ symbol: 'AAPL' })], [], NOON))).toEqual(['0 USD']);
  });

  it('add up to what was posted, however they are cut', () => {
    const amount = fc.bigInt({ min: 1n, max: 10n ** 24n }).map((units) => {
      const digits = units.toString().padStart(19, '0');
      return dec(`${digits.slice(0, -18)}.${digits.slice(-18)}`);
    });
    const fill = fc.record({
      side: fc.constantFrom('buy' as const, 'sell' as const),
      quantity: amount,
      price: amount,
      time: fc.integer({ min: 0, max: 72 }).map((hours) => NOON + hours * HOUR_MS),
    });
    const post = fc.record({
      date: fc.constantFrom('2026-06-10', '2026-06-11', '2026-06-12', '2026-06-13', '2026-06-14'),
      currency: fc.constantFrom('BTC', 'USD'),
      amount,
    });
    fc.assert(
      fc.property(
        fc.array(fill, { maxLength: 20 }),
        fc.array(post, { maxLength: 20 }),
        (ones, fees) => {
          const fills = withFees(ones.map(trade), fees, LATER);
          for (const currency of ['BTC', 'USD']) {
            const shares = fills.flatMap((each) =>
              each.fee?.currency === currency ? [each.fee.amount] : [],
            );
            const posted = fees.filter((each) => each.currency === currency);
            const taken = posted.filter(({ date }) => takerOf(date, fills, currency) !== null);
            expect(sum(shares)).toEqual(sum(taken.map((each) => each.amount)));
            expect(shares.some((each) => each.isNegative)).toBe(false);
          }
        },
      ),
    );
  });
});

const NEW_YORK = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York' });

function isOn({ time }: VenueTrade, date: string): boolean {
  return NEW_YORK.format(time) === date;
}

function sum(amounts: readonly Decimal[]): Decimal {
  return amounts.reduce((total, each) => total.plus(each), Decimal.zero);
}

/** The day whose fills a fee of a date is of; null where there are none. */
function takerOf(date: string, fills: readonly VenueTrade[], currency: string): string | null {
  const brings = fills.filter(({ side }) => (side === 'buy' ? 'BTC' : 'USD') === currency);
  const dayBefore = new Date(Date.parse(date) - DAY_MS).toISOString().slice(0, 10);
  const hasFills = (day: string) => brings.some((each) => isOn(each, day));
  return [date, dayBefore].find(hasFills) ?? null;
}
