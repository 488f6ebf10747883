import { BAR_FLAGS } from '../core/bar.ts';
import type { AssetClass } from '../core/instrument.ts';
import type { Timeframe } from '../core/time.ts';
import type { DataIssue } from '../ports/bar-store.ts';
import { BAR_STRIDE } from '../ports/bar-store.ts';
import type { BarTable } from './bar-table.ts';
import { gapBetween, issueOfGap } from './continuity.ts';
import type { Outlier, OutlierMeasure } from './outliers.ts';
import { OutlierDetector } from './outliers.ts';

/** `keep` flags an outlier and leaves it in: stops must see the crash they exist for. */
export type OutlierPolicy = 'keep' | 'quarantine';

interface ScreenOptions {
  readonly timeframe: Timeframe;
  readonly assetClass: AssetClass;
  readonly outliers: OutlierPolicy;
  /** Five sigma over a hundred bars when absent. */
  readonly outlierMeasure?: OutlierMeasure;
}

export interface Screened {
  readonly table: BarTable;
  readonly issues: readonly DataIssue[];
  readonly outliers: number;
  readonly gaps: number;
  /** Bars missing in all gaps whose size is known. */
  readonly missing: number;
}

/** Flags outliers and lists gaps of sound bars in ascending order. Changes flags in place. */
export function screenBars(table: BarTable, options: ScreenOptions): Screened {
  const outliers = flagOutliers(table, options);
  const kept = options.outliers === 'keep' ? table : table.without(outliers.indexes);
  const gaps: DataIssue[] = [];
  let missing = 0;
  for (let index = 1; index < kept.size; index += 1) {
    const [previous, next] = [kept.openTimeAt(index - 1), kept.openTimeAt(index)];
    const gap = gapBetween(previous, next, options.timeframe, options.assetClass);
    if (gap === null) continue;
    gaps.push(issueOfGap(gap));
    missing += gap.missing ?? 0;
  }
  return {
    table: kept,
    issues: [...outliers.issues, ...gaps],
    outliers: outliers.issues.length,
    gaps: gaps.length,
    missing,
  };
}

interface FlaggedOutliers {
  readonly indexes: ReadonlySet<number>;
  readonly issues: readonly DataIssue[];
}

function flagOutliers(
  table: BarTable,
  { outliers, outlierMeasure }: ScreenOptions,
): FlaggedOutliers {
  const detector = new OutlierDetector(outlierMeasure);
  const indexes = new Set<number>();
  const issues: DataIssue[] = [];
  const { page } = table;
  for (let index = 0; index < table.size; index += 1) {
    const at = index * BAR_STRIDE;
    const found = detector.next(page[at + 2] ?? 0, page[at + 3] ?? 0, page[at + 4] ?? 0);
    if (found === null) continue;
    table.addFlags(index, BAR_FLAGS.outlier);
    indexes.add(index);
    issues.push({
      openTime: table.openTimeAt(index),
      rule: 'outlier',
      detail: describe(found),
      quarantined: outliers === 'quarantine',
    });
  }
  return { indexes, issues };
}

function describe({ part, move, sigmas }: Outlier): string {
  const percent = (move * 100).toFixed(2);
  return `${part} ${percent} % from the previous close, ${Math.abs(sigmas).toFixed(1)} sigma`;
}
