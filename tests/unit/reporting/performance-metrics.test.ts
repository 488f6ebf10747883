import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../src/core/time.ts';
import { EquityCurve } from '../../../src/reporting/equity-curve.ts';
import { METRIC_NAMES, performanceMetrics } from '../../../src/reporting/performance-metrics.ts';
import type { PerformanceMetrics } from '../../../src/reporting/performance-metrics.ts';
import type { RoundTrip } from '../../../src/reporting/round-trips.ts';
import { RunStatistics } from '../../../src/reporting/run-statistics.ts';
import { decimal, fill, MONDAY, roundTrip, ScriptedRun } from './scripted-run.ts';

interface Scene {
  /** Equity at the end of days counted from Monday, 1 = Monday. */
  readonly marks?: readonly (readonly [day: number, equity: number])[];
  readonly trades?: readonly RoundTrip[];
  readonly everyDay?: boolean;
}

function metricsOf({ marks = [], trades = [], everyDay = true }: Scene): PerformanceMetrics {
  const curve = new EquityCurve({ initialCapital: 100, barMs: DAY_MS });
  for (const [day, equity] of marks) {
    const values = { equity, cash: equity, exposure: 0, peak: equity, drawdown: 0 };
    curve.observe({ time: MONDAY + day * DAY_MS, ...values });
  }
  const run = new ScriptedRun();
  const statistics = new RunStatistics();
  statistics.subscribe(run.bus);
  for (const _ of trades) run.publish('order.filled', fill(1, { fee: decimal('1.5') }));
  const periodsPerYear = everyDay ? 365 : 252;
  return performanceMetrics({
    curve,
    trades,
    statistics,
    annualization: { periodsPerYear, everyDay },
  });
}

describe('performanceMetrics', () => {
  it('has every metric, in report order', () => {
    expect(Object.keys(metricsOf({}))).toEqual([...METRIC_NAMES]);
  });

  it('has no ratio, but counts and sums, of a run without marks and trades', () => {
    const defined = Object.entries(metricsOf({})).filter(([, value]) => value !== null);
    expect(defined).toEqual([
      ['total_return', 0],
      ['total_trades', 0],
      ['total_fees', 0],
      ['total_slippage', 0],
    ]);
  });

  it('has no volatility and no ratio of a single day', () => {
    expect(metricsOf({ marks: [[1, 110]] })).toMatchObject({
      annual_volatility: null,
      sharpe_ratio: null,
      sortino_ratio: null,
      calmar_ratio: null,
      max_drawdown: 0,
    });
  });

  it('has no ratio of flat equity', () => {
    const marks = [1, 2, 3].map((day) => [day, 100] as const);
    expect(metricsOf({ marks })).toMatchObject({
      total_return: 0,
      cagr: 0,
      annual_volatility: 0,
      sharpe_ratio: null,
      sortino_ratio: null,
      calmar_ratio: null,
      max_drawdown: 0,
      max_drawdown_duration_days: 0,
      ulcer_index: 0,
      var_95: 0,
    });
  });

  it('computes the equity metrics from daily returns, the first against the capital', () => {
    // 110, 99, 121 from 100: returns 0.1, −0.1, 0.2222…
    const metrics = metricsOf({
      marks: [
        [1, 110],
        [2, 99],
        [3, 121],
      ],
    });
    const returns = [0.1, -0.1, 121 / 99 - 1];
    const mean = (0.1 - 0.1 + (121 / 99 - 1)) / 3;
    const variance = returns.reduce((sum, r) => sum + (r - mean) ** 2, 0) / 2;
    expect(metrics.total_return).toBeCloseTo(0.21, 12);
    expect(metrics.cagr).toBeCloseTo(1.21 ** (365.25 / 3) - 1, 2);
    expect(metrics.annual_volatility).toBeCloseTo(Math.sqrt(variance * 365), 10);
    expect(metrics.sharpe_ratio).toBeCloseTo((mean / Math.sqrt(variance)) * Math.sqrt(365), 10);
    expect(metrics.sortino_ratio).toBeCloseTo(
      (mean / Math.sqrt(0.01 / 3)) * Math.sqrt(365), // one loss of 0.1 in three days
      10,
    );
    expect(metrics.max_drawdown).toBeCloseTo(0.1, 12);
    expect(metrics.calmar_ratio).toBeCloseTo((1.21 ** (365.25 / 3) - 1) / 0.1, 0);
    expect(metrics.max_drawdown_duration_days).toBe(2); // peak on day 1, again on day 3
    expect(metrics.ulcer_index).toBeCloseTo(Math.sqrt(0.01 / 3), 12);
    expect(metrics.exposure).toBe(0);
  });

  it('counts days without a mark as flat only where markets never close', () => {
    const marks = [
      [1, 110],
      [4, 99],
    ] as const;
    // Every day: 0.1, 0, 0, −0.1: mean 0; squares 0.02 over 3. Marked days: 0.1, −0.1: 0.02 over 1.
    expect(metricsOf({ marks }).annual_volatility).toBeCloseTo(Math.sqrt((0.02 / 3) * 365), 12);
    const sessions = metricsOf({ marks, everyDay: false });
    expect(sessions.annual_volatility).toBeCloseTo(Math.sqrt(0.02 * 252), 12);
  });

  it('has no return-based metric once equity fell to zero and went on', () => {
    const metrics = metricsOf({
      marks: [
        [1, 0],
        [2, 0],
      ],
    });
    expect(metrics).toMatchObject({
      total_return: -1,
      cagr: -1,
      max_drawdown: 1,
      annual_volatility: null,
      sharpe_ratio: null,
      var_95: null,
    });
  });

  it('computes the trade metrics from results after fees', () => {
    const trades = [
      roundTrip({ grossPnl: '12', fees: '2' }), // +10, +5 % of 200
      roundTrip({ grossPnl: '1', fees: '2' }), // a loss of 1 after fees, −0.5 %
    ];
    expect(metricsOf({ trades, marks: [[1, 101]] })).toMatchObject({
      win_rate: 0.5,
      profit_factor: 10,
      expectancy: 4.5,
      avg_win: 10,
      avg_loss: -1,
      best_trade: 0.05,
      worst_trade: -0.005,
      total_trades: 2,
      total_fees: 3, // two fills at 1.5
      total_slippage: 4, // two fills of 2 at 101 instead of 100
      turnover: 404 / 101, // two fills of 202 on a mean equity of 101
    });
  });

  it('has no profit factor of wins alone', () => {
    const trades = [roundTrip({ grossPnl: '12' }), roundTrip({ grossPnl: '3' })];
    expect(metricsOf({ trades })).toMatchObject({ profit_factor: null, win_rate: 1 });
  });

  it('has no system quality number of one trade', () => {
    expect(metricsOf({ trades: [roundTrip({ grossPnl: '12' })] }).sqn).toBeNull();
  });
});
