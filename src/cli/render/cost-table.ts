import type { BacktestReport } from '../../app/run-backtest.ts';
import { money } from './number-format.ts';
import { section, type Row } from './section.ts';

/** What became of the profit of all closed trades, what credit cost besides, and by which fees. */
export function costSection(report: BacktestReport): string {
  return section('Costs', [...amountRows(report), ...rateRows(report)]);
}

function amountRows({ costs, interest, metrics }: BacktestReport): readonly Row[] {
  if (costs === null) {
    return [
      ['Fees', money(metrics.total_fees)],
      ['Slippage', money(metrics.total_slippage)],
    ];
  }
  return [
    ['Gross PnL, before costs', money(costs.gross)],
    ['  Spread', money(costs.spread)],
    ['  Impact', money(costs.impact)],
    ['  Fees', money(costs.fees)],
    ['  Financing', money(costs.financing)],
    ['Net PnL', money(costs.net)],
    ...(owesNothing(interest) ? [] : [['Interest on cash owed', money(interest)] as const]),
  ];
}

function owesNothing(interest: number | null): boolean {
  return interest === null || interest === 0;
}

const ORIGINS: Readonly<Record<string, string>> = {
  exchange_setting: 'set for the exchange',
  collected: 'as collected',
  asset_class_setting: 'set for the asset class',
  venue_default: 'usual at the exchange',
  general_default: 'assumed',
};

/** Said where one pair of rates holds for all of the run; others are left to `--json`. */
function rateRows({ fees }: BacktestReport): readonly Row[] {
  const periods = Object.values(fees).flat();
  const [first] = periods;
  if (first === undefined) return [];
  const { maker, taker, origin } = first;
  const isOne = periods.every(
    (each) => each.maker === maker && each.taker === taker && each.origin === origin,
  );
  if (!isOne) return [['Maker / taker rate', 'several, see --json']];
  if (origin === 'commission_model') return [];
  return [
    ['Maker / taker rate', `${rate(maker)} / ${rate(taker)}`],
    ['Rates are', ORIGINS[origin] ?? origin],
  ];
}

/** A rate is often less than a hundredth of a percent. */
function rate(fraction: number): string {
  return `${Number((fraction * 100).toPrecision(8))} %`;
}
