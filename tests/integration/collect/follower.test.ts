import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { ExchangeError } from '../../../src/core/errors.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/core/time.ts';
import { Follower } from '../../../src/data/collect/follower.ts';
import type { BarSource, BarUpdate, SourceBar } from '../../../src/ports/bar-source.ts';
import { hour, hourly, hours, ListedVenue } from './listed-venue.ts';

const DOWN = new ExchangeError('listed is down', { kind: 'unavailable' });
const GRACE = 5000;

/** What happens in the world during the wait with that number, the first being 1. */
type Script = Readonly<Record<number, (venue: ListedVenue) => void>>;

/** Follows for so many waits; gives the hours that were stored meanwhile, in order. */
async function follow(
  venue: ListedVenue,
  waits: number,
  script: Script = {},
  stop = new AbortController(),
) {
  const stored: number[] = [];
  venue.timer.meanwhile = async (wait) => {
    script[wait]?.(venue);
    if (wait >= waits) stop.abort();
    // A stream that breaks says so in the next turn.
    await new Promise((resolve) => setImmediate(resolve));
  };
  const parts = venue.parts();
  const follower = new Follower({
    venue: parts,
    series: [venue.collector(parts)],
    timer: venue.timer,
    logger: venue.log,
    onSaved: (_, { last }) => {
      if (last !== null) stored.push((last.openTime - hour(0)) / HOUR_MS);
    },
  });
  await follower.run(stop.signal);
  return stored;
}

/** A venue that knows the future and tells it when its time has come; it is half past an hour. */
async function venueAt(now: number, bars: readonly SourceBar[] = hours(0, now + 50)) {
  const venue = new ListedVenue({ bars, now, retries: 0 });
  await venue.collect([0, null]);
  venue.clock.time = hour(now) + 30 * MINUTE_MS;
  venue.timer.waits.length = 0;
  venue.source.asked.length = 0;
  return venue;
}

describe('following by polls', () => {
  it('asks after every close and the grace after it, once', async () => {
    const venue = await venueAt(100);
    expect(await follow(venue, 4)).toEqual([100, 101, 102]);
    expect(venue.timer.waits.slice(0, 3)).toEqual([30 * MINUTE_MS + GRACE, HOUR_MS, HOUR_MS]);
    expect(venue.source.asked).toHaveLength(3);
  });

  it('comes back soon for a bar that is late, less and less often', async () => {
    const venue = await venueAt(100, hours(0, 100));
    const late = (each: ListedVenue) => each.source.bars.push(hourly(100));
    expect(await follow(venue, 6, { 4: late })).toEqual([100]);
    expect(venue.timer.waits.slice(1, 4)).toEqual([5000, 10_000, 20_000]);
    expect(venue.timer.waits[4], 'then until the next close').toBeGreaterThan(HOUR_MS - MINUTE_MS);
  });

  it('outlives an outage and catches up with what it missed', async () => {
    const venue = await venueAt(100);
    const outage = Array.from({ length: 200 }, () => DOWN);
    const fail = (each: ListedVenue) => each.source.faults.push(...outage);
    expect(await follow(venue, 202, { 1: fail })).toEqual([103]);
    expect(venue.stored()).toMatchObject({ covered: [[0, 104]], issues: [] });
    expect(Math.max(...venue.timer.waits.slice(1, 200)), 'a minute').toBe(MINUTE_MS);
    expect(venue.log.warnings).toContainEqual(
      expect.objectContaining({ last: '2024-01-05T03:00:00Z' }),
    );
  });

  it('gives up on a fault that does not pass', async () => {
    const venue = await venueAt(100);
    const refused = new ExchangeError('the key is not valid', { kind: 'auth' });
    const refuse = (each: ListedVenue) => each.source.faults.push(refused);
    await expect(follow(venue, 9, { 1: refuse })).rejects.toBe(refused);
  });

  it('leaves out a series that is refused, and goes on with the others', async () => {
    const venue = await venueAt(100);
    const parts = venue.parts();
    const [btc, eth] = [venue.collector(parts), venue.collector(parts, 'ETH/USD')];
    await eth.collect({ range: null, signal: new AbortController().signal, onPage: () => {} });
    const refused = new ExchangeError('delisted', { kind: 'rejected' });
    venue.source.faults.push(null, refused);
    const [stop, stored] = [new AbortController(), new Map<string, number>()];
    venue.timer.meanwhile = async (wait) => {
      if (wait >= 5) stop.abort();
    };
    const onSaved = ({ symbol }: { readonly symbol: string }) =>
      stored.set(symbol, (stored.get(symbol) ?? 0) + 1);
    const { timer, log: logger } = venue;
    await new Follower({ venue: parts, series: [btc, eth], timer, logger, onSaved }).run(
      stop.signal,
    );
    expect(stored).toEqual(new Map([['BTC/USD', 4]]));
    expect(venue.log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  it('ends when the last series is refused', async () => {
    const venue = await venueAt(100);
    const refused = new ExchangeError('delisted', { kind: 'rejected' });
    const refuse = (each: ListedVenue) => each.source.faults.push(refused);
    await expect(follow(venue, 9, { 1: refuse })).rejects.toBe(refused);
  });

  it('warns once of a series without new bars, and says when they arrive again', async () => {
    const venue = await venueAt(100, hours(0, 100));
    const again = (each: ListedVenue) => each.source.bars.push(...hours(100, 130));
    await follow(venue, 40, { 35: again });
    const ages = venue.log.lines.filter(({ fields }) => 'last' in fields);
    expect(ages.map(({ level }) => level)).toEqual(['warn', 'info']);
  });

  it('leaves nothing behind on the signal that ends it', async () => {
    const venue = await venueAt(100);
    const stop = new AbortController();
    const marks = () => Object.getOwnPropertySymbols(stop.signal);
    const before = marks();
    await follow(venue, 3, {}, stop);
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
    expect(marks(), 'signals that depend on it are listed there').toEqual(before);
  });

  it('ends at once when it is interrupted', async () => {
    const venue = await venueAt(100);
    expect(await follow(venue, 1)).toEqual([]);
    expect(venue.timer.waits).toHaveLength(1);
  });
});

function nothing(): void {}

/** A stream that a test speaks through. */
function streamOf(venue: ListedVenue) {
  const stream = {
    opened: 0,
    say: nothing as (bar: SourceBar) => void,
    cut: nothing as (error: Error) => void,
  };
  const watch: BarSource['watch'] = (series, onUpdate, signal) =>
    new Promise((resolve, reject) => {
      stream.opened += 1;
      stream.cut = reject;
      stream.say = (bar) => {
        for (const { symbol, timeframe } of series) {
          onUpdate({ symbol, timeframe, bar } satisfies BarUpdate);
        }
      };
      signal.addEventListener('abort', () => {
        resolve();
      });
    });
  venue.source.watch = watch;
  return stream;
}

describe('following by a stream', () => {
  it('stores a candle as soon as its successor appears', async () => {
    const venue = await venueAt(100);
    const stream = streamOf(venue);
    const stored = await follow(venue, 1, {
      1: () => {
        venue.clock.time = hour(101) + 100;
        stream.say(hourly(100, { volume: 3 }));
        stream.say(hourly(100));
        stream.say(hourly(101, { volume: 0 }));
      },
    });
    expect(stored).toEqual([100]);
    expect(venue.stored().rows.at(-1)?.[5], 'its last state').toBe(hourly(100).volume);
  });

  it('stores a candle without a successor after its close and the grace', async () => {
    const venue = await venueAt(100, hours(0, 100));
    const stream = streamOf(venue);
    expect(await follow(venue, 2, { 1: () => stream.say(hourly(100)) })).toEqual([100]);
    expect(venue.clock.time).toBe(hour(101) + GRACE);
    expect(venue.stored().covered, 'a stream vouches for nothing').toEqual([[0, 100]]);
  });

  it('takes what the venue says later of a streamed bar for a revision', async () => {
    const venue = await venueAt(100);
    const stream = streamOf(venue);
    const script = {
      1: () => stream.say(hourly(100, { volume: 1 })),
      2: () => stream.say(hourly(101)),
    };
    await follow(venue, 5, script);
    const [series] = venue.store.series();
    expect(venue.store.revisions(series?.id ?? 0)).toMatchObject([
      { openTime: hour(100), bar: { volume: hourly(100).volume } },
    ]);
    expect(venue.stored().covered[0]?.[1], 'the venue itself vouches for it').toBeGreaterThan(100);
  });

  it('is given up when it is silent, polled instead, and tried again later', async () => {
    const venue = await venueAt(100);
    const stream = streamOf(venue);
    expect(await follow(venue, 12)).toEqual([100, 101, 102, 103, 104, 105]);
    expect(stream.opened).toBeGreaterThan(1);
    expect(venue.log.warnings[0]).toMatchObject({ why: 'nothing new of BTC/USD 1h' });
  });

  it('does not let the wait in hand run on when it breaks', async () => {
    const venue = await venueAt(100);
    const stream = streamOf(venue);
    const brokeAt = hour(100) + 31 * MINUTE_MS;
    let waitedAgainAt = 0;
    await follow(venue, 2, {
      1: () => {
        venue.clock.time = brokeAt;
        stream.cut(DOWN);
      },
      2: () => (waitedAgainAt = venue.clock.time),
    });
    expect(waitedAgainAt).toBe(brokeAt);
  });

  it('is replaced by polls at once when it breaks', async () => {
    const venue = await venueAt(100);
    const stream = streamOf(venue);
    const stored = await follow(venue, 3, {
      1: () => {
        venue.clock.time = hour(102) + MINUTE_MS;
        stream.cut(DOWN);
      },
    });
    expect(stored).toEqual([101]);
    expect(venue.stored().hours.slice(-2)).toEqual([100, 101]);
    expect(venue.log.warnings[0]).toMatchObject({ why: 'listed is down' });
  });
});
