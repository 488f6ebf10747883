import { Decimal } from '../../core/decimal.ts';
import { DAY_MS, type EpochMs } from '../../core/time.ts';
import type { VenueFee, VenueTrade } from '../../ports/exchange-account.ts';
import type { FeeActivity } from './fill-activities.ts';

/** Alpaca takes no commission on stocks. */
const NO_COMMISSION: VenueFee = { currency: 'USD', amount: Decimal.zero };

/**
 * Fills with their fees. Alpaca takes fees of crypto from what a trade brings in (coins of a
 * purchase, money of a sale) and posts them after the day, of no trade in particular: what a day
 * cost in one currency is shared out over the fills that brought that currency in, by how much each
 * brought. The sum is exact, and no share changes later, as only days that are over are looked at;
 * until then a fee is null.
 */
export function withFees(
  fills: readonly VenueTrade[],
  fees: readonly FeeActivity[],
  now: EpochMs,
): readonly VenueTrade[] {
  const shares = new Map<VenueTrade, VenueFee>();
  const groups = byDayAndCurrency(fills.filter(isCrypto));
  const today = newYorkDate(now);
  for (const [key, total] of totals(fees, groups)) {
    const group = groups.get(key);
    if (group === undefined || group.date >= today) continue;
    for (const [fill, amount] of shared(total, group.fills)) {
      shares.set(fill, { currency: group.currency, amount });
    }
  }
  return fills.map((fill) => ({
    ...fill,
    fee: isCrypto(fill) ? (shares.get(fill) ?? null) : NO_COMMISSION,
  }));
}

/** Whether Alpaca may have said by now what any fill since a time cost. */
export function mayKnowFees(since: EpochMs, now: EpochMs): boolean {
  return newYorkDate(since) < newYorkDate(now);
}

interface FillGroup {
  readonly date: string;
  readonly currency: string;
  readonly fills: VenueTrade[];
}

function byDayAndCurrency(fills: readonly VenueTrade[]): ReadonlyMap<string, FillGroup> {
  const groups = new Map<string, FillGroup>();
  for (const fill of fills) {
    const [date, currency] = [newYorkDate(fill.time), receivedCurrency(fill)];
    const key = keyOf(date, currency);
    const group = groups.get(key) ?? { date, currency, fills: [] };
    group.fills.push(fill);
    groups.set(key, group);
  }
  return groups;
}

/** What each group paid. A fee may be dated a day late, if that day has no fills of its own. */
function totals(
  fees: readonly FeeActivity[],
  groups: ReadonlyMap<string, FillGroup>,
): ReadonlyMap<string, Decimal> {
  const sums = new Map<string, Decimal>();
  for (const { date, currency, amount } of fees) {
    const dayBefore = new Date(Date.parse(date) - DAY_MS).toISOString().slice(0, 10);
    const key = [date, dayBefore]
      .map((day) => keyOf(day, currency))
      .find((each) => groups.has(each));
    if (key !== undefined) sums.set(key, (sums.get(key) ?? Decimal.zero).plus(amount));
  }
  return sums;
}

/** The last one takes what rounding leaves. */
function shared(total: Decimal, fills: readonly VenueTrade[]): readonly [VenueTrade, Decimal][] {
  const whole = fills.reduce((sum, fill) => sum.plus(received(fill)), Decimal.zero);
  let left = total;
  return fills.map((fill, index) => {
    const isLast = index === fills.length - 1 || whole.isZero;
    const share = isLast ? left : total.times(received(fill).dividedBy(whole));
    left = left.minus(share);
    return [fill, share];
  });
}

function received({ side, quantity, price }: VenueTrade): Decimal {
  return side === 'buy' ? quantity : quantity.times(price);
}

function receivedCurrency({ symbol, side }: VenueTrade): string {
  const slash = symbol.indexOf('/');
  return side === 'buy' ? symbol.slice(0, slash) : symbol.slice(slash + 1);
}

function isCrypto({ symbol }: VenueTrade): boolean {
  return symbol.includes('/');
}

function keyOf(date: string, currency: string): string {
  return `${date} ${currency}`;
}

const NEW_YORK = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York' });

function newYorkDate(time: EpochMs): string {
  return NEW_YORK.format(time);
}
