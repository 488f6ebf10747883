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
    lengthOf(each),
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
  const notes = series.flatMap((each) =>
    each.notes.map((note) => `note: ${each.symbol} ${lengthOf(each)}: ${note}\n`),
  );
  return renderTable({ head: HEAD, align: ALIGN, rows }) + notes.join('');
}

/** Where the user said the candles come from and go to; left out where the defaults do. */
interface Whereabouts {
  readonly exchange?: string;
  readonly db?: string;
}

/** What to do with candles that are all new; empty where a run brought others up to date. */
export function nextStep(
  series: readonly CollectedSeries[],
  { exchange, db }: Whereabouts,
): string {
  const isFirst = series.every(({ inserted, unchanged }) => inserted > 0 && unchanged === 0);
  const [first] = series;
  if (!isFirst || first === undefined) return '';
  const { timeframe, adjustment } = first;
  const symbols = [...new Set(series.map(({ symbol }) => symbol))].join(',');
  const at = exchange === undefined ? '' : ` --exchange ${exchange}`;
  const prices = adjustment === 'raw' ? '' : ` --set data.adjustment=${adjustment}`;
  const within = db === undefined ? '' : ` --db ${db}`;
  return (
    `next: quantsage data verify${within}\n` +
    '      quantsage backtest --strategy mean_reversion_crypto ' +
    `--symbols ${symbols} --timeframe ${timeframe}${at}${prices}${within}\n`
  );
}

function lengthOf({ timeframe, adjustment }: CollectedSeries): string {
  return adjustment === 'raw' ? timeframe : `${timeframe} ${adjustment}`;
}
