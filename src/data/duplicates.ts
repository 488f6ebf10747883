import { formatTime } from '../core/time.ts';
import type { RowNoun } from '../ports/bar-file.ts';
import type { BarPage, DataIssue } from '../ports/bar-store.ts';
import { BAR_STRIDE } from '../ports/bar-store.ts';
import type { BadRow } from './bad-row.ts';
import type { BarTable } from './bar-table.ts';

const VOLUME = 5;
/** Volume first, so that of two differing bars the one that traded more is the fuller. */
const COMPARED_OFFSETS = [VOLUME, 2, 3, 4, 1] as const;

export interface Deduplicated {
  /** One bar per open time. */
  readonly table: BarTable;
  /** One per repeated row with equal values: nothing was lost. */
  readonly repeats: readonly DataIssue[];
  /** One per row whose time another row has with other values. */
  readonly conflicts: readonly BadRow[];
}

interface Names {
  readonly source: string;
  readonly timeColumn: string;
  readonly rowNoun: RowNoun;
}

/**
 * Leaves one bar per open time of a table in ascending order. Where values differ the bar with the
 * larger volume stays: an unfinished candle that was fetched twice has traded less. The choice
 * depends on the values alone, so the order of the rows changes nothing.
 */
export function dropDuplicates(table: BarTable, names: Names): Deduplicated {
  const pairs = duplicatesIn(table);
  const dropped = new Set(pairs.map(({ loser }) => loser));
  return {
    table: dropped.size === 0 ? table : table.without(dropped),
    repeats: pairs.filter(({ equal }) => equal).map((pair) => repeatOf(table, pair, names)),
    conflicts: pairs.filter(({ equal }) => !equal).map((pair) => conflictOf(table, pair, names)),
  };
}

/** Two bars of one open time, by their indexes. */
interface Pair {
  readonly loser: number;
  /** The one to keep. */
  readonly winner: number;
  /** The values are the same, so nothing is lost. */
  readonly equal: boolean;
}

/** All bars that give way to another one of the same open time, of a table in ascending order. */
export function duplicatesIn(table: BarTable): readonly Pair[] {
  const pairs: Pair[] = [];
  const { page } = table;
  let kept = 0;
  for (let index = 1; index < table.size; index += 1) {
    if (table.openTimeAt(index) !== table.openTimeAt(kept)) {
      kept = index;
      continue;
    }
    const difference = compareBars(page, kept, index);
    const loser = difference < 0 ? kept : index;
    const winner = difference < 0 ? index : kept;
    kept = winner;
    pairs.push({ loser, winner, equal: difference === 0 });
  }
  return pairs;
}

/** Positive when the first bar is the fuller one, 0 when the two have equal values. */
function compareBars(page: BarPage, first: number, second: number): number {
  for (const offset of COMPARED_OFFSETS) {
    const difference =
      (page[first * BAR_STRIDE + offset] ?? 0) - (page[second * BAR_STRIDE + offset] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function repeatOf(table: BarTable, { loser, winner }: Pair, names: Names): DataIssue {
  const { source, rowNoun } = names;
  return {
    openTime: table.openTimeAt(loser),
    rule: 'repeated-row',
    detail: `${source}:${table.lineAt(loser)}: same values as ${rowNoun} ${table.lineAt(winner)}`,
    quarantined: false,
  };
}

/** Blames the later line, as a reader of the file would, and tells which of the two is worth keeping. */
function conflictOf(table: BarTable, { loser, winner }: Pair, names: Names): BadRow {
  const { timeColumn, rowNoun } = names;
  const openTime = table.openTimeAt(loser);
  const [loserLine, winnerLine] = [table.lineAt(loser), table.lineAt(winner)];
  return {
    line: Math.max(loserLine, winnerLine),
    column: timeColumn,
    value: formatTime(openTime),
    rule: 'duplicate-time',
    expected:
      `a time that ${rowNoun} ${Math.min(loserLine, winnerLine)} does not have with other values ` +
      `(${rowNoun} ${winnerLine} is the fuller of the two)`,
    openTime,
  };
}
