import type { CollectedSeries } from '../../app/collect-report.ts';
import { count, minute } from './number-format.ts';
import { renderTable, type Alignment } from './table.ts';

const HEAD = [
  'Exchange',
  'Symbol',
  'Timeframe',
  'New',
  'Unchanged',
  'Revised',
  'Set aside',
  'Outliers',
  'Gaps',
  'From',
  'To',
  '',
];
const ALIGN: readonly Alignment[] = HEAD.map((_, index) =>
  index >= 3 && index <= 8 ? 'right' : 'left',
);

/** A line a series: what is new, what was found, how far it reaches. */
export function renderCollected(series: readonly CollectedSeries[]): string {
  const rows = series.map((each) => [
    each.exchange,
    each.symbol,
    each.timeframe,
    count(each.inserted),
    count(each.unchanged),
    count(each.revised),
    count(each.quarantined),
    count(each.outliers),
    count(each.gaps),
    each.from === null ? '' : minute(each.from),
    each.to === null ? '' : minute(each.to),
    each.status === 'completed' ? '' : each.status,
  ]);
  const notes = series.flatMap(({ symbol, timeframe, notes }) =>
    notes.map((note) => `note: ${symbol} ${timeframe}: ${note}\n`),
  );
  return renderTable({ head: HEAD, align: ALIGN, rows }) + notes.join('');
}
