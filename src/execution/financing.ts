import { Decimal } from '../core/decimal.ts';
import type { FinancingCharge } from '../core/financing.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { MarginTerms } from '../core/margin.ts';
import { DAY_MS, utcDayClosedBy, type EpochMs } from '../core/time.ts';
import type { VenueAccount } from './venue-account.ts';

const DAYS_PER_YEAR = Decimal.fromNumber(365);
/** Amounts are rounded up to it, in the venue's favour, as fees are. */
const CHARGE_STEP = Decimal.parse('0.00000001');

interface FinancingOptions {
  readonly terms: Pick<MarginTerms, 'borrowRate' | 'interestRate'>;
  readonly account: Pick<VenueAccount, 'cash' | 'loans'>;
  readonly priceOf: (symbol: SymbolName) => Decimal;
  /** Where the day ends that a run goes on in. */
  readonly dayEnd?: EpochMs | undefined;
}

/**
 * What lending costs from one UTC day to the next. What is short, and the cash owed, when a day
 * ends is paid for with `value × rate / 365`, at the day's last price; days without a bar (a
 * weekend) count like the day before them. A loan paid back before its day ends costs nothing.
 */
export class Financing {
  readonly #options: FinancingOptions;
  readonly #borrowRate: Decimal;
  readonly #interestRate: Decimal;
  #dayEnd: EpochMs;

  constructor(options: FinancingOptions) {
    this.#options = options;
    this.#borrowRate = Decimal.fromNumber(options.terms.borrowRate);
    this.#interestRate = Decimal.fromNumber(options.terms.interestRate);
    this.#dayEnd = options.dayEnd ?? -Infinity;
  }

  /** Where the UTC day ends that trading is in. */
  get dayEnd(): EpochMs {
    return this.#dayEnd;
  }

  /** Goes on to the day of a bar that closes then, or of a quote, and says what the days before it cost. */
  begin(closeTime: EpochMs): readonly FinancingCharge[] {
    const time = this.#dayEnd;
    this.#dayEnd = utcDayClosedBy(closeTime) + DAY_MS;
    return time === -Infinity ? [] : this.#chargesFor((this.#dayEnd - time) / DAY_MS, time);
  }

  #chargesFor(days: number, time: EpochMs): readonly FinancingCharge[] {
    const { account, priceOf } = this.#options;
    const charges: FinancingCharge[] = [];
    for (const { position, symbol, quantity } of account.loans()) {
      const amount = costOf(quantity.times(priceOf(symbol)), this.#borrowRate, days);
      if (!amount.isZero) charges.push({ kind: 'borrow-fee', position, amount, days, time });
    }
    if (!account.cash.isNegative) return charges;
    const amount = costOf(account.cash.negated(), this.#interestRate, days);
    if (!amount.isZero) charges.push({ kind: 'interest', amount, days, time });
    return charges;
  }
}

function costOf(value: Decimal, rate: Decimal, days: number): Decimal {
  const yearly = value.times(rate).times(Decimal.fromNumber(days));
  return yearly.dividedBy(DAYS_PER_YEAR).toStep(CHARGE_STEP, 'up');
}
