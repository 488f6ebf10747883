import type { TimeSpan } from '../../core/time.ts';
import type { BarPage, DataIssue } from '../../ports/bar-store.ts';
import type { Outlier } from '../outliers.ts';
import { readValues, valuesText } from './bar-values.ts';

const RULE = 'outlier';

/** An outlier that is kept out of the series; its values stay readable. */
export function issueOfSetAside(
  page: BarPage,
  at: number,
  { part, move, sigmas }: Outlier,
): DataIssue {
  const [openTime = 0, open = 0, high = 0, low = 0, close = 0, volume = 0] = page.subarray(at);
  const percent = (move * 100).toFixed(2);
  const far = `${part} ${percent} % from the previous close, ${Math.abs(sigmas).toFixed(1)} sigma`;
  const detail = `${far}; ${valuesText({ open, high, low, close, volume })}`;
  return { openTime, rule: RULE, detail, quarantined: true };
}

/** The outliers of a span that were set aside, each as a row of a page. */
export function setAsideBars(issues: readonly DataIssue[], { from, to }: TimeSpan): Float64Array[] {
  return issues.flatMap(({ openTime, rule, detail, quarantined }) => {
    if (rule !== RULE || !quarantined) return [];
    if (openTime === null || openTime < from || openTime >= to) return [];
    const bar = readValues(detail);
    if (bar === null) return [];
    return [Float64Array.of(openTime, bar.open, bar.high, bar.low, bar.close, bar.volume, 0)];
  });
}
