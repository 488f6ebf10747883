import type { BacktestReport } from '../../app/run-backtest.ts';
import { costSection } from './cost-table.ts';
import { fillsSection } from './fills-table.ts';
import { count, days, minute, money, percent, ratio, span } from './number-format.ts';
import { section, type Row } from './section.ts';
import { renderTable } from './table.ts';

/** The result of a backtest for people: one screen, the same numbers as `--json`. */
export function renderBacktest(report: BacktestReport): string {
  return [
    heading(report),
    section('Run', runRows(report)),
    section('Return', returnRows(report)),
    section('Risk', riskRows(report)),
    section('Trades', tradeRows(report)),
    costSection(report),
    fillsSection(report),
    symbolTable(report),
    strategyTable(report),
    decisionSection(report),
    section('Data', dataRows(report)),
    section('Proof', proofRows(report)),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** Said beside the result of a run that Ctrl-C ended. */
export const INTERRUPTED = 'interrupted: the result covers the bars up to there\n';

function heading(report: BacktestReport) {
  const { strategy, symbols, timeframe, exchange, synthetic_data, labels, halted } = report;
  const notes = [
    ...(synthetic_data
      ? ['SYNTHETIC DATA: prices are made up by "data sample", results say nothing about a market']
      : []),
    ...labels,
    ...(halted === null
      ? []
      : [
          `HALTED ${minute(halted.at)} (${halted.check}), no entries from there on: ` +
            halted.message,
        ]),
  ];
  const title = `Backtest of ${strategy} on ${symbols.join(', ')} ${timeframe} (${exchange})`;
  return [title, ...notes.map((note) => `! ${note}`), ''].join('\n');
}

function runRows(report: BacktestReport): readonly Row[] {
  const { start, end, trading_starts, bars, bars_per_second } = report;
  return [
    ['Start', minute(start)],
    ['End', minute(end)],
    ['Duration', span(Date.parse(start), Date.parse(end))],
    ...(trading_starts === start ? [] : [['Decides from', firstDecision(trading_starts)] as const]),
    ['Bars', count(bars)],
    ['Speed', bars_per_second === null ? 'n/a' : `${count(bars_per_second)} bars/s`],
  ];
}

/** Said where it is not the start: the first bars warm the indicators up. */
function firstDecision(time: string | null): string {
  return time === null ? 'never' : minute(time);
}

function returnRows({ metrics, initial_capital, final_equity }: BacktestReport): readonly Row[] {
  return [
    ['Initial capital', money(initial_capital)],
    ['Final equity', money(final_equity)],
    ['Total return', percent(metrics.total_return)],
    ['Buy & hold return', percent(metrics.buy_and_hold_return)],
    ['CAGR', percent(metrics.cagr)],
    ['Exposure', percent(metrics.exposure)],
    ['Turnover', ratio(metrics.turnover)],
  ];
}

function riskRows({ metrics, annualization }: BacktestReport): readonly Row[] {
  const yearly = `(√${annualization})`;
  return [
    [`Volatility ${yearly}`, percent(metrics.annual_volatility)],
    [`Sharpe ratio ${yearly}`, ratio(metrics.sharpe_ratio)],
    [`Sortino ratio ${yearly}`, ratio(metrics.sortino_ratio)],
    ['Calmar ratio', ratio(metrics.calmar_ratio)],
    ['Max. drawdown', percent(metrics.max_drawdown)],
    ['Max. drawdown duration', days(metrics.max_drawdown_duration_days)],
    ['Ulcer index', percent(metrics.ulcer_index)],
    ['VaR 95 % (day)', percent(metrics.var_95)],
    ['CVaR 95 % (day)', percent(metrics.cvar_95)],
  ];
}

function tradeRows({ metrics, open_positions }: BacktestReport): readonly Row[] {
  return [
    ['Trades', count(metrics.total_trades ?? 0)],
    ['Win rate', percent(metrics.win_rate)],
    ['Profit factor', ratio(metrics.profit_factor)],
    ['Expectancy', money(metrics.expectancy)],
    ['Average win', money(metrics.avg_win)],
    ['Average loss', money(metrics.avg_loss)],
    ['Best trade', percent(metrics.best_trade)],
    ['Worst trade', percent(metrics.worst_trade)],
    ['SQN', ratio(metrics.sqn)],
    ...(open_positions === 0 ? [] : [['Open positions', count(open_positions)] as const]),
  ];
}

function symbolTable({ per_symbol }: BacktestReport): string {
  const rows = Object.entries(per_symbol).map(([symbol, result]) => [
    symbol,
    count(result.trades),
    percent(result.win_rate),
    money(result.gross_pnl),
    money(result.fees),
    money(result.slippage),
    money(result.net_pnl),
    percent(result.buy_and_hold_return),
  ]);
  return `By symbol\n${renderTable({
    head: ['Symbol', 'Trades', 'Win rate', 'Gross', 'Fees', 'Slippage', 'Net', 'Buy & hold'],
    align: ['left', 'right', 'right', 'right', 'right', 'right', 'right', 'right'],
    rows,
    indent: 2,
  })}`;
}

/** Where several share the account; of one alone the whole report speaks. */
function strategyTable({ per_strategy }: BacktestReport): string {
  const results = Object.entries(per_strategy);
  if (results.length < 2) return '';
  const rows = results.map(([strategy, result]) => [
    strategy,
    count(result.trades),
    percent(result.win_rate),
    money(result.gross_pnl),
    money(result.fees),
    money(result.net_pnl),
    money(result.open_pnl),
    percent(result.capital_share),
    percent(result.return_on_share),
  ]);
  return `By strategy\n${renderTable({
    head: ['Strategy', 'Trades', 'Win rate', 'Gross', 'Fees', 'Net', 'Open', 'Share', 'Return'],
    align: ['left', ...Array.from({ length: 8 }, () => 'right' as const)],
    rows,
    indent: 2,
  })}`;
}

/** What became of signals and orders: the first place to look when it did not trade. */
function decisionSection({ signals, risk, limited_protections }: BacktestReport): string {
  return section('Decisions', [
    ['Signals', count(signals.raised)],
    ...Object.entries(signals.ignored).map(
      ([reason, times]) => [`  ignored: ${reason}`, count(times)] as const,
    ),
    ['Orders approved', count(risk.approved)],
    ...Object.entries(risk.refused).map(
      ([check, times]) => [`  refused: ${check}`, count(times)] as const,
    ),
    ...limitedRows(limited_protections),
  ]);
}

/** Where limits stand in for what a strategy wished, its result is not that of its own idea. */
function limitedRows(limited: BacktestReport['limited_protections']): readonly Row[] {
  if (limited === null) return [];
  const rows = [
    ['Stop-losses added by limits', limited.stop_losses_added],
    ['Stop-losses tightened by limits', limited.stop_losses_tightened],
    ['Take-profits added by limits', limited.take_profits_added],
  ] as const;
  return rows.filter(([, times]) => times > 0).map(([label, times]) => [label, count(times)]);
}

function dataRows({ data_quality, data_fingerprint }: BacktestReport): readonly Row[] {
  const rows = Object.entries(data_quality).map(
    ([name, value]) =>
      [sentenceCase(name), name.includes('pnl') ? money(value) : count(value)] as const,
  );
  return [...rows, ['Fingerprint', data_fingerprint.slice(0, 24)]];
}

function proofRows(report: BacktestReport): readonly Row[] {
  return [
    ['Run', report.run_id],
    ['Result hash', report.result_hash.slice(0, 24)],
    ['Config hash', report.config_hash.slice(0, 24)],
    ['Version', report.version],
  ];
}

function sentenceCase(key: string): string {
  const words = key.replaceAll('_', ' ').replace('pnl', 'PnL');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
