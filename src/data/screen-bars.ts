import { BAR_FLAGS } from '../core/bar.ts';
import type { Adjustment, AssetClass } from '../core/instrument.ts';
import type { Timeframe } from '../core/time.ts';
import { calendarFor, tradingCalendar, type CalendarId } from '../core/trading-calendar.ts';
import type { DataIssue } from '../ports/bar-store.ts';
import { BAR_STRIDE } from '../ports/bar-store.ts';
import { issueOfOutlier, type JudgedOutlier } from './bad-prints.ts';
import { BarScreen } from './bar-screen.ts';
import type { BarTable } from './bar-table.ts';
import { gapBetween, issueOfGap, type Gap } from './continuity.ts';
import type { OutlierMeasure } from './outliers.ts';
import { issueOfSplit, type Split } from './splits.ts';

/** `keep` flags an outlier and leaves it in: stops must see the crash they exist for. */
export type OutlierPolicy = 'keep' | 'quarantine';

interface ScreenOptions {
  readonly timeframe: Timeframe;
  readonly assetClass: AssetClass;
  /** Raw when absent. */
  readonly adjustment?: Adjustment;
  /** The usual one of the asset class when absent. */
  readonly calendar?: CalendarId;
  readonly outliers: OutlierPolicy;
  /** Five sigma over a hundred bars when absent. */
  readonly outlierMeasure?: OutlierMeasure;
}

export interface Screened {
  readonly table: BarTable;
  readonly issues: readonly DataIssue[];
  /** Bad prints and large moves. */
  readonly outliers: number;
  readonly badPrints: number;
  readonly splits: number;
  readonly gaps: number;
  /** Bars missing in all gaps. */
  readonly missing: number;
}

/** Flags outliers, lists splits and gaps of sound bars in ascending order. Changes flags in place. */
export function screenBars(table: BarTable, options: ScreenOptions): Screened {
  const { indexes, judged, splits } = flagOutliers(table, options);
  const isQuarantined = options.outliers === 'quarantine';
  const kept = isQuarantined ? table.without(indexes) : table;
  const gaps = gapsOf(kept, options);
  return {
    table: kept,
    issues: [
      ...judged.map((outlier) => issueOfOutlier(outlier, isQuarantined)),
      ...splits.map(issueOfSplit),
      ...gaps.map(issueOfGap),
    ],
    outliers: judged.length,
    badPrints: judged.filter(({ kind }) => kind === 'bad-print').length,
    splits: splits.length,
    gaps: gaps.length,
    missing: gaps.reduce((sum, gap) => sum + gap.missing, 0),
  };
}

function gapsOf(
  table: BarTable,
  { timeframe, assetClass, calendar }: ScreenOptions,
): readonly Gap[] {
  const continuity = { timeframe, calendar: tradingCalendar(calendar ?? calendarFor(assetClass)) };
  const gaps: Gap[] = [];
  for (let index = 1; index < table.size; index += 1) {
    const [previous, next] = [table.openTimeAt(index - 1), table.openTimeAt(index)];
    const gap = gapBetween(previous, next, continuity);
    if (gap !== null) gaps.push(gap);
  }
  return gaps;
}

interface Findings {
  /** Of outliers. */
  readonly indexes: ReadonlySet<number>;
  readonly judged: readonly JudgedOutlier[];
  readonly splits: readonly Split[];
}

function flagOutliers(table: BarTable, options: ScreenOptions): Findings {
  const screen = new BarScreen({ adjustment: 'raw', ...options });
  const indexes = new Set<number>();
  const judged: JudgedOutlier[] = [];
  const splits: Split[] = [];
  const { page } = table;
  for (let index = 0; index < table.size; index += 1) {
    screen.next(page, index * BAR_STRIDE);
    if (screen.split !== null) splits.push(screen.split);
    if (screen.judged !== null) judged.push(screen.judged);
    if (screen.outlier === null) continue;
    table.addFlags(index, BAR_FLAGS.outlier);
    indexes.add(index);
  }
  const last = screen.finish();
  return { indexes, judged: last === null ? judged : [...judged, last], splits };
}
