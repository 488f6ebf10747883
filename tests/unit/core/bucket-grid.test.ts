import { describe, expect, it } from 'vitest';
import { bucketGrid, canBuild, type SessionDays } from '../../../src/core/bucket-grid.ts';
import { InvariantError } from '../../../src/core/errors.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, type Timeframe } from '../../../src/core/time.ts';
import { ALWAYS, bar, built, deliveries, iso, line } from '../../support/built-bars.ts';

/** Sessions of some weeks by hand, as `[date, opening, closing]` in UTC. */
const SESSIONS = [
  // Winter time until Saturday, summer time from Sunday, 2024-03-10, on.
  ['2024-03-07', '14:30', '21:00'],
  ['2024-03-08', '14:30', '21:00'],
  ['2024-03-11', '13:30', '20:00'],
  ['2024-03-12', '13:30', '20:00'],
  // Summer time until Saturday, winter time from Sunday, 2024-11-03, on.
  ['2024-11-01', '13:30', '20:00'],
  ['2024-11-04', '14:30', '21:00'],
  // Thanksgiving on the 28th, half a day after it.
  ['2024-11-25', '14:30', '21:00'],
  ['2024-11-26', '14:30', '21:00'],
  ['2024-11-27', '14:30', '21:00'],
  ['2024-11-29', '14:30', '18:00'],
  // Memorial day on Monday the 27th; the month ends on Friday.
  ['2024-05-28', '13:30', '20:00'],
  ['2024-05-29', '13:30', '20:00'],
  ['2024-05-30', '13:30', '20:00'],
  ['2024-05-31', '13:30', '20:00'],
] as const;

const BY_DATE = new Map(
  SESSIONS.map(([date, open, close]) => [
    Date.parse(date),
    { open: Date.parse(`${date}T${open}Z`), close: Date.parse(`${date}T${close}Z`) },
  ]),
);
const US: SessionDays = { id: 'us', sessionOn: (date) => BY_DATE.get(date) ?? null };

/** The bucket as `stamp from – to`. */
function bucket(base: Timeframe, target: Timeframe, time: string, calendar = US): string | null {
  const found = bucketGrid(base, target, calendar).bucketOf(Date.parse(time));
  return found === null ? null : `${iso(found.openTime)} ${iso(found.from)} – ${iso(found.to)}`;
}

describe('the grid of UTC', () => {
  it.each([
    ['3m', '2024-02-29T23:59Z', '2024-02-29T23:57Z', '2024-03-01T00:00Z'],
    ['15m', '2024-01-02T10:14Z', '2024-01-02T10:00Z', '2024-01-02T10:15Z'],
    ['4h', '2024-01-02T23:59Z', '2024-01-02T20:00Z', '2024-01-03T00:00Z'],
    ['1d', '2024-02-29T23:59Z', '2024-02-29T00:00Z', '2024-03-01T00:00Z'],
    ['1d', '2023-12-31T12:00Z', '2023-12-31T00:00Z', '2024-01-01T00:00Z'],
    // Monday 2020-12-28 to Sunday 2021-01-03.
    ['1w', '2021-01-01T00:00Z', '2020-12-28T00:00Z', '2021-01-04T00:00Z'],
    ['1w', '2021-01-03T23:59Z', '2020-12-28T00:00Z', '2021-01-04T00:00Z'],
    ['1w', '2021-01-04T00:00Z', '2021-01-04T00:00Z', '2021-01-11T00:00Z'],
    // 2026-12-31 is a Thursday, 2027-01-01 a Friday.
    ['1w', '2026-12-31T00:00Z', '2026-12-28T00:00Z', '2027-01-04T00:00Z'],
    ['1w', '1969-12-31T12:00Z', '1969-12-29T00:00Z', '1970-01-05T00:00Z'],
  ] as const)('has the %s bucket of %s', (target, time, from, to) => {
    expect(bucket('1m', target, time, ALWAYS)).toBe(`${from} ${from} – ${to}`);
  });

  it('has clocks change nothing', () => {
    const hours = Array.from({ length: 48 }, (_, hour) => Date.UTC(2024, 2, 9) + hour * HOUR_MS);
    const bars = hours.map((openTime) => bar(iso(openTime), [1, 1, 1, 1, 1]));
    expect(built({ base: '1h', target: '1d' }, bars).map(({ volume }) => volume)).toEqual([24, 24]);
  });

  it('serves stocks below a day, and days where no calendar is known', () => {
    expect(bucket('1m', '1h', '2024-03-08T14:30Z')).toBe(
      '2024-03-08T14:00Z 2024-03-08T14:00Z – 2024-03-08T15:00Z',
    );
    expect(bucket('1h', '1d', '2024-03-08T14:30Z', { ...US, id: 'unknown' })).toBe(
      '2024-03-08T00:00Z 2024-03-08T00:00Z – 2024-03-09T00:00Z',
    );
  });
});

describe('a US day', () => {
  it.each([
    ['in winter', '2024-03-08T14:30Z', '2024-03-08T14:30Z – 2024-03-08T21:00Z'],
    ['after the clocks went forward', '2024-03-11T13:30Z', '2024-03-11T13:30Z – 2024-03-11T20:00Z'],
    ['in summer', '2024-11-01T19:59Z', '2024-11-01T13:30Z – 2024-11-01T20:00Z'],
    ['after the clocks went back', '2024-11-04T20:59Z', '2024-11-04T14:30Z – 2024-11-04T21:00Z'],
    ['before a holiday', '2024-11-27T20:59Z', '2024-11-27T14:30Z – 2024-11-27T21:00Z'],
    ['of half length', '2024-11-29T17:59Z', '2024-11-29T14:30Z – 2024-11-29T18:00Z'],
  ])('%s is its session, stamped with the date', (_, time, span) => {
    expect(bucket('1m', '1d', time)).toBe(`${time.slice(0, 10)}T00:00Z ${span}`);
  });

  it.each([
    ['before the opening in winter', '2024-03-08T14:29Z'],
    ['before the opening in summer', '2024-03-11T13:29Z'],
    ['from the bell on', '2024-03-08T21:00Z'],
    ['from the early bell on', '2024-11-29T18:00Z'],
    ['on a holiday', '2024-11-28T15:00Z'],
    ['on a Saturday', '2024-03-09T15:00Z'],
  ])('holds nothing %s', (_, time) => {
    expect(bucket('1m', '1d', time)).toBeNull();
    expect(bucket('1m', '1w', time)).toBeNull();
  });

  it('is made of its session alone, however many bars extended hours have', () => {
    const bars = [
      bar('2024-11-27T20:30Z', [500, 500, 500, 500, 500]),
      bar('2024-11-29T14:00Z', [90, 999, 1, 91, 1000]),
      bar('2024-11-29T14:30Z', [91, 95, 90, 94, 10]),
      bar('2024-11-29T17:30Z', [94, 96, 93, 95, 20]),
      bar('2024-11-29T18:00Z', [95, 999, 1, 97, 1000]),
    ];
    expect(built({ base: '30m', target: '1d', calendar: US }, bars).map(line)).toEqual([
      '2024-11-29T00:00Z 91 96 90 95 30',
    ]);
  });

  it('is over with the bell, or with the first bar after it where the last minutes are missing', () => {
    const flat = [1, 1, 1, 1, 1];
    const full = ['2024-11-27T20:30Z', '2024-11-29T14:30Z', '2024-11-29T17:30Z'];
    const cut = ['2024-11-27T20:30Z', '2024-11-29T14:30Z', '2024-11-29T18:30Z'];
    const counts = (times: readonly string[]) =>
      deliveries(
        { base: '30m', target: '1d', calendar: US },
        times.map((time) => bar(time, flat)),
      ).map((opens) => opens.map(iso));
    expect(counts(full)).toEqual([[], [], ['2024-11-29T00:00Z']]);
    expect(counts(cut)).toEqual([[], [], ['2024-11-29T00:00Z']]);
  });
});

describe('a US week', () => {
  it('of short bars runs from its first opening to its last bell', () => {
    expect(bucket('5m', '1w', '2024-11-27T15:00Z')).toBe(
      '2024-11-25T00:00Z 2024-11-25T14:30Z – 2024-11-29T18:00Z',
    );
    expect(bucket('5m', '1w', '2024-05-31T19:55Z')).toBe(
      '2024-05-27T00:00Z 2024-05-28T13:30Z – 2024-05-31T20:00Z',
    );
  });

  it('of days is over with the last of them', () => {
    expect(bucket('1d', '1w', '2024-05-29T00:00Z')).toBe(
      '2024-05-27T00:00Z 2024-05-28T00:00Z – 2024-06-01T00:00Z',
    );
    const days = ['2024-05-24', '2024-05-28', '2024-05-29', '2024-05-31'].map((date, index) =>
      bar(`${date}T00:00Z`, [index, index + 1, index - 1, index, 10 ** index]),
    );
    expect(built({ base: '1d', target: '1w', calendar: US }, days).map(line)).toEqual([
      '2024-05-27T00:00Z 1 4 0 3 1110',
    ]);
  });

  it('of days the calendar does not know is the whole week', () => {
    expect(bucket('1d', '1w', '1996-05-29T00:00Z')).toBe(
      '1996-05-27T00:00Z 1996-05-27T00:00Z – 1996-06-03T00:00Z',
    );
  });
});

describe('building', () => {
  it.each([
    ['1h', '4h', 'always', true],
    ['1d', '1w', 'always', true],
    ['4h', '1h', 'always', false],
    ['4h', '6h', 'always', false],
    ['3m', '5m', 'always', false],
    ['1h', '1d', 'always', true],
    ['1h', '1d', 'unknown', true],
    ['1h', '1d', 'us', false],
    ['4h', '1w', 'us', false],
    ['30m', '1d', 'us', true],
    ['1h', '4h', 'us', true],
    ['1d', '1w', 'us', true],
    ['1d', '1d', 'us', true],
  ] as const)('from %s to %s with the calendar %s: %s', (base, target, calendar, expected) => {
    expect(canBuild(base, target, calendar)).toBe(expected);
  });

  it('of what does not fit is a broken invariant', () => {
    expect(() => bucketGrid('4h', '6h', ALWAYS)).toThrow(InvariantError);
    expect(() => bucketGrid('1h', '1d', US)).toThrow('1d bars must be a multiple of 1h bars');
  });

  it('of US days fits because openings and bells lie on half hours', () => {
    for (const { open, close } of BY_DATE.values()) {
      expect([open % (30 * MINUTE_MS), close % (30 * MINUTE_MS)]).toEqual([0, 0]);
      expect(Math.floor(open / DAY_MS)).toBe(Math.floor(close / DAY_MS));
    }
  });
});
