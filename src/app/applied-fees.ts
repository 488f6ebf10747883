import type { EpochMs } from '../core/time.ts';
import type { SymbolName } from '../core/instrument.ts';
import { formatTime } from '../core/time.ts';
import { Decimal } from '../core/decimal.ts';
import {
  feeSchedule,
  type AppliedFees,
  type FeeOrigin,
} from '../execution/commission/fee-schedule.ts';
import type { FeePeriod } from '../reporting/backtest-report.ts';
import type { BacktestPlan } from './backtest-plan.ts';

interface DatedFees extends AppliedFees {
  readonly from: EpochMs;
}

interface FeePlan extends Pick<
  BacktestPlan,
  'instruments' | 'commission' | 'exchange' | 'start' | 'end'
> {
  readonly series: readonly { readonly symbol: SymbolName }[];
}

/** What is said of rates that were not collected, beside some that were. */
const ORIGIN_TEXTS: Readonly<Record<Exclude<FeeOrigin, 'collected'>, string>> = {
  exchange_setting: 'as configured',
  asset_class_setting: 'as configured',
  venue_default: 'as usual there',
  general_default: 'assumed',
  commission_model: 'as configured',
};
const HUNDRED = Decimal.parse('100');

/** The fees of a run by symbol, with where they come from and since when within the run. */
export function appliedFees(plan: FeePlan): Readonly<Record<SymbolName, readonly FeePeriod[]>> {
  return Object.fromEntries(
    plan.series.map(({ symbol }) => [symbol, feesOver(plan, symbol).map(periodOf)]),
  );
}

/** What a reader should know of the fees that were collected; nothing where none were. */
export function feeNotes(plan: FeePlan): readonly string[] {
  const symbolsByTerms = new Map<string, SymbolName[]>();
  for (const { symbol } of plan.series) {
    const fees = feesOver(plan, symbol);
    if (fees.every(({ origin }) => origin !== 'collected')) continue;
    const terms = fees.map(termsText).join('; ');
    symbolsByTerms.set(terms, [...(symbolsByTerms.get(terms) ?? []), symbol]);
  }
  return [...symbolsByTerms].map(([terms, symbols]) => {
    const which = symbols.length === plan.series.length ? '' : ` for ${symbols.join(', ')}`;
    return `fees of ${plan.exchange} as collected${which}: ${terms}`;
  });
}

/** One entry for each change: another tick size is none. */
function feesOver(
  { instruments, commission, exchange, start, end }: FeePlan,
  symbol: SymbolName,
): readonly DatedFees[] {
  const schedule = feeSchedule(commission, exchange);
  const changes: DatedFees[] = [];
  for (const { validFrom, instrument } of instruments.within(symbol, start, end)) {
    const fees = { ...schedule(instrument), from: validFrom };
    const before = changes.at(-1);
    if (before === undefined || !isSame(before, fees)) changes.push(fees);
  }
  return changes;
}

function isSame(one: AppliedFees, other: AppliedFees): boolean {
  return (
    one.origin === other.origin &&
    one.rates.maker.equals(other.rates.maker) &&
    one.rates.taker.equals(other.rates.taker)
  );
}

function periodOf({ from, rates, origin }: DatedFees): FeePeriod {
  const { maker, taker } = rates;
  return { from: formatTime(from), maker: maker.toNumber(), taker: taker.toNumber(), origin };
}

function termsText({ from, rates, origin }: DatedFees, index: number): string {
  const since = index === 0 ? '' : `from ${formatTime(from)} `;
  const told = origin === 'collected' ? '' : ` (${ORIGIN_TEXTS[origin]})`;
  return `${since}maker ${percent(rates.maker)}, taker ${percent(rates.taker)}${told}`;
}

function percent(fraction: Decimal): string {
  return `${fraction.times(HUNDRED).toString()} %`;
}
