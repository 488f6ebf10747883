import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../src/core/time.ts';
import { backtestReport } from '../../../src/reporting/backtest-report.ts';
import type { BacktestFacts } from '../../../src/reporting/backtest-report.ts';
import { EquityCurve } from '../../../src/reporting/equity-curve.ts';
import { METRIC_NAMES } from '../../../src/reporting/performance-metrics.ts';
import { RoundTrips } from '../../../src/reporting/round-trips.ts';
import { RunStatistics } from '../../../src/reporting/run-statistics.ts';
import {
  approved,
  closedPosition,
  entryOrder,
  entrySignal,
  MONDAY,
  openPosition,
  ScriptedRun,
} from './scripted-run.ts';
import { strategyId } from '../../support/orders.ts';

const FACTS: BacktestFacts = {
  runId: 'backtest-1',
  resultHash: 'aa',
  dataFingerprint: 'bb',
  configHash: 'cc',
  version: '0.1.0',
  status: 'completed',
  tradingStarts: MONDAY,
  strategy: 'reverter',
  exchange: 'coinbase',
  strategies: [
    { id: strategyId('reverter'), capitalShare: 0.7, openPnl: -3.5 },
    { id: strategyId('follower'), capitalShare: 0.3, openPnl: 0 },
  ],
  symbols: ['BTC/USD', 'ETH/USD'],
  informativeSymbols: [],
  assetClasses: ['crypto', 'crypto'],
  timeframe: '1h',
  builtFrom: { 'ETH/USD': '5m' },
  start: MONDAY - 10 * HOUR_MS,
  end: MONDAY + 2 * HOUR_MS,
  bars: 12,
  barsPerSecond: 100_000,
  fees: { 'BTC/USD': [], 'ETH/USD': [] },
  dataQuality: { gaps: 0 },
  syntheticData: true,
  fillScenario: 'base',
  labels: ['fills at close'],
  files: { trades: 'out/trades.csv', equity: 'out/equity.csv', report: null },
};

/** Two hours: a trade of +17.5 in BTC/USD, a position left open, one refusal, then a halt. */
function shortRun() {
  const run = new ScriptedRun();
  const curve = new EquityCurve({ initialCapital: 1000, barMs: HOUR_MS });
  const trades = new RoundTrips();
  const statistics = new RunStatistics();
  trades.subscribe(run.bus);
  statistics.subscribe(run.bus);
  run.bus.on('equity.marked', ({ payload }) => curve.observe(payload));

  const bar = { symbol: 'BTC/USD', timeframe: '1h', openTime: MONDAY, closeTime: 0 } as const;
  const prices = { open: 1, high: 1, low: 1, volume: 1, flags: 0 };
  run.publish('bar.closed', { ...bar, ...prices, close: 100 });
  run.publish('bar.closed', { ...bar, ...prices, close: 150 });
  run.publish('signal.raised', entrySignal());
  run.publish('order.approved', approved(entryOrder(1)));
  run.publish('position.updated', closedPosition(1));
  run.publish('position.updated', openPosition(2));
  for (const check of ['symbol-exposure', 'drawdown']) {
    const refusal = { layer: 'symbol', check, limit: 1, actual: 2, message: 'too much' } as const;
    run.publish('order.rejected', { order: entryOrder(2), refusal });
  }
  const mark = { equity: 1017.5, cash: 1017.5, exposure: 0, peak: 1017.5, drawdown: 0 };
  run.publish('equity.marked', { ...mark, time: MONDAY + HOUR_MS });
  run.publish('equity.marked', { ...mark, time: MONDAY + 2 * HOUR_MS });
  return { run, outcome: { curve, trades: trades.rows, statistics } };
}

describe('backtestReport', () => {
  it('has its keys in the order the command line promises', () => {
    const report = backtestReport(FACTS, shortRun().outcome);
    const promised =
      'run_id result_hash data_fingerprint config_hash version status ' +
      'strategy exchange symbols informative_symbols timeframe built_from start end trading_starts ' +
      'bars bars_per_second initial_capital final_equity annualization ' +
      'metrics costs interest fill_scenario fills per_symbol per_strategy open_positions signals risk limited_protections halted ' +
      'fees data_quality synthetic_data labels trades_file equity_file report_file';
    expect(Object.keys(report)).toEqual(promised.split(' '));
    expect(Object.keys(report.metrics)).toEqual([...METRIC_NAMES]);
  });

  it('carries the facts as they were given', () => {
    expect(backtestReport(FACTS, shortRun().outcome)).toMatchObject({
      run_id: 'backtest-1',
      result_hash: 'aa',
      data_fingerprint: 'bb',
      config_hash: 'cc',
      version: '0.1.0',
      strategy: 'reverter',
      symbols: ['BTC/USD', 'ETH/USD'],
      timeframe: '1h',
      built_from: { 'ETH/USD': '5m' },
      start: '2023-12-31T14:00:00Z',
      end: '2024-01-01T02:00:00Z',
      bars: 12,
      bars_per_second: 100_000,
      data_quality: { gaps: 0 },
      synthetic_data: true,
      labels: ['fills at close'],
      trades_file: 'out/trades.csv',
      equity_file: 'out/equity.csv',
      report_file: null,
    });
  });

  it('tells what the run came to', () => {
    const report = backtestReport(FACTS, shortRun().outcome);
    expect(report).toMatchObject({
      trading_starts: '2024-01-01T00:00:00Z',
      initial_capital: 1000,
      final_equity: 1017.5,
      annualization: 365,
      open_positions: 1,
      signals: { raised: 1, ignored: {} },
      risk: { approved: 1, refused: { drawdown: 1, 'symbol-exposure': 1 } },
      halted: null,
    });
    expect(Object.keys(report.risk.refused), 'sorted by name').toEqual([
      'drawdown',
      'symbol-exposure',
    ]);
    expect(report.metrics.total_return).toBeCloseTo(0.0175, 12);
    expect(report.metrics.total_trades).toBe(1);
  });

  it('splits results by symbol and by strategy, the idle ones included', () => {
    const report = backtestReport(FACTS, shortRun().outcome);
    const free = { gross: 0, spread: 0, impact: 0, fees: 0, financing: 0, net: 0 };
    const costs = { ...free, gross: 23, spread: 3, fees: 2.5, net: 17.5 };
    const traded = {
      trades: 1,
      win_rate: 1,
      gross_pnl: 23,
      fees: 2.5,
      slippage: 3,
      net_pnl: 17.5,
      costs,
    };
    const nothing = { gross_pnl: 0, fees: 0, slippage: 0, net_pnl: 0, costs: free };
    const idle = { trades: 0, win_rate: null, ...nothing };
    expect(report.per_strategy).toEqual({
      reverter: {
        ...traded,
        open_pnl: -3.5,
        contribution: 14,
        capital_share: 0.7,
        return_on_share: 0.02, // 14 of 700
      },
      follower: {
        ...idle,
        open_pnl: 0,
        contribution: 0,
        capital_share: 0.3,
        return_on_share: 0,
      },
    });
    expect(report.per_symbol).toEqual({
      'BTC/USD': { ...traded, buy_and_hold_return: 0.5 }, // from 100 to 150
      'ETH/USD': { ...idle, buy_and_hold_return: null },
    });
  });

  it('names the halt that ended trading', () => {
    const { run, outcome } = shortRun();
    run.publish('risk.alerted', {
      kind: 'halted',
      check: 'drawdown',
      limit: 0.2,
      actual: 0.21,
      onBreach: 'halt',
      message: 'drawdown of 21 % is above 20 %',
    });
    expect(backtestReport(FACTS, outcome).halted).toEqual({
      check: 'drawdown',
      at: '2024-01-01T00:00:00Z',
      message: 'drawdown of 21 % is above 20 %',
    });
  });

  it('annualises stocks by 252 sessions', () => {
    const facts: BacktestFacts = { ...FACTS, assetClasses: ['stock'] };
    expect(backtestReport(facts, shortRun().outcome).annualization).toBe(252);
  });

  it('reports a run that never decided with its capital and no start', () => {
    const curve = new EquityCurve({ initialCapital: 1000, barMs: HOUR_MS });
    const outcome = { curve, trades: [], statistics: new RunStatistics() };
    const report = backtestReport({ ...FACTS, tradingStarts: null }, outcome);
    expect(report).toMatchObject({ final_equity: 1000, trading_starts: null });
  });

  it('survives JSON unchanged: no NaN, no infinity, nothing undefined', () => {
    const report = backtestReport(FACTS, shortRun().outcome);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('is the same for the same run', () => {
    const [first, second] = [shortRun(), shortRun()].map(({ outcome }) =>
      JSON.stringify(backtestReport(FACTS, outcome)),
    );
    expect(first).toBe(second);
  });
});
