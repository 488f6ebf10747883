import { describe, expect, it } from 'vitest';
import { ExchangeError } from '../../../../src/core/errors.ts';
import { HOUR_MS } from '../../../../src/core/time.ts';
import { Retrier } from '../../../../src/data/collect/retrier.ts';
import { holesIn } from '../../../../src/data/repair/holes.ts';
import { Refetcher, type Refetched } from '../../../../src/data/repair/refetcher.ts';
import { RETRY_WAITS } from '../../../../src/data/retry-policy.ts';
import type { BarRow, Series } from '../../../../src/ports/bar-store.ts';
import { START } from '../../../support/bars.ts';
import { KeptLog } from '../../../support/kept-log.ts';
import { ListedSource } from '../../../support/listed-source.ts';
import { ManualClock, ManualTimer } from '../../../support/manual-time.ts';
import { ALL_TIME, gridOf, hourAt, hoursIn, pageOf } from './repair-fixture.ts';
import { NO_BARS } from '../../../support/series.ts';

const HOURS = Array.from({ length: 100 }, (_, hour) => hourAt(hour, 100 + hour));
const HOURLY = gridOf('1h');

const SERIES: Series = { ...NO_BARS, exchange: 'listed' };

const without = (...hours: readonly number[]) => HOURS.filter((_, hour) => !hours.includes(hour));

function venue(bars: readonly BarRow[] = HOURS, pageBars = 300) {
  const clock = new ManualClock(START + 1000 * HOUR_MS);
  const timer = new ManualTimer(clock);
  const source = new ListedSource({ bars, pageBars, clock });
  const retrier = new Retrier({
    policy: { ...RETRY_WAITS, retries: 2 },
    timer,
    clock,
    random: () => 0.5,
    logger: new KeptLog(),
  });
  const refetcher = new Refetcher({ source, retrier });
  const refill = (
    stored: readonly BarRow[],
    changes: Partial<Series> = {},
    signal = new AbortController().signal,
  ) => {
    const series = { ...SERIES, ...changes };
    const holes = [...holesIn([pageOf(stored)], HOURLY, ALL_TIME)];
    const within = ({ from, to }: { from: number; to: number }) => [
      pageOf(stored.filter(({ openTime }) => openTime >= from && openTime < to)),
    ];
    return refetcher.refill({ series, grid: HOURLY, holes, stored: within }, signal);
  };
  return { source, timer, refill };
}

const found = ({ fillings }: Refetched) => fillings.map(({ bars }) => hoursIn(bars));
const left = ({ fillings }: Refetched) => fillings.map((filling) => filling.left);
/** Hours from and to of every request. */
const asked = ({ source }: ReturnType<typeof venue>) =>
  source.asked.map(({ from, to }) => [(from - START) / HOUR_MS, (to - START) / HOUR_MS]);

describe('Refetcher', () => {
  it('fills what is missing with what the venue has, and nothing else', async () => {
    const result = await venue().refill(without(3, 4, 9));
    expect(found(result)).toEqual([['3 103', '4 104'], ['9 109']]);
    expect(left(result)).toEqual([null, null]);
  });

  it('invents nothing where the venue has no bars either', async () => {
    const result = await venue(without(4)).refill(without(3, 4, 9));
    expect(found(result)).toEqual([['3 103'], ['9 109']]);
    expect(left(result)).toEqual(['listed has no bars there either', null]);
  });

  it('asks for holes that one page holds together, and for far ones apart', async () => {
    const wide = venue(HOURS, 10);
    await wide.refill(without(3, 9, 50));
    // Each with the stored bar after it.
    expect(asked(wide)).toEqual([
      [3, 11],
      [50, 52],
    ]);
  });

  it('asks page by page for a hole that no page holds', async () => {
    const narrow = venue(HOURS, 2);
    const result = await narrow.refill(without(3, 4, 5, 6, 7));
    expect(found(result)[0]).toHaveLength(5);
    expect(asked(narrow)[0]).toEqual([3, 9]);
    expect(asked(narrow).length).toBeGreaterThan(2);
  });

  it('sets aside what is no bar', async () => {
    const broken = HOURS.with(3, hourAt(3, 103, { low: 500 })).with(4, hourAt(4, Number.NaN));
    const result = await venue(broken).refill(without(3, 4, 5));
    expect(found(result)).toEqual([['5 105']]);
    expect(result.setAside).toBe(2);
  });

  it('tries again where a fault may pass, and gives up where it does not', async () => {
    const { source, timer, refill } = venue();
    const down = new ExchangeError('listed: down', { kind: 'unavailable' });
    source.faults.push(down, down);
    expect(found(await refill(without(3)))).toEqual([['3 103']]);
    expect(timer.waits).toHaveLength(2);
    source.faults.push(down, down, down);
    await expect(refill(without(3))).rejects.toThrow(/^listed: down; gave up after 3 tries$/);
  });

  it('refuses a page that leads nowhere', async () => {
    const { source, refill } = venue();
    const stuck = { bars: [], completeTo: START };
    source.faults.push(stuck, stuck, stuck);
    await expect(refill(without(3))).rejects.toThrow(/bars from 2024-01-01T03:00:00Z on were/);
  });

  it('mixes no restated prices into an adjusted series', async () => {
    const restated = HOURS.map((bar) => hourAt((bar.openTime - START) / HOUR_MS, bar.close / 2));
    const result = await venue(restated).refill(without(3), { adjustment: 'all' });
    expect(found(result)).toEqual([[]]);
    expect(left(result)[0]).toMatch(/^listed has restated the past since: /);
    const raw = await venue(restated).refill(without(3));
    expect(found(raw), 'what was traded is not restated').toEqual([['3 51.5']]);
  });

  it('asks nobody for a timeframe that the venue does not serve', async () => {
    const none = venue();
    const result = await none.refill(without(3), { timeframe: '4h' });
    expect([left(result), none.source.asked]).toEqual([['listed serves no 4h bars'], []]);
  });

  it('stops when the signal aborts', async () => {
    const stopped = AbortSignal.abort();
    const { source, refill } = venue();
    await expect(refill(without(3), {}, stopped)).rejects.toThrow(/abort/i);
    expect(source.asked).toEqual([]);
  });
});
