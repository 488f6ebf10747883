import type { BacktestReport } from '../../app/run-backtest.ts';
import { money, percent, ratio } from './number-format.ts';
import { renderTable } from './table.ts';

/** The run with better and worse fills beside its own; nothing where that was not asked for. */
export function fillsSection({ fills, metrics }: BacktestReport): string {
  if (fills === null) return '';
  const { optimistic, base, pessimistic, edge_survives } = fills;
  const columns = [optimistic, base, pessimistic];
  const rows = [
    ['Final equity', ...columns.map((each) => money(each.final_equity))],
    ['Total return', ...columns.map((each) => percent(each.total_return))],
    ['Sharpe ratio', ...columns.map((each) => ratio(each.sharpe_ratio))],
    ['Max. drawdown', ...columns.map((each) => percent(each.max_drawdown))],
    ['Profit factor', ...columns.map((each) => ratio(each.profit_factor))],
    ['Net PnL', ...columns.map((each) => money(each.net_pnl))],
    ['Fees', ...columns.map((each) => money(each.fees))],
    ['Slippage', ...columns.map((each) => money(each.slippage))],
  ];
  const table = renderTable({
    head: ['', 'optimistic', 'base', 'pessimistic'],
    align: ['left', 'right', 'right', 'right'],
    rows,
    indent: 2,
  });
  const returns = {
    base: percent(base.total_return),
    pessimistic: percent(pessimistic.total_return),
    held: percent(metrics.buy_and_hold_return),
  };
  return `Fills\n${table}  ${verdict(edge_survives, returns)}\n`;
}

function verdict(
  survives: boolean | null,
  { base, pessimistic, held }: Readonly<Record<'base' | 'pessimistic' | 'held', string>>,
): string {
  const compared = `pessimistic ${pessimistic}, base ${base}, buy & hold ${held}`;
  if (survives === null) return `There is no edge to survive: ${compared}.`;
  return survives
    ? `The edge survives pessimistic fills: ${compared}.`
    : `The edge does not survive pessimistic fills: ${compared}.`;
}
