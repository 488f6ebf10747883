import { formatTime } from '../core/time.ts';
import { csvLines } from './csv.ts';
import type { CsvColumns } from './csv.ts';
import type { EquityColumns } from './equity-curve.ts';

/** `equity.csv`: one sampled mark a row, money in quote currency, drawdown as a fraction. */
export function equityCsv(curve: EquityColumns): Iterable<string> {
  const columns: CsvColumns<number> = {
    timestamp: (row) => formatTime(curve.time[row] ?? 0),
    equity: (row) => curve.equity[row] ?? null,
    cash: (row) => curve.cash[row] ?? null,
    exposure: (row) => curve.exposure[row] ?? null,
    drawdown: (row) => curve.drawdown[row] ?? null,
  };
  return csvLines(columns, curve.time.keys());
}
