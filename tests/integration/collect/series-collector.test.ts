import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataError, ExchangeError } from '../../../src/core/errors.ts';
import type { SourceBar } from '../../../src/ports/bar-source.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { hour, hourly, hours, ListedVenue } from './listed-venue.ts';

/** The same bar at another level of prices. */
function scaled({ open, high, low, close, ...bar }: SourceBar, factor: number): SourceBar {
  const prices = { open: open * factor, high: high * factor, low: low * factor };
  return { ...bar, ...prices, close: close * factor };
}

const DOWN = new ExchangeError('listed is down', { kind: 'unavailable' });

describe('a run of collect', () => {
  it('stores every finished bar and not the one that still forms', async () => {
    const venue = new ListedVenue({ bars: hours(0, 1001), now: 1000 });
    expect(await venue.collect([0, null])).toMatchObject({ inserted: 1000, pages: 4 });
    expect(venue.stored().hours.at(-1)).toBe(999);
  });

  it('leaves a bar out while the grace after its close lasts', async () => {
    const venue = new ListedVenue();
    venue.clock.time = hour(1000) + 4999;
    await venue.collect([0, null]);
    expect(venue.stored().hours.at(-1)).toBe(998);
  });

  it('fetches only what is new the next time, and the last three bars again', async () => {
    const venue = new ListedVenue({ bars: hours(0, 1100), now: 1000 });
    await venue.collect();
    venue.clock.time = hour(1100) + 60_000;
    expect(await venue.collect()).toMatchObject({ inserted: 100, unchanged: 3, pages: 1 });
    expect(venue.source.asked.at(-1)).toEqual({ from: hour(997), to: hour(1100) });
  });

  it('asks for nothing when nothing can be new', async () => {
    const venue = new ListedVenue();
    await venue.collect();
    const before = venue.source.asked.length;
    expect(await venue.collect()).toMatchObject({ pages: 0 });
    expect(venue.source.asked).toHaveLength(before);
  });

  it('back-fills what is missing of a range and nothing else', async () => {
    const venue = new ListedVenue();
    await venue.collect([400, 500]);
    await venue.collect([700, 800]);
    const tally = await venue.collect([300, 900]);
    expect(tally).toMatchObject({ inserted: 400, unchanged: 3 });
    expect(venue.source.asked.slice(2).map(({ from, to }) => [from, to])).toEqual(
      [
        [300, 400],
        [500, 700],
        [797, 900],
      ].map(([from = 0, to = 0]) => [hour(from), hour(to)]),
    );
    expect(venue.stored()).toMatchObject({ covered: [[300, 900]], issues: [] });
  });

  it('stores a bar that changed as a revision and keeps the first values', async () => {
    const venue = new ListedVenue({ bars: hours(0, 1010), now: 1000 });
    await venue.collect();
    venue.source.bars[999] = hourly(999, { volume: 99 });
    venue.clock.time = hour(1010) + 60_000;
    expect(await venue.collect()).toMatchObject({ inserted: 10, unchanged: 2, revised: 1 });
    const [series] = venue.store.series();
    expect(venue.store.revisions(series?.id ?? 0)).toMatchObject([
      { openTime: hour(999), bar: { volume: 99 } },
    ]);
    expect(venue.stored().rows[999]?.slice(5)).toEqual([10 + (999 % 5), 4]);
  });

  it('goes on after a stop where it was stopped', async () => {
    const venue = new ListedVenue();
    await venue.collect([0, null], 2);
    expect(venue.stored().covered).toEqual([[0, 600]]);
    await venue.collect();
    expect(venue.stored().covered).toEqual([[0, 1000]]);
    expect(venue.stored().hours).toHaveLength(1000);
  });
});

describe('coverage near the present', () => {
  it('stays behind a bar that the venue has not published yet', async () => {
    const venue = new ListedVenue({ bars: hours(0, 998), now: 1000 });
    await venue.collect([0, null]);
    expect(venue.stored().covered).toEqual([[0, 998]]);
    venue.source.bars.push(hourly(998), hourly(999));
    await venue.collect();
    expect(venue.stored().hours.slice(-2)).toEqual([998, 999]);
  });

  it('makes no series of an answer that says nothing', async () => {
    const venue = new ListedVenue({ bars: [], now: 1000 });
    await venue.collect([999, null]);
    expect(venue.store.series()).toEqual([]);
  });

  it('does not stay behind for ever where nothing is traded', async () => {
    const venue = new ListedVenue({ bars: hours(0, 900), now: 1000 });
    await venue.collect([0, null]);
    expect(venue.stored().covered).toEqual([[0, 997]]);
  });
});

describe('gaps', () => {
  const holed = [...hours(0, 298), ...hours(303, 600), ...hours(640, 1000)];

  it('are found across the border of two pages', async () => {
    const venue = new ListedVenue({ bars: holed, pageBars: 298 });
    expect(await venue.collect([0, null])).toMatchObject({ gaps: 2 });
    expect(venue.stored().issues.map(({ detail }) => detail)).toEqual([
      '5 missing from 2024-01-13T10:00:00Z until 2024-01-13T15:00:00Z',
      '40 missing from 2024-01-26T00:00:00Z until 2024-01-27T16:00:00Z',
    ]);
  });

  it('are found where a back-fill meets what is stored', async () => {
    const venue = new ListedVenue({ bars: holed });
    await venue.collect([640, null]);
    expect(venue.rules()).toEqual([]);
    await venue.collect([500, null]);
    expect(venue.stored().issues.map(({ openTime }) => openTime)).toEqual([hour(600)]);
  });

  it('are not what nobody has asked for yet', async () => {
    const venue = new ListedVenue();
    await venue.collect([100, 200]);
    await venue.collect([500, 600]);
    expect(venue.rules()).toEqual([]);
  });

  it('are noted once, however often their borders are fetched', async () => {
    const venue = new ListedVenue({ bars: [...hours(0, 995), ...hours(998, 1100)], now: 1000 });
    expect(await venue.collect([0, null])).toMatchObject({ gaps: 1 });
    venue.clock.time = hour(1001) + 60_000;
    expect(await venue.collect()).toMatchObject({ gaps: 0, inserted: 1 });
    expect(venue.rules()).toEqual(['gap']);
  });
});

describe('bars beyond a stretch that nobody has asked for', () => {
  /** Another level from hour 500 on: what lies between would tell how it came about. */
  const leaping = hours(0, 1000).map((bar, index) => scaled(bar, index < 500 ? 1 : 0.5));

  it('are not judged by the bars before it', async () => {
    const venue = new ListedVenue({ bars: leaping });
    await venue.collect([100, 300]);
    expect(await venue.collect([600, 800])).toMatchObject({ outliers: 0 });
    expect(venue.rules()).toEqual([]);
  });

  it('are judged by them across a hole of which the venue said that it has nothing', async () => {
    const venue = new ListedVenue({ bars: [...leaping.slice(0, 400), ...leaping.slice(600)] });
    await venue.collect([100, 300]);
    expect(await venue.collect([300, 800])).toMatchObject({ outliers: 1 });
    expect(venue.rules()).toEqual(['gap', 'large-move']);
  });

  it('are judged by them where a stream left out what was not traded', async () => {
    const venue = new ListedVenue();
    await venue.collect([100, 300]);
    expect(venue.collector().take(scaled(hourly(302), 2))).toMatchObject({ outliers: 1 });
  });

  it('begin no split of a stock', async () => {
    const venue = new ListedVenue({ bars: leaping, assetClass: 'stock' });
    await venue.collect([0, 300]);
    await venue.collect([600, 800]);
    expect(venue.rules().filter((rule) => rule !== 'gap')).toEqual([]);
  });
});

describe('the cut of pages and runs', () => {
  /** Jumps, gaps, nonsense. */
  function troubled() {
    const random = seededRandom(5);
    return hours(0, 1300).flatMap((bar, index) => {
      const chance = random();
      if (chance < 0.02) return [];
      if (chance < 0.03) return [{ ...bar, close: Number.NaN }];
      if (chance < 0.04) return [bar, { ...bar, volume: bar.volume / 2 }];
      if (chance < 0.06) {
        const close = bar.close * (1.05 + (index % 9) / 10);
        return [{ ...bar, high: close, close }];
      }
      return [bar];
    });
  }

  it.each([
    ['keep', ['large-move', 'bad-print']],
    ['quarantine', ['outlier']],
  ] as const)(
    'leaves no trace in bars, issues and spans, outliers: %s',
    async (outliers, found) => {
      const bars = troubled();
      const calm = new ListedVenue({ bars, pageBars: 2000, now: 1300, outliers });
      await calm.collect([0, null]);
      const expected = calm.stored();
      expect(new Set(calm.rules())).toEqual(
        new Set(['gap', 'price-range', 'duplicate-time', ...found]),
      );
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 90, max: 700 }),
          fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }),
          async (pageBars, stops) => {
            const cut = new ListedVenue({ bars, pageBars, now: 1300, outliers });
            for (const pages of stops) await cut.collect([0, null], pages);
            await cut.collect([0, null]);
            expect(cut.stored()).toEqual(expected);
          },
        ),
        { numRuns: 4, seed: 3, examples: [[100, [2, 3, 1]]] },
      );
    },
  );
});

describe('a venue that fails', () => {
  it('is asked again, and nothing is lost', async () => {
    const venue = new ListedVenue();
    venue.source.faults.push(null, DOWN, null, DOWN, DOWN);
    expect(await venue.collect([0, null])).toMatchObject({ inserted: 1000 });
    expect(venue.timer.waits).toEqual([500, 500, 1000]);
  });

  it('loses no page that was saved before it failed for good', async () => {
    const venue = new ListedVenue();
    venue.source.faults.push(null, null, DOWN, DOWN, DOWN);
    await expect(venue.collect([0, null])).rejects.toThrow(/gave up after 3 tries/);
    expect(venue.stored().covered).toEqual([[0, 600]]);
    await venue.collect();
    expect(venue.stored().hours).toHaveLength(1000);
  });

  it('is not asked for ever when it repeats a page', async () => {
    const venue = new ListedVenue();
    const page = { bars: hours(0, 300), completeTo: hour(900) };
    venue.source.faults.push(null, page, page, page);
    await expect(venue.collect([0, null])).rejects.toThrow(
      'bars from 2024-01-13T12:00:00Z on were expected from listed, were all from before it; ' +
        'gave up after 3 tries',
    );
  });

  it('is not asked for ever when it comes no further', async () => {
    const venue = new ListedVenue();
    const page = { bars: [], completeTo: hour(300) };
    venue.source.faults.push(null, page, page, page);
    await expect(venue.collect([0, null])).rejects.toThrow(ExchangeError);
  });

  it('makes its series doubtful when more than one bar in a hundred is bad', async () => {
    const broken = (each: number) =>
      hours(0, 1000).map((bar, index) => (index % each === 0 ? { ...bar, low: 0 } : bar));
    const good = new ListedVenue({ bars: broken(100) });
    expect((await good.collect([0, null])).isDoubtful).toBe(false);
    const bad = new ListedVenue({ bars: broken(99) });
    expect((await bad.collect([0, null])).isDoubtful).toBe(true);
  });
});

describe('an adjusted series', () => {
  const halved = hours(0, 1050).map((bar) => scaled(bar, 0.5));

  it('goes on while the vendor tells the same past', async () => {
    const sketch = { assetClass: 'stock', adjustment: 'all' } as const;
    const venue = new ListedVenue({ ...sketch, bars: hours(0, 1050), now: 1000 });
    await venue.collect();
    venue.clock.time = hour(1050) + 60_000;
    expect(await venue.collect()).toMatchObject({ inserted: 50, revised: 0 });
  });

  it('is refused once the vendor has restated the past, and left as it is', async () => {
    const sketch = { assetClass: 'stock', adjustment: 'split' } as const;
    const venue = new ListedVenue({ ...sketch, bars: hours(0, 1050), now: 1000 });
    await venue.collect();
    const before = venue.stored();
    venue.source.bars = [...halved];
    venue.clock.time = hour(1050) + 60_000;
    const error: unknown = await venue.collect().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DataError);
    expect(error).toMatchObject({ message: expect.stringContaining('--restart') as string });
    expect(venue.stored()).toEqual(before);
  });
});
