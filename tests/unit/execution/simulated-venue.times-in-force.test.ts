import { describe, expect, it } from 'vitest';
import { Decimal } from '../../../src/core/decimal.ts';
import { DAY_MS, HOUR_MS } from '../../../src/core/time.ts';
import { tradingCalendar } from '../../../src/core/trading-calendar.ts';
import { hourBar, plainVenue, play, tells } from './bar-script.ts';
import { approvedOrder } from './orders.ts';

/** One per cent of the volume fills: a bar of 1000 has room for 10. */
const THIN = { maxVolumeShare: 0.01 } as const;

describe('immediate or cancel', () => {
  tells(
    [
      {
        fact: 'fills what the first open has room for and cancels the rest',
        script: `o1 entry buy 14 market ioc
                 bar 100 101 99 100 1000
                 bar 100 101 99 100 1000`,
        notes: `1: o1 buys 10 at 100 (4 left)
                1: o1 canceled, not filled at once`,
      },
      {
        fact: 'sees the open and nothing that comes later in the bar',
        script: `o1 entry buy 1 limit 99 ioc
                 bar 100 101 90 95 1000`,
        notes: `1: o1 canceled, not filled at once`,
      },
      {
        fact: 'fills a limit that is better than the open there',
        script: `o1 entry buy 1 limit 101 ioc
                 bar 100 101 90 95 1000`,
        notes: `1: o1 buys 1 at 100`,
      },
      {
        fact: 'is over with a bar in which nobody trades',
        script: `o1 entry buy 1 market ioc
                 bar 100 100 100 100 0
                 bar 100 101 90 95 1000`,
        notes: `1: o1 canceled, not filled at once`,
      },
    ],
    THIN,
  );
});

describe('fill or kill', () => {
  tells(
    [
      {
        fact: 'fills whole where the first open has room for all of it',
        script: `o1 entry buy 10 market fok
                 bar 100 101 99 100 1000`,
        notes: `1: o1 buys 10 at 100`,
      },
      {
        fact: 'is cancelled untouched where volume has room for less',
        script: `o1 entry buy 11 market fok
                 o2 entry/p2 buy 10 market
                 bar 100 101 99 100 1000`,
        notes: `1: o2 buys 10 at 100
                1: o1 canceled, not all of it filled at once`,
      },
      {
        fact: 'sees the open and nothing that comes later in the bar',
        script: `o1 entry buy 1 limit 99 fok
                 bar 100 101 90 95 1000`,
        notes: `1: o1 canceled, not all of it filled at once`,
      },
      {
        fact: 'is cancelled untouched where the position holds less',
        script: `o1 entry buy 4 market
                 bar 100 101 99 100 1000
                 end
                 o2 exit sell 5 market fok
                 bar 100 101 99 100 1000`,
        notes: `1: o1 buys 4 at 100
                2: o2 canceled, not all of it filled at once`,
      },
      {
        fact: 'is cancelled untouched where its group took some of it',
        script: `o1 entry buy 4 market
                 bar 100 101 99 100 1000
                 end
                 o2 exit sell 4 limit 99 fok
                 o3 exit sell 1 market
                 bar 100 101 99 100 1000`,
        notes: `1: o1 buys 4 at 100
                2: o3 sells 1 at 100
                2: o2 canceled, not all of it filled at once`,
      },
    ],
    THIN,
  );
  tells(
    [
      {
        fact: 'is cancelled untouched where funds pay for less',
        script: `o1 entry buy 11 market fok
                 o2 entry/p2 buy 10 market fok
                 bar 100 101 99 100`,
        notes: `1: o2 buys 10 at 100
                1: o1 canceled, not all of it filled at once`,
      },
    ],
    { initialCash: Decimal.parse('1000') },
  );
});

describe('what is to fill at once, where orders fill at the close', () => {
  tells(
    [
      {
        fact: 'meets the close and is gone, limits too',
        script: `bar 100 105 95 102 1000
                 end
                 o1 entry buy 4 limit 103 ioc
                 o2 entry/p2 buy 1 limit 101 ioc
                 o3 entry/p3 buy 6 market fok
                 o4 entry/p4 buy 1 market fok
                 o5 entry/p5 buy 1 limit 103
                 bar 99 105 95 102 1000`,
        notes: `1: o1 buys 4 at 102
                1: o2 canceled, not filled at once
                1: o3 buys 6 at 102
                1: o4 canceled, not all of it filled at once
                2: o5 buys 1 at 99`,
      },
    ],
    { ...THIN, fillAt: 'close' },
  );
});

describe('an order for all or nothing, or for now, that waits for a price', () => {
  it.each([
    ['stop 102', 'stop', 'ioc'],
    ['stop 102', 'stop', 'fok'],
    ['stop_limit 102/103', 'stop_limit', 'ioc'],
    ['trailing_stop 102~2', 'trailing_stop', 'fok'],
  ])('is refused: %s as %s %s', (pricing, type, timeInForce) => {
    const { notes } = play(`o1 entry buy 1 ${pricing} ${timeInForce}
                            bar 100 105 99 100`);
    expect(notes).toEqual([
      `0: o1 rejected, gtc, day or gtd was expected as time in force of a ${type} order, was "${timeInForce}"`,
    ]);
  });
});

describe('good till a time', () => {
  tells(
    [
      {
        fact: 'meets a bar that opens before its end, whole, and expires with it',
        script: `o1 entry buy 1 limit 98 gtd@3
               o2 entry/p2 buy 1 limit 95 gtd@3
               bar 100 101 99 100
               bar 100 101 97 100
               bar 100 101 90 100`,
        notes: `2: o1 buys 1 at 98
              2: o2 expired, its time is over`,
      },
      {
        fact: 'expires with the bar in which its time comes',
        script: `o1 entry buy 1 limit 98 gtd@2.5
               bar 100 101 99 100
               bar 100 101 99 100
               bar 100 101 90 100`,
        notes: `2: o1 expired, its time is over`,
      },
      {
        fact: 'expires before a bar that opens at its end or later meets it',
        script: `bar 100 101 99 100
               end
               bar 100 101 99 100
               o1 entry buy 1 limit 98 gtd@3.5
               end
               bar 100 101 99 100
               bar 100 101 90 100`,
        notes: `3: o1 expired, its time is over`,
      },
      {
        fact: 'ends what is left of a stop that has triggered',
        script: `o1 entry buy 1000 stop 101 gtd@2
               bar 100 102 99 100
               bar 100 101 90 100`,
        notes: `1: o1 buys 10 at 101 (990 left)
              1: o1 expired, its time is over`,
      },
    ],
    THIN,
  );

  it('expires before the first bar after a gap in the data', () => {
    const venue = plainVenue();
    const states: string[] = [];
    venue.connect({
      charged: () => undefined,
      updated: ({ state }) => states.push(state),
      filled: () => expect.unreachable('its time was over'),
    });
    venue.observe(hourBar(1, [100, 101, 99, 100, 1000]));
    venue.settle();
    venue.submit(
      approvedOrder({
        count: 1,
        role: 'entry',
        side: 'buy',
        quantity: '1',
        pricing: { type: 'market' },
        timeInForce: 'gtd',
        expiresAt: 5 * HOUR_MS,
      }),
    );
    venue.observe(hourBar(5, [100, 101, 99, 100, 1000]));
    expect(states).toEqual(['accepted', 'expired']);
  });

  it('is refused where its end is past or missing', () => {
    const { notes } = play(`bar 100 101 99 100
                            end
                            o1 entry buy 1 limit 98 gtd@2
                            o2 entry buy 1 limit 98 gtd
                            o3 entry buy 1 limit 98 gtd@2.5`);
    const expected = 'an end after 1970-01-01T02:00:00Z was expected of a gtd order, was';
    expect(notes).toEqual([
      `1: o1 rejected, ${expected} "1970-01-01T02:00:00Z"`,
      `1: o2 rejected, ${expected} "none"`,
    ]);
  });
});

describe('good for the day', () => {
  const limit = (count: number) =>
    approvedOrder({
      count,
      role: 'entry',
      side: 'buy',
      quantity: '1',
      pricing: { type: 'limit', limitPrice: Decimal.parse('90') },
      position: count,
      timeInForce: 'day',
    });
  const CALM = [100, 101, 99, 100, 1000];

  /** States an order reached, each with the hour of the run it was reported in. */
  function lifeOf(calendar: 'always' | 'us', hours: readonly number[], length: number) {
    const venue = plainVenue({ calendarOf: () => tradingCalendar(calendar) });
    const life: [state: string, hour: number][] = [];
    let now = 0;
    venue.connect({
      charged: () => undefined,
      updated: ({ state }) => life.push([state, now]),
      filled: () => expect.unreachable('no bar comes to its price'),
    });
    hours.forEach((hour, index) => {
      now = hour;
      const openTime = hour * HOUR_MS;
      venue.observe({ ...hourBar(0, CALM), openTime, closeTime: openTime + length * HOUR_MS });
      venue.settle();
      if (index === 0) venue.submit(limit(1));
    });
    return life;
  }

  const hourOf = (text: string) => Date.parse(text) / HOUR_MS;
  const hoursFrom = (text: string, count: number, step = 1) =>
    Array.from({ length: count }, (_, index) => hourOf(text) + index * step);

  it('ends a crypto order with the bar that closes at midnight UTC', () => {
    expect(lifeOf('always', hoursFrom('2024-03-05T20:00Z', 10), 1)).toEqual([
      ['accepted', hourOf('2024-03-05T20:00Z')],
      ['expired', hourOf('2024-03-05T23:00Z')],
    ]);
  });

  it('lets a crypto order of the last bar of a day live through the next day', () => {
    expect(lifeOf('always', hoursFrom('2024-03-05T23:00Z', 30), 1)).toEqual([
      ['accepted', hourOf('2024-03-05T23:00Z')],
      ['expired', hourOf('2024-03-06T23:00Z')],
    ]);
  });

  it('ends a stock order with the bar in which the session closes', () => {
    // New York is five hours behind in winter: its session closes at 21:00 UTC.
    expect(lifeOf('us', hoursFrom('2024-03-05T15:00Z', 10), 1)).toEqual([
      ['accepted', hourOf('2024-03-05T15:00Z')],
      ['expired', hourOf('2024-03-05T20:00Z')],
    ]);
  });

  it('ends a stock order at the early close of a half day', () => {
    expect(lifeOf('us', hoursFrom('2024-07-03T14:00Z', 10), 1)).toEqual([
      ['accepted', hourOf('2024-07-03T14:00Z')],
      ['expired', hourOf('2024-07-03T16:00Z')],
    ]);
  });

  it('lets a stock order of a Friday live through the Monday, on daily bars', () => {
    const days = ['2024-03-08', '2024-03-11', '2024-03-12'].map(hourOf);
    expect(lifeOf('us', days, 24)).toEqual([
      ['accepted', hourOf('2024-03-08')],
      ['expired', hourOf('2024-03-11')],
    ]);
  });

  it('lets an order live through one daily bar of crypto', () => {
    expect(lifeOf('always', hoursFrom('2024-03-08', 4, 24), 24)).toEqual([
      ['accepted', hourOf('2024-03-08')],
      ['expired', hourOf('2024-03-09')],
    ]);
  });

  it('lets an order live through one bar that is longer than a day', () => {
    expect(lifeOf('us', hoursFrom('2024-03-04', 3, 168), 168)).toEqual([
      ['accepted', hourOf('2024-03-04')],
      ['expired', hourOf('2024-03-11')],
    ]);
  });

  it('says that the day is over', () => {
    const venue = plainVenue();
    const reasons: string[] = [];
    venue.connect({
      charged: () => undefined,
      updated: ({ state, reason }) => {
        if (state === 'expired') reasons.push(reason);
      },
      filled: () => expect.unreachable('no bar comes to its price'),
    });
    venue.submit(limit(1));
    venue.observe({ ...hourBar(0, CALM), closeTime: DAY_MS });
    expect(reasons).toEqual(['the trading day is over']);
  });
});
