import type { Annualization } from './annualization.ts';
import { dailyLevels } from './daily-levels.ts';
import type { EquityCurve } from './equity-curve.ts';
import { annualVolatility } from './metrics/annual-volatility.ts';
import { buyAndHoldReturn } from './metrics/buy-and-hold-return.ts';
import { cagr } from './metrics/cagr.ts';
import { calmarRatio } from './metrics/calmar-ratio.ts';
import { averageLoss, averageWin, expectancy } from './metrics/expectancy.ts';
import { bestTrade, worstTrade } from './metrics/extreme-trades.ts';
import { profitFactor } from './metrics/profit-factor.ts';
import { sharpeRatio } from './metrics/sharpe-ratio.ts';
import { simpleReturns } from './metrics/simple-returns.ts';
import { sortinoRatio } from './metrics/sortino-ratio.ts';
import { systemQualityNumber } from './metrics/system-quality-number.ts';
import { totalReturn } from './metrics/total-return.ts';
import { turnover } from './metrics/turnover.ts';
import { ulcerIndex } from './metrics/ulcer-index.ts';
import { conditionalValueAtRisk95, valueAtRisk95 } from './metrics/value-at-risk.ts';
import { winRate } from './metrics/win-rate.ts';
import type { RoundTrip } from './round-trips.ts';
import type { RunStatistics } from './run-statistics.ts';

/** Every metric of a run, in the order reports show them. */
export const METRIC_NAMES = [
  'total_return',
  'cagr',
  'annual_volatility',
  'sharpe_ratio',
  'sortino_ratio',
  'calmar_ratio',
  'max_drawdown',
  'max_drawdown_duration_days',
  'win_rate',
  'profit_factor',
  'expectancy',
  'avg_win',
  'avg_loss',
  'best_trade',
  'worst_trade',
  'total_trades',
  'exposure',
  'turnover',
  'total_fees',
  'total_slippage',
  'buy_and_hold_return',
  'ulcer_index',
  'sqn',
  'var_95',
  'cvar_95',
] as const;
export type MetricName = (typeof METRIC_NAMES)[number];

/**
 * Values by name, null where a metric is undefined. Returns, rates, drawdowns and exposure are
 * fractions; expectancy, average win and loss, fees and slippage are money in quote currency.
 * Drawdowns, fees, slippage and values at risk are positive when they hurt; `avg_loss` is negative.
 */
export type PerformanceMetrics = Readonly<Record<MetricName, number | null>>;

interface PerformanceSources {
  readonly curve: EquityCurve;
  readonly trades: readonly RoundTrip[];
  readonly statistics: RunStatistics;
  readonly annualization: Annualization;
}

/** All metrics of a run: equity metrics from daily closes, drawdowns from every mark. */
export function performanceMetrics(sources: PerformanceSources): PerformanceMetrics {
  const { curve, trades, statistics } = sources;
  const { cvar_95, var_95, ulcer_index, ...growth } = growthMetrics(sources);
  const { sqn, ...results } = tradeMetrics(trades);
  return {
    ...growth,
    ...results,
    exposure: curve.exposure,
    turnover: turnover(statistics.tradedNotional.toNumber(), curve.meanEquity),
    total_fees: statistics.fees.toNumber(),
    total_slippage: statistics.slippage.toNumber(),
    buy_and_hold_return: buyAndHoldReturn([...statistics.closeSpans.values()]),
    ulcer_index,
    sqn,
    var_95,
    cvar_95,
  };
}

function growthMetrics({ curve, annualization }: PerformanceSources) {
  const { periodsPerYear, everyDay } = annualization;
  const levels = dailyLevels(curve.dailyCloses, everyDay);
  const returns = simpleReturns(curve.initialCapital, levels) ?? [];
  const gained = totalReturn(curve.initialCapital, curve.finalEquity);
  const annualGrowth = cagr(gained, curve.elapsedDays);
  return {
    total_return: gained,
    cagr: annualGrowth,
    annual_volatility: annualVolatility(returns, periodsPerYear),
    sharpe_ratio: sharpeRatio(returns, periodsPerYear),
    sortino_ratio: sortinoRatio(returns, periodsPerYear),
    calmar_ratio: calmarRatio(annualGrowth, curve.maxDrawdown),
    max_drawdown: curve.maxDrawdown,
    max_drawdown_duration_days: curve.maxDrawdownDays,
    ulcer_index: ulcerIndex(curve.initialCapital, levels),
    var_95: valueAtRisk95(returns),
    cvar_95: conditionalValueAtRisk95(returns),
  };
}

function tradeMetrics(trades: readonly RoundTrip[]) {
  const pnls = trades.map(({ netPnl }) => netPnl.toNumber());
  const returns = trades.map(({ netReturn }) => netReturn);
  return {
    win_rate: winRate(pnls),
    profit_factor: profitFactor(pnls),
    expectancy: expectancy(pnls),
    avg_win: averageWin(pnls),
    avg_loss: averageLoss(pnls),
    best_trade: bestTrade(returns),
    worst_trade: worstTrade(returns),
    total_trades: trades.length,
    sqn: systemQualityNumber(pnls),
  };
}
