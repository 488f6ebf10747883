import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { Drawdown } from '../../../../src/reporting/drawdown.ts';
import { DAY_MS } from '../../../../src/core/time.ts';
import { cagr } from '../../../../src/reporting/metrics/cagr.ts';
import { bestTrade, worstTrade } from '../../../../src/reporting/metrics/extreme-trades.ts';
import { systemQualityNumber } from '../../../../src/reporting/metrics/system-quality-number.ts';
import { totalReturn } from '../../../../src/reporting/metrics/total-return.ts';
import { winRate } from '../../../../src/reporting/metrics/win-rate.ts';

const FOLDER = '../shared/oracles/backtests';
const CAPITAL = 10_000;

type Row = Readonly<Record<string, string>>;

function rows(run: string, file: string): readonly Row[] {
  return parse(readFileSync(`${FOLDER}/${run}/${file}`, 'utf8'), { columns: true });
}

/** Percents and `584 days 00:00:00` as plain numbers. */
function published(run: string, name: string): number {
  const stats = JSON.parse(readFileSync(`${FOLDER}/${run}/stats.json`, 'utf8')) as Row;
  return Number.parseFloat(String(stats[name]));
}

/**
 * Only what backtesting.py defines the same way: its volatility, Sharpe and Sortino are geometric,
 * its profit factor and expectancy are of returns, not of money.
 */
describe.skipIf(!existsSync(FOLDER)).each(['goog_sma10_30_test', 'goog_bracket'])(
  `metrics against backtesting.py in ${FOLDER} (skipped when absent): %s`,
  (run) => {
    it('agree on equity', () => {
      const marks = rows(run, 'equity.csv').map((row) => ({
        time: Date.parse(`${row['timestamp']}T00:00:00Z`),
        equity: Number(row['Equity']),
      }));
      const start = marks[0]?.time ?? Number.NaN;
      const end = marks.at(-1);
      const drawdown = new Drawdown(CAPITAL, start);
      for (const { time, equity } of marks) drawdown.observe(time, equity);

      const gained = totalReturn(CAPITAL, end?.equity ?? Number.NaN);
      const growth = cagr(gained, ((end?.time ?? Number.NaN) - start) / DAY_MS);
      expect((gained ?? Number.NaN) * 100).toBeCloseTo(published(run, 'Return [%]'), 8);
      expect((growth ?? Number.NaN) * 100).toBeCloseTo(published(run, 'CAGR [%]'), 8);
      expect(-drawdown.max * 100).toBeCloseTo(published(run, 'Max. Drawdown [%]'), 8);
      expect(drawdown.longestMs / DAY_MS).toBe(published(run, 'Max. Drawdown Duration'));
    });

    it('agree on trades', () => {
      const trades = rows(run, 'trades.csv');
      const pnls = trades.map((row) => Number(row['PnL']));
      const returns = trades.map((row) => Number(row['ReturnPct']));
      expect(trades).toHaveLength(published(run, '# Trades'));
      expect((winRate(pnls) ?? Number.NaN) * 100).toBeCloseTo(published(run, 'Win Rate [%]'), 8);
      expect(systemQualityNumber(pnls)).toBeCloseTo(published(run, 'SQN'), 8);
      expect((bestTrade(returns) ?? 0) * 100).toBeCloseTo(published(run, 'Best Trade [%]'), 8);
      expect((worstTrade(returns) ?? 0) * 100).toBeCloseTo(published(run, 'Worst Trade [%]'), 8);
    });
  },
);
