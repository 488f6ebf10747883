import { Decimal } from '../../core/decimal.ts';
import type { EpochMs } from '../../core/time.ts';
import type { BarDifference } from './bar-differences.ts';
import { PARITY_CAUSES, type ParityCause, type ParityDifference } from './parity-difference.ts';
import type { TradedAccount } from './priced-trades.ts';
import type { ParityTally } from './parity-tally.ts';

/** All differences of one cause. */
interface CauseTotal {
  readonly cause: ParityCause;
  readonly count: number;
  /** Of those that have a cost of their own, in quote currency; null where none has. */
  readonly cost: Decimal | null;
}

/**
 * How the account fared, in quote currency. `run − backtest = −costs + remainder`, exactly: the
 * remainder is what followed: a difference changes sizes, and leads to trades later on.
 */
interface ParitySum {
  readonly start: Decimal;
  /** Change of equity to the last close. */
  readonly run: Decimal;
  /** The same of a backtest from the same start that nobody sets right on its way. */
  readonly backtest: Decimal;
  readonly difference: Decimal;
  readonly costs: Decimal;
  readonly remainder: Decimal;
}

/** How a recorded run compares with its backtest. */
export interface ParityReport {
  readonly runId: string;
  readonly mode: string;
  readonly currency: string;
  readonly sessions: number;
  /** First and last close of the window; null where the run saw no bar. */
  readonly from: EpochMs | null;
  readonly to: EpochMs | null;
  readonly decisions: number;
  readonly orders: number;
  readonly fills: number;
  /** Fills after the last bar, which no backtest can judge yet. */
  readonly unjudgedFills: number;
  /** In order of time. */
  readonly differences: readonly ParityDifference[];
  readonly causes: readonly CauseTotal[];
  /** Bars that are not as the run had them, those that changed nothing included. */
  readonly bars: readonly BarDifference[];
  /** How long after the backtest's instant the run filled, of fills in the same bar. */
  readonly delayMs: { readonly median: number; readonly most: number } | null;
  readonly sum: ParitySum | null;
  /** What to keep in mind with all this, one sentence each. */
  readonly notes: readonly string[];
}

/** By cause, those that came up. */
export function causeTotals(differences: readonly ParityDifference[]): readonly CauseTotal[] {
  return PARITY_CAUSES.flatMap((cause) => {
    const own = differences.filter((each) => each.cause === cause);
    if (own.length === 0) return [];
    const costs = own.flatMap(({ cost }) => (cost === null ? [] : [cost]));
    return [{ cause, count: own.length, cost: costs.length === 0 ? null : sumOf(costs) }];
  });
}

export function paritySum(
  start: Decimal,
  { run, backtest }: Readonly<Record<'run' | 'backtest', TradedAccount>>,
  differences: readonly ParityDifference[],
): ParitySum {
  const ours = Decimal.fromNumber(run.account.equity).minus(start);
  const theirs = Decimal.fromNumber(backtest.account.equity).minus(start);
  const difference = ours.minus(theirs);
  const costs = sumOf(differences.flatMap(({ cost }) => (cost === null ? [] : [cost])));
  const remainder = difference.plus(costs);
  return { start, run: ours, backtest: theirs, difference, costs, remainder };
}

export function delayOf({ delays }: Pick<ParityTally, 'delays'>): ParityReport['delayMs'] {
  const sorted = delays.toSorted((one, other) => one - other);
  const median = sorted[Math.floor((sorted.length - 1) / 2)];
  const most = sorted.at(-1);
  return median === undefined || most === undefined ? null : { median, most };
}

function sumOf(amounts: readonly Decimal[]): Decimal {
  return amounts.reduce((total, each) => total.plus(each), Decimal.zero);
}
