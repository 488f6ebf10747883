import type { TimeSpan, Timeframe } from '../../core/time.ts';
import { misalignmentMs } from '../../core/time.ts';
import type { SourceBar } from '../../ports/bar-source.ts';
import { BAR_STRIDE, type BarRow, type DataIssue } from '../../ports/bar-store.ts';
import type { BadRowRule } from '../bad-row.ts';
import { brokenRule } from '../bar-rules.ts';
import { BarTable } from '../bar-table.ts';
import { duplicatesIn } from '../duplicates.ts';
import { valuesText } from './bar-values.ts';

export interface CleanPage {
  /** Sound bars of the span, ascending, one per open time. */
  readonly table: BarTable;
  /** One for every bar that was set aside. */
  readonly issues: readonly DataIssue[];
}

interface PageFrame {
  readonly timeframe: Timeframe;
  /** What was asked for; bars beyond it are nobody's business. */
  readonly span: TimeSpan;
}

/**
 * The usable part of a page: in order, each bar once, none that breaks a rule. What is said of a bar
 * depends on the bar alone, never on where the page begins or ends: pages are cut differently when a
 * run is resumed, and the same finding must have the same words.
 */
export function cleanPage(bars: readonly SourceBar[], { timeframe, span }: PageFrame): CleanPage {
  const table = new BarTable();
  const issues: DataIssue[] = [];
  const cells = new Float64Array(BAR_STRIDE);
  for (const bar of bars) {
    if (bar.openTime < span.from || bar.openTime >= span.to) continue;
    cells.set([bar.openTime, bar.open, bar.high, bar.low, bar.close, bar.volume, 0]);
    const issue = timeIssue(bar, timeframe) ?? valueIssue(bar, cells);
    if (issue === null) table.append(cells, 0, 0);
    else issues.push(issue);
  }
  return withoutDuplicates(table.isAscending ? table : table.sorted(), issues);
}

function withoutDuplicates(table: BarTable, issues: readonly DataIssue[]): CleanPage {
  const pairs = duplicatesIn(table);
  if (pairs.length === 0) return { table, issues };
  const rows = [...table.rows()];
  const conflicts = pairs
    .filter(({ equal }) => !equal)
    .flatMap(({ loser, winner }) => conflictIssue(rows[loser], rows[winner]));
  const dropped = new Set(pairs.map(({ loser }) => loser));
  return { table: table.without(dropped), issues: [...issues, ...conflicts] };
}

function timeIssue(bar: SourceBar, timeframe: Timeframe): DataIssue | null {
  const { openTime } = bar;
  if (!Number.isSafeInteger(openTime)) {
    return quarantine(
      null,
      'timestamp',
      `a time was expected, was ${openTime}; ${valuesText(bar)}`,
    );
  }
  if (misalignmentMs(openTime, timeframe) === 0) return null;
  return quarantine(
    openTime,
    'alignment',
    `a time on the grid of ${timeframe} was expected; ${valuesText(bar)}`,
  );
}

function valueIssue(bar: SourceBar, cells: Float64Array): DataIssue | null {
  const broken = brokenRule(cells, 0);
  if (broken === null) return null;
  const what = `${broken.expected} was expected in ${broken.column}`;
  return quarantine(bar.openTime, broken.rule, `${what}; ${valuesText(bar)}`);
}

function conflictIssue(loser: BarRow | undefined, winner: BarRow | undefined): DataIssue[] {
  if (loser === undefined || winner === undefined) return [];
  const detail = `sent twice with other values, the fuller one was kept; ${valuesText(loser)}`;
  return [quarantine(loser.openTime, 'duplicate-time', detail)];
}

function quarantine(openTime: number | null, rule: BadRowRule, detail: string): DataIssue {
  return { openTime, rule, detail, quarantined: true };
}
