import type { EpochMs } from './time.ts';
import { DAY_MS } from './time.ts';

/**
 * Days on which the US stock exchanges stay closed or close early, 1998 to 2027.
 *
 * Rules and dates are those of the New York Stock Exchange: Rule 7.2 (holidays), its yearly holiday
 * and early-closing announcements (the last one used covers 2025 to 2027), and, for closures that no
 * rule foresees, the exchange's list "NYSE special closings since 1885" and the notices of the day.
 * Nasdaq closed on the same days.
 */

export const FIRST_YEAR = 1998;
export const LAST_YEAR = 2027;

/** Days without a session that no rule foresees. */
const SPECIAL_CLOSURES = [
  // Attack on the World Trade Center.
  '2001-09-11',
  '2001-09-12',
  '2001-09-13',
  '2001-09-14',
  // Mourning for the presidents Reagan and Ford.
  '2004-06-11',
  '2007-01-02',
  // Hurricane Sandy.
  '2012-10-29',
  '2012-10-30',
  // Mourning for the presidents Bush and Carter.
  '2018-12-05',
  '2025-01-09',
];

/** Sessions until 13:00 that no rule foresees. */
const SPECIAL_HALF_DAYS = [
  // The eve of the year 2000.
  '1999-12-31',
  // A Friday after Christmas; those of 2008 and 2014 were full days.
  '2003-12-26',
];

const [SUNDAY, MONDAY, TUESDAY, WEDNESDAY, THURSDAY, SATURDAY] = [0, 1, 2, 3, 4, 6];

/** Week day of a date at 00:00 UTC, Sunday being 0; 1970-01-01 was a Thursday. */
export function weekdayOf(date: EpochMs): number {
  return (date / DAY_MS + THURSDAY) % 7;
}

/** The week days of a year without a session, each as its 00:00 UTC. */
export function usClosuresOf(year: number): ReadonlySet<EpochMs> {
  const rules = [
    newYear(year),
    // Martin Luther King Day, since 1998; Washington's Birthday.
    nthWeekday(MONDAY, 3, year, 1),
    nthWeekday(MONDAY, 3, year, 2),
    goodFriday(year),
    memorialDay(year),
    year >= 2022 ? observed(dateOf(year, 6, 19)) : null,
    observed(dateOf(year, 7, 4)),
    laborDay(year),
    thanksgiving(year),
    observed(dateOf(year, 12, 25)),
  ];
  const dates = rules.filter((date) => date !== null);
  return new Set([...dates, ...datesIn(year, SPECIAL_CLOSURES)]);
}

/** The days of a year on which trading ends at 13:00, each as its 00:00 UTC. */
export function usHalfDaysOf(year: number): ReadonlySet<EpochMs> {
  const christmasEve = dateOf(year, 12, 24);
  const weekday = weekdayOf(christmasEve);
  return new Set([
    thanksgiving(year) + DAY_MS,
    // On a Friday it is the holiday, when Christmas is a Saturday.
    ...(weekday >= MONDAY && weekday <= THURSDAY ? [christmasEve] : []),
    ...independenceHalfDay(year),
    ...datesIn(year, SPECIAL_HALF_DAYS),
  ]);
}

/**
 * The eve of Independence Day where both are week days. When the eve is a Wednesday the Friday after
 * the holiday was the short day, until 2012.
 */
function independenceHalfDay(year: number): readonly EpochMs[] {
  const eve = dateOf(year, 7, 3);
  switch (weekdayOf(eve)) {
    case MONDAY:
    case TUESDAY:
    case THURSDAY:
      return [eve];
    case WEDNESDAY:
      return year >= 2013 ? [eve] : [eve + 2 * DAY_MS];
    default:
      return [];
  }
}

/** A Saturday's New Year is not made up for: the Friday before closes the old year's books. */
function newYear(year: number): EpochMs | null {
  const date = dateOf(year, 1, 1);
  return weekdayOf(date) === SATURDAY ? null : observed(date);
}

/** A Saturday's holiday is kept on the Friday before, a Sunday's on the Monday after. */
function observed(date: EpochMs): EpochMs {
  switch (weekdayOf(date)) {
    case SATURDAY:
      return date - DAY_MS;
    case SUNDAY:
      return date + DAY_MS;
    default:
      return date;
  }
}

function memorialDay(year: number): EpochMs {
  const last = dateOf(year, 5, 31);
  return last - ((weekdayOf(last) - MONDAY + 7) % 7) * DAY_MS;
}

function laborDay(year: number): EpochMs {
  return nthWeekday(MONDAY, 1, year, 9);
}

function thanksgiving(year: number): EpochMs {
  return nthWeekday(THURSDAY, 4, year, 11);
}

/** Two days before Easter Sunday, by the Gregorian computus of Meeus, Jones and Butcher. */
function goodFriday(year: number): EpochMs {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const yearOfCentury = year % 100;
  const correction = Math.floor((8 * century + 13) / 25);
  const epact = (19 * golden + century - Math.floor(century / 4) - correction + 15) % 30;
  const sunday =
    (32 + 2 * (century % 4) + 2 * Math.floor(yearOfCentury / 4) - epact - (yearOfCentury % 4)) % 7;
  const shift = Math.floor((golden + 11 * epact + 22 * sunday) / 451);
  const days = epact + sunday - 7 * shift + 114;
  return dateOf(year, Math.floor(days / 31), (days % 31) + 1) - 2 * DAY_MS;
}

/** The n-th such week day of a month, n from 1. */
function nthWeekday(weekday: number, n: number, year: number, month: number): EpochMs {
  const first = dateOf(year, month, 1);
  return first + (((weekday - weekdayOf(first) + 7) % 7) + 7 * (n - 1)) * DAY_MS;
}

function datesIn(year: number, dates: readonly string[]): readonly EpochMs[] {
  return dates.filter((date) => date.startsWith(`${year}-`)).map((date) => Date.parse(date));
}

function dateOf(year: number, month: number, day: number): EpochMs {
  return Date.UTC(year, month - 1, day);
}
