import { describe, expect, it } from 'vitest';
import type { BacktestReport } from '../../../../src/app/run-backtest.ts';
import { costSection } from '../../../../src/cli/render/cost-table.ts';

const COSTS = { gross: 1234.5, spread: 100, impact: 20, fees: 300.25, financing: 0, net: 814.25 };

const period = (origin: string, maker = 0.0025, taker = 0.004) => ({
  from: '2024-01-01T00:00:00Z',
  maker,
  taker,
  origin,
});

/** Lines below the heading, with one space between label and value. */
function linesOf(report: Partial<BacktestReport>): readonly string[] {
  const rest = {
    metrics: { total_fees: 1, total_slippage: 2 },
    costs: COSTS,
    interest: 0,
    fees: {},
  };
  const text = costSection({ ...rest, ...report } as BacktestReport);
  const [title, ...lines] = text.trimEnd().split('\n');
  expect(title).toBe('Costs');
  return lines.map((line) => line.trim().replaceAll(/ {2,}/g, ' '));
}

describe('the costs of a run', () => {
  it('lead from gross to net', () => {
    expect(linesOf({})).toEqual([
      'Gross PnL, before costs 1,234.50',
      'Spread 100.00',
      'Impact 20.00',
      'Fees 300.25',
      'Financing 0.00',
      'Net PnL 814.25',
    ]);
  });

  it('end with the interest of the account, where it owed cash', () => {
    expect(linesOf({ interest: 138.5 }).slice(-2)).toEqual([
      'Net PnL 814.25',
      'Interest on cash owed 138.50',
    ]);
    expect(linesOf({ interest: 0 })).toEqual(linesOf({ interest: null }));
  });

  it('are those of the metrics in a record that attributed none', () => {
    expect(linesOf({ costs: null })).toEqual(['Fees 1.00', 'Slippage 2.00']);
  });

  it.each([
    ['exchange_setting', 'set for the exchange'],
    ['collected', 'as collected'],
    ['asset_class_setting', 'set for the asset class'],
    ['venue_default', 'usual at the exchange'],
    ['general_default', 'assumed'],
  ])('name the rates and that they are %s', (origin, said) => {
    const fees = { 'BTC/USD': [period(origin)], 'ETH/USD': [period(origin)] };
    expect(linesOf({ fees }).slice(-2)).toEqual([
      'Maker / taker rate 0.25 % / 0.4 %',
      `Rates are ${said}`,
    ]);
  });

  it('keep the last digit of small rates', () => {
    const fees = { 'BTC/USD': [period('collected', -0.00002, 0.000075)] };
    expect(linesOf({ fees })).toContain('Maker / taker rate -0.002 % / 0.0075 %');
  });

  it('leave rates that differ to the machine-readable report', () => {
    const fees = { 'BTC/USD': [period('collected')], 'ETH/USD': [period('collected', 0)] };
    expect(linesOf({ fees }).at(-1)).toBe('Maker / taker rate several, see --json');
  });

  it('name no rates where the commission has none', () => {
    expect(linesOf({ fees: { AAPL: [period('commission_model', 0, 0)] } })).toHaveLength(6);
  });
});
