import { formatTime, type EpochMs } from '../../core/time.ts';
import { FIELDS, type Alteration, type BarField, type Future } from './altered-bars.ts';
import { indexFrom, openTimes } from './prepared-market.ts';
import type { TrialSeries } from './trial.ts';

interface LeakSearch {
  readonly series: readonly TrialSeries[];
  /** The bar whose decision rests on later ones. */
  readonly decidedOn: EpochMs;
  readonly future: Future;
  /** Whether the decision changes with these bars. */
  readonly changes: (alteration: Alteration) => Promise<boolean>;
}

/**
 * The earliest later bar, and the field of it, whose change alone changes a decision, e.g. `close
 * of BTC/USD 2024-01-01T00:00:00Z`. Less precise where it takes several together.
 */
export async function findLeakedInput(search: LeakSearch): Promise<string> {
  const { series, decidedOn, future, changes } = search;
  const whole = { future, decidedOn, symbol: null, field: null };
  const times = laterTimes(series, decidedOn);
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const until = times[middle] ?? Infinity;
    if (await changes({ ...whole, after: decidedOn, until })) high = middle;
    else low = middle + 1;
  }
  const bar = times[low] ?? decidedOn;
  const alone = { ...whole, after: bar - 1, until: bar };
  for (const { symbol } of series.map((each) => each.series)) {
    if (series.length > 1 && !(await changes({ ...alone, symbol }))) continue;
    const fields = await changingFields((field) => changes({ ...alone, symbol, field }));
    const what = fields.length === 0 ? 'several fields' : fields.join(' or ');
    return `${what} of ${symbol} ${formatTime(bar)}`;
  }
  return `bars from ${formatTime(times[0] ?? bar)} to ${formatTime(bar)}`;
}

/** Those whose change alone is enough. */
async function changingFields(
  changes: (field: BarField) => Promise<boolean>,
): Promise<readonly BarField[]> {
  const changing = await Promise.all(FIELDS.map(async (field) => changes(field)));
  return FIELDS.filter((_, index) => changing[index] === true);
}

function laterTimes(series: readonly TrialSeries[], time: EpochMs): readonly EpochMs[] {
  const later = series.flatMap(({ rows }) => openTimes(rows).slice(indexFrom(rows, time + 1)));
  return [...new Set(later)].toSorted((one, other) => one - other);
}
