import { BarAggregator, type BarValues, type BuiltBar } from '../../../src/core/bar-aggregator.ts';
import { bucketGrid, type SessionDays } from '../../../src/core/bucket-grid.ts';
import { DAY_MS, timeframeMs, type EpochMs, type Timeframe } from '../../../src/core/time.ts';

export interface Building {
  readonly base: Timeframe;
  readonly target: Timeframe;
  readonly calendar?: SessionDays;
}

export const ALWAYS: SessionDays = { id: 'always', sessionOn: () => null };

/** A bar over a stream of bars; `onBar` is told what was delivered by each. */
export function aggregator(
  { base, target, calendar = ALWAYS }: Building,
  deliver: (bar: BuiltBar) => void,
): BarAggregator {
  const grid = bucketGrid(base, target, calendar);
  return new BarAggregator({ grid, baseMs: timeframeMs(base), deliver });
}

/** Everything that is delivered while the bars come in. */
export function built(building: Building, bars: readonly BarValues[]): readonly BuiltBar[] {
  const delivered: BuiltBar[] = [];
  const target = aggregator(building, (bar) => delivered.push(bar));
  for (const bar of bars) target.add(bar);
  return delivered;
}

/** What came out, bar by bar that went in. */
export function deliveries(building: Building, bars: readonly BarValues[]): readonly EpochMs[][] {
  let now: EpochMs[] = [];
  const target = aggregator(building, ({ openTime }) => now.push(openTime));
  return bars.map((bar) => {
    now = [];
    target.add(bar);
    return now;
  });
}

/** `[open time, open, high, low, close, volume]` in one line. */
export function bar(time: string, values: readonly number[], flags = 0): BarValues {
  const [open = NaN, high = NaN, low = NaN, close = NaN, volume = NaN] = values;
  return { openTime: Date.parse(time), open, high, low, close, volume, flags };
}

export function line({ openTime, open, high, low, close, volume }: BarValues): string {
  return [iso(openTime), open, high, low, close, volume].join(' ');
}

export function iso(time: EpochMs): string {
  return new Date(time).toISOString().replace(':00.000Z', 'Z');
}

/** Start of the stretch that holds the instant, without the code under test: days are counted. */
function plainStart(time: EpochMs, target: Timeframe): EpochMs {
  const date = new Date(time);
  const day = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
  if (target === '1w') {
    // Sunday is 0: six days after Monday.
    return day - ((date.getUTCDay() + 6) % 7) * DAY_MS;
  }
  if (target === '1d') return day;
  const minutes = date.getUTCHours() * 60 + date.getUTCMinutes();
  const step = timeframeMs(target) / 60_000;
  return day + Math.floor(minutes / step) * step * 60_000;
}

/** The same bars by grouping all of them at once: whole ones only, as the definition says. */
export function plainlyBuilt({ base, target }: Building, bars: readonly BarValues[]): BuiltBar[] {
  const groups = new Map<EpochMs, BarValues[]>();
  for (const each of bars) {
    const start = plainStart(each.openTime, target);
    groups.set(start, [...(groups.get(start) ?? []), each]);
  }
  const begins = bars[0]?.openTime ?? 0;
  const ends = (bars.at(-1)?.openTime ?? 0) + timeframeMs(base);
  return [...groups]
    .map(([openTime, members]) => ({
      openTime,
      closeTime: openTime + timeframeMs(target),
      open: members[0]?.open ?? NaN,
      high: Math.max(...members.map(({ high }) => high)),
      low: Math.min(...members.map(({ low }) => low)),
      close: members.at(-1)?.close ?? NaN,
      volume: members.map(({ volume }) => volume).reduce((sum, each) => sum + each),
      flags: members.map(({ flags }) => flags).reduce((all, each) => all | each),
    }))
    .filter(({ openTime, closeTime }) => begins <= openTime && closeTime <= ends);
}
