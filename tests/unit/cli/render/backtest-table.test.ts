import { describe, expect, it } from 'vitest';
import { renderBacktest } from '../../../../src/cli/render/backtest-table.ts';
import type { BacktestReport } from '../../../../src/app/run-backtest.ts';

const UNDEFINED_METRICS: BacktestReport['metrics'] = {
  total_return: 0,
  cagr: null,
  annual_volatility: null,
  sharpe_ratio: null,
  sortino_ratio: null,
  calmar_ratio: null,
  max_drawdown: null,
  max_drawdown_duration_days: null,
  win_rate: null,
  profit_factor: null,
  expectancy: null,
  avg_win: null,
  avg_loss: null,
  best_trade: null,
  worst_trade: null,
  total_trades: 0,
  exposure: null,
  turnover: null,
  total_fees: 0,
  total_slippage: 0,
  buy_and_hold_return: null,
  ulcer_index: null,
  sqn: null,
  var_95: null,
  cvar_95: null,
};

const FREE = { gross: 0, spread: 0, impact: 0, fees: 0, financing: 0, net: 0 };

/** A run over one day that did nothing. */
const IDLE: BacktestReport = {
  run_id: 'bt-7',
  result_hash: 'a'.repeat(64),
  data_fingerprint: 'b'.repeat(64),
  config_hash: 'c'.repeat(64),
  version: '1.2.3',
  status: 'completed',
  strategy: 'sleeper',
  exchange: 'kraken',
  symbols: ['BTC/USD'],
  informative_symbols: [],
  timeframe: '1h',
  built_from: {},
  start: '2024-01-01T00:00:00Z',
  end: '2024-01-02T12:00:00Z',
  trading_starts: '2024-01-01T00:00:00Z',
  bars: 36,
  bars_per_second: 123_456,
  initial_capital: 100_000,
  final_equity: 100_000,
  annualization: 365,
  metrics: UNDEFINED_METRICS,
  costs: FREE,
  interest: 0,
  fill_scenario: 'base',
  fills: null,
  per_symbol: {
    'BTC/USD': {
      trades: 0,
      win_rate: null,
      gross_pnl: 0,
      fees: 0,
      slippage: 0,
      net_pnl: 0,
      costs: FREE,
      buy_and_hold_return: 0.5,
    },
  },
  per_strategy: {},
  open_positions: 0,
  signals: { raised: 0, ignored: {} },
  risk: { approved: 0, refused: {} },
  limited_protections: null,
  halted: null,
  fees: {},
  data_quality: { missing_bars: 0 },
  synthetic_data: false,
  labels: [],
  trades_file: null,
  equity_file: null,
  report_file: null,
};

/** The value beside a label, without the space between them. */
function valueOf(label: string, change: Partial<BacktestReport>): string | null {
  const lines = renderBacktest({ ...IDLE, ...change }).split('\n');
  const line = lines.find((each) => each.trimStart().startsWith(`${label}  `));
  return line === undefined ? null : line.trimStart().slice(label.length).trim();
}

describe('renderBacktest', () => {
  it('begins with what was run, and with notes only where there is something to note', () => {
    expect(renderBacktest(IDLE)).toMatch(/^Backtest of sleeper on BTC\/USD 1h \(kraken\)\n\nRun\n/);
    const noted = renderBacktest({
      ...IDLE,
      synthetic_data: true,
      labels: ['fills ignore volume'],
    });
    expect(noted.split('\n').slice(1, 4)).toEqual([
      '! SYNTHETIC DATA: prices are made up by "data sample", results say nothing about a market',
      '! fills ignore volume',
      '',
    ]);
  });

  it('says what the risk limits changed of entries, and nothing where they changed nothing', () => {
    const none = { stop_losses_added: 0, stop_losses_tightened: 0, take_profits_added: 0 };
    const limited_protections = { ...none, stop_losses_tightened: 1_234 };
    expect(valueOf('Stop-losses tightened by limits', { limited_protections })).toBe('1,234');
    expect(valueOf('Stop-losses added by limits', { limited_protections })).toBeNull();
    expect(renderBacktest({ ...IDLE, limited_protections: none })).toBe(renderBacktest(IDLE));
  });

  it('says when trading was halted, by what and why', () => {
    const halted = { check: 'drawdown', at: '2024-01-01T05:00:00Z', message: 'it fell' };
    expect(renderBacktest({ ...IDLE, halted })).toContain(
      '\n! HALTED 2024-01-01 05:00 (drawdown), no entries from there on: it fell\n',
    );
  });

  it('writes n/a for what is undefined', () => {
    for (const label of ['CAGR', 'Sharpe ratio (√365)', 'Win rate', 'Profit factor', 'SQN']) {
      expect(valueOf(label, {}), `${label} of an idle run`).toBe('n/a');
    }
    expect(valueOf('Speed', { bars_per_second: null })).toBe('n/a');
  });

  it.each<readonly [string, string | null, Partial<BacktestReport>]>([
    ['Duration', '1.5 days', {}],
    ['Speed', '123,456 bars/s', {}],
    ['First bar', null, {}],
    ['Decides from', '2024-01-01 03:00', { trading_starts: '2024-01-01T03:00:00Z' }],
    ['Decides from', 'never', { trading_starts: null }],
    ['Open positions', null, {}],
    ['Open positions', '2', { open_positions: 2 }],
    ['Missing bars', '12,345', { data_quality: { missing_bars: 12_345 } }],
    [
      'Net PnL on repaired bars',
      '-1,234.50',
      { data_quality: { net_pnl_on_repaired_bars: -1234.5 } },
    ],
    ['Zero volume bars', '3', { data_quality: { zero_volume_bars: 3 } }],
    [
      'refused: correlated-group',
      '4',
      { risk: { approved: 9, refused: { 'correlated-group': 4 } } },
    ],
    ['ignored: no-cash', '5', { signals: { raised: 9, ignored: { 'no-cash': 5 } } }],
    ['Result hash', 'a'.repeat(24), {}],
  ])('shows "%s" as %s', (label, value, change) => {
    expect(valueOf(label, change)).toBe(value);
  });

  it('lists results by symbol', () => {
    expect(renderBacktest(IDLE)).toContain(
      'By symbol\n' +
        '  Symbol   Trades  Win rate  Gross  Fees  Slippage   Net  Buy & hold\n' +
        '  BTC/USD       0       n/a   0.00  0.00      0.00  0.00     50.00 %\n',
    );
  });
});
