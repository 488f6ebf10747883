import type { BacktestReport } from '../../app/run-backtest.ts';
import { money } from './number-format.ts';
import { section, type Row } from './section.ts';

/**
 * What became of the profit of all closed trades, and by which fees; and, where there is any, what the
 * account gained or lost besides.
 */
export function costSection(report: BacktestReport): string {
  return section('Costs', [...amountRows(report), ...rateRows(report)]);
}

function amountRows({ costs, metrics, ...report }: BacktestReport): readonly Row[] {
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
    ...besides(report),
  ];
}

/** What is between the net profit of closed trades and the change of equity. */
function besides({
  open_positions,
  per_strategy,
  interest,
}: Pick<BacktestReport, 'open_positions' | 'per_strategy' | 'interest'>): readonly Row[] {
  const open = Object.values(per_strategy).reduce((sum, { open_pnl }) => sum + open_pnl, 0);
  return [
    ...(open_positions === 0 ? [] : [['Open positions, so far', money(open)] as const]),
    ...(interest === 0 ? [] : [['Interest on cash owed', money(interest)] as const]),
  ];
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
