import { describe, expect, it } from 'vitest';
import { DAY_MS, formatTime, HOUR_MS, type Timeframe } from '../../../src/core/time.ts';
import { expectedOpens, tradingCalendar } from '../../../src/core/trading-calendar.ts';

const ALWAYS = tradingCalendar('always');
const US = tradingCalendar('us');
const UNKNOWN = tradingCalendar('unknown');

function at(text: string): number {
  return Date.parse(text);
}

/** `14:30-21:00` in UTC; null where there is no session. */
function hoursOf(date: string): string | null {
  const session = US.sessionOn(at(date));
  if (session === null) return null;
  return [session.open, session.close].map((time) => formatTime(time).slice(11, 16)).join('-');
}

function opensOf(timeframe: Timeframe, from: string, to: string): readonly string[] {
  const opens = expectedOpens(US, timeframe, { from: at(from), to: at(to) });
  return [...opens].map((time) => formatTime(time).slice(5, 16));
}

/** Week days from first to last, in a list of ISO dates, on which the exchange is closed. */
function closuresOf(year: number): readonly string[] {
  const closed: string[] = [];
  for (let date = Date.UTC(year, 0, 1); date < Date.UTC(year + 1, 0, 1); date += DAY_MS) {
    const weekday = new Date(date).getUTCDay();
    if (weekday === 0 || weekday === 6 || US.sessionOn(date) !== null) continue;
    closed.push(formatTime(date).slice(5, 10));
  }
  return closed;
}

function halfDaysOf(year: number): readonly string[] {
  const found: string[] = [];
  for (let date = Date.UTC(year, 0, 1); date < Date.UTC(year + 1, 0, 1); date += DAY_MS) {
    if (US.sessionOn(date)?.isHalfDay === true) found.push(formatTime(date).slice(5, 10));
  }
  return found;
}

describe('the US calendar', () => {
  /** As the New York Stock Exchange announced them, year by year. */
  it.each([
    [1998, '01-01 01-19 02-16 04-10 05-25 07-03 09-07 11-26 12-25'],
    [1999, '01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24'],
    [2001, '01-01 01-15 02-19 04-13 05-28 07-04 09-03 09-11 09-12 09-13 09-14 11-22 12-25'],
    // The first of January 2005 is a Saturday: the last day of 2004 is open.
    [2004, '01-01 01-19 02-16 04-09 05-31 06-11 07-05 09-06 11-25 12-24'],
    [2005, '01-17 02-21 03-25 05-30 07-04 09-05 11-24 12-26'],
    [2007, '01-01 01-02 01-15 02-19 04-06 05-28 07-04 09-03 11-22 12-25'],
    [2012, '01-02 01-16 02-20 04-06 05-28 07-04 09-03 10-29 10-30 11-22 12-25'],
    [2018, '01-01 01-15 02-19 03-30 05-28 07-04 09-03 11-22 12-05 12-25'],
    [2021, '01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24'],
    // Juneteenth, for the first time, is a Sunday; New Year was a Saturday.
    [2022, '01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26'],
    [2025, '01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25'],
    [2026, '01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25'],
    [2027, '01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24'],
  ])('is closed in %i on %s', (year, dates) => {
    expect(closuresOf(year)).toEqual(dates.split(' '));
  });

  it.each([
    [1998, '11-27 12-24'],
    [1999, '11-26 12-31'],
    [2000, '07-03 11-24'],
    [2001, '07-03 11-23 12-24'],
    // The Friday after a Thursday's Independence Day, until the rule changed in 2013.
    [2002, '07-05 11-29 12-24'],
    [2003, '07-03 11-28 12-24 12-26'],
    [2004, '11-26'],
    [2008, '07-03 11-28 12-24'],
    [2012, '07-03 11-23 12-24'],
    [2013, '07-03 11-29 12-24'],
    [2014, '07-03 11-28 12-24'],
    [2015, '11-27 12-24'],
    [2019, '07-03 11-29 12-24'],
    [2020, '11-27 12-24'],
    [2021, '11-26'],
    [2024, '07-03 11-29 12-24'],
    [2025, '07-03 11-28 12-24'],
    [2026, '11-27 12-24'],
    [2027, '11-26'],
  ])('ends early in %i on %s', (year, dates) => {
    expect(halfDaysOf(year)).toEqual(dates.split(' '));
  });

  it.each([
    ['the last session of winter time 2026', '2026-03-06', '14:30-21:00'],
    ['the first after the clocks went forward on 2026-03-08', '2026-03-09', '13:30-20:00'],
    ['the last of summer time', '2026-10-30', '13:30-20:00'],
    ['the first after the clocks went back on 2026-11-01', '2026-11-02', '14:30-21:00'],
    ['a winter day in March by the rules before 2007', '2006-03-31', '14:30-21:00'],
    ['the first Monday of April by those rules', '2006-04-03', '13:30-20:00'],
    ['a winter day at the end of October by those rules', '2006-10-30', '14:30-21:00'],
    ['a March day since 2007', '2007-03-12', '13:30-20:00'],
    ['a half day', '2025-11-28', '14:30-18:00'],
    ['a half day in summer', '2025-07-03', '13:30-17:00'],
    ['the late opening of 2002-09-11', '2002-09-11', '16:00-20:00'],
    ['a Saturday', '2026-03-07', null],
    ['a holiday', '2026-04-03', null],
  ])('knows the hours of %s', (_, date, hours) => {
    expect(hoursOf(date)).toBe(hours);
  });

  it('expects daily bars at 00:00 UTC of each session', () => {
    // Thanksgiving is the 27th.
    expect(opensOf('1d', '2025-11-26', '2025-12-02')).toEqual([
      '11-26T00:00',
      '11-28T00:00',
      '12-01T00:00',
    ]);
  });

  it('expects weekly bars on Mondays, the holiday among them', () => {
    expect(opensOf('1w', '2025-01-14', '2025-02-01')).toEqual(['01-20T00:00', '01-27T00:00']);
  });

  it('expects hourly bars that overlap the session, the first before the opening bell', () => {
    expect(opensOf('1h', '2025-11-26', '2025-11-29')).toEqual([
      ...['14', '15', '16', '17', '18', '19', '20'].map((hour) => `11-26T${hour}:00`),
      ...['14', '15', '16', '17'].map((hour) => `11-28T${hour}:00`),
    ]);
  });

  it('expects one bar of half a day for each session', () => {
    expect(opensOf('12h', '2025-11-26', '2025-11-29')).toEqual(['11-26T12:00', '11-28T12:00']);
  });

  it('expects 390 minutes a day and 210 on a half day', () => {
    expect(US.countBars('1m', at('2025-11-26'), at('2025-11-27'))).toBe(390);
    expect(US.countBars('1m', at('2025-11-28'), at('2025-11-29'))).toBe(210);
  });

  it('counts what it lists, wherever the span is cut', () => {
    const start = at('2025-11-24T00:00:00Z');
    for (let hour = 0; hour < 24 * 9; hour += 5) {
      const span = { from: start + hour * HOUR_MS, to: start + (hour + 31) * HOUR_MS + 1 };
      for (const timeframe of ['15m', '1h', '4h', '1d', '1w'] as const) {
        const listed = [...expectedOpens(US, timeframe, span)];
        expect(US.countBars(timeframe, span.from, span.to), `${timeframe} ${hour}`).toBe(
          listed.length,
        );
      }
    }
  });

  it('knows nothing before 1998 and after 2027, and expects nothing there', () => {
    expect([US.covers(at('1997-12-31')), US.covers(at('1998-01-01'))]).toEqual([false, true]);
    expect([US.covers(at('2027-12-31')), US.covers(at('2028-01-01'))]).toEqual([true, false]);
    expect(US.countBars('1d', at('1990-01-01'), at('1998-01-03'))).toBe(1);
    expect(US.countBars('1d', at('2027-12-30'), at('2040-01-01'))).toBe(2);
    expect(US.nextOpen('1d', at('1990-01-01'))).toBe(at('1998-01-02'));
    expect(US.nextOpen('1d', at('2028-01-01'))).toBeNull();
    expect(US.sessionOn(at('1997-12-31'))).toBeNull();
  });
});

describe('the calendar of what always trades', () => {
  it('expects every bar of the grid', () => {
    expect(ALWAYS.countBars('1h', 0, DAY_MS)).toBe(24);
    expect(ALWAYS.countBars('1h', 1, DAY_MS + 1)).toBe(24);
    expect(ALWAYS.nextOpen('1h', 1)).toBe(HOUR_MS);
    expect(ALWAYS.countBars('1h', DAY_MS, 0)).toBe(0);
    expect(ALWAYS.sessionOn(0)).toMatchObject({ open: 0, close: DAY_MS, isHalfDay: false });
  });

  it('opens its weeks on Mondays', () => {
    expect(formatTime(ALWAYS.nextOpen('1w', at('2025-01-14')) ?? 0)).toBe('2025-01-20T00:00:00Z');
  });
});

describe('the unknown calendar', () => {
  it('expects nothing ever', () => {
    expect(UNKNOWN.countBars('1d', 0, at('2020-01-01'))).toBe(0);
    expect(UNKNOWN.nextOpen('1d', 0)).toBeNull();
    expect(UNKNOWN.covers(0)).toBe(false);
    expect(UNKNOWN.sessionOn(0)).toBeNull();
  });
});
