import type { ListedBatch, RepairReport, SeriesRepair } from '../../app/run-repair.ts';
import { formatTime, type EpochMs } from '../../core/time.ts';
import { count, minute, plural } from './number-format.ts';
import { renderTable } from './table.ts';

/** Gaps shown of those that stay. */
const EXAMPLES = 3;

/** What a repair did, or would do: a line a series, then what stays and why. */
export function renderRepair({ isDryRun, series }: RepairReport): string {
  const concerned = series.filter(({ found, notes }) => found > 0 || notes.length > 0);
  if (concerned.length === 0) {
    return `nothing to repair in ${count(series.length)} series\n`;
  }
  const table = renderTable({
    head: ['Series', 'Method', 'Gaps', 'Bars', isDryRun ? 'To make' : 'Made', 'Left', 'Batch'],
    align: ['left', 'left', 'right', 'right', 'right', 'right', 'right'],
    rows: concerned.map((each) => [
      nameOf(each),
      each.method,
      each.gaps === null ? '' : count(each.gaps),
      count(each.found),
      count(each.made),
      count(each.found - each.made),
      each.batch === null ? '' : String(each.batch),
    ]),
  });
  return [table, ...concerned.flatMap(remarks), ending({ isDryRun, series })].join('');
}

export function renderUndone(batch: ListedBatch): string {
  return (
    `undone: repair ${batch.id} of ${nameOf(batch)} by ${batch.method}, ` +
    `${plural(batch.bars, 'bar')} as before it\n`
  );
}

export function renderBatches(batches: readonly ListedBatch[]): string {
  if (batches.length === 0) return 'nothing was repaired yet\n';
  return renderTable({
    head: ['Batch', 'Series', 'Method', 'Bars', 'Made of', 'Repaired', 'Undone'],
    align: ['right', 'left', 'left', 'right', 'left', 'left', 'left'],
    rows: batches.map((batch) => [
      String(batch.id),
      nameOf(batch),
      batch.method,
      count(batch.bars),
      batch.source,
      at(batch.at),
      batch.undoneAt === null ? '' : at(batch.undoneAt),
    ]),
  });
}

function remarks(repair: SeriesRepair): readonly string[] {
  const name = nameOf(repair);
  return [
    ...repair.left.map(({ reason, bars, gaps, examples }) => {
      const shown = examples
        .slice(0, EXAMPLES)
        .map(({ from, missing }) => `${at(from)} +${missing}`);
      const more = gaps > EXAMPLES ? ', …' : '';
      const where = `${shown.join(', ')}${more}`;
      return `${name}: ${plural(bars, 'bar')} of ${plural(gaps, 'gap')} left (${where}): ${reason}\n`;
    }),
    ...repair.notes.map((note) => `${name}: ${note}\n`),
  ];
}

function ending({ isDryRun, series }: RepairReport): string {
  if (isDryRun) return 'nothing was changed: without --dry-run it would be\n';
  const batches = series.flatMap(({ batch }) => batch ?? []);
  if (batches.length === 0) return 'nothing was changed\n';
  return batches.map((batch) => `undo with: quantsage data repair --undo ${batch}\n`).join('');
}

type Named = Pick<SeriesRepair, 'exchange' | 'symbol' | 'timeframe' | 'adjustment'>;

function nameOf({ exchange, symbol, timeframe, adjustment }: Named): string {
  const name = `${exchange} ${symbol} ${timeframe}`;
  return adjustment === 'raw' ? name : `${name} ${adjustment}`;
}

function at(time: EpochMs): string {
  return minute(formatTime(time));
}
