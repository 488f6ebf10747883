import type { EpochMs } from './time.ts';
import { DAY_MS, HOUR_MS } from './time.ts';
import { FIRST_YEAR, LAST_YEAR, usClosuresOf, usHalfDaysOf, weekdayOf } from './us-holidays.ts';

/** A trading day and its regular hours. */
export interface Session {
  /** The day, as its 00:00 UTC: what daily bars are stamped with. */
  readonly date: EpochMs;
  readonly open: EpochMs;
  readonly close: EpochMs;
  /** Trading ends earlier than on other days. */
  readonly isHalfDay: boolean;
}

const OPENING = 9.5 * HOUR_MS;
const CLOSING = 16 * HOUR_MS;
const EARLY_CLOSING = 13 * HOUR_MS;

/** The only late opening of more than minutes: a year after the attack trading began at noon. */
const LATE_OPENINGS: ReadonlyMap<EpochMs, number> = new Map([
  [Date.parse('2002-09-11'), 12 * HOUR_MS],
]);

/** Hour of the day in New York; the zone's rules (new ones since 2007) come with the runtime. */
const NEW_YORK_HOUR = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/New_York',
  hour: 'numeric',
  hourCycle: 'h23',
});

/** First instant the calendar knows, and the first it no longer knows. */
export const US_CALENDAR_SPAN = {
  from: Date.UTC(FIRST_YEAR, 0, 1),
  to: Date.UTC(LAST_YEAR + 1, 0, 1),
} as const;

/** Regular sessions of the US stock exchanges, ascending: about 7,550, made in some 10 ms. */
export function usSessions(): readonly Session[] {
  const sessions: Session[] = [];
  for (let year = FIRST_YEAR; year <= LAST_YEAR; year += 1) {
    const closures = usClosuresOf(year);
    const halfDays = usHalfDaysOf(year);
    const end = Date.UTC(year + 1, 0, 1);
    for (let date = Date.UTC(year, 0, 1); date < end; date += DAY_MS) {
      if (isWeekend(date) || closures.has(date)) continue;
      sessions.push(sessionOf(date, halfDays.has(date)));
    }
  }
  return sessions;
}

function sessionOf(date: EpochMs, isHalfDay: boolean): Session {
  const midnight = date - newYorkOffset(date);
  const opening = LATE_OPENINGS.get(date) ?? OPENING;
  const closing = isHalfDay ? EARLY_CLOSING : CLOSING;
  return { date, open: midnight + opening, close: midnight + closing, isHalfDay };
}

/**
 * What New York's clocks are ahead of UTC during a day's trading, in milliseconds: below zero. At
 * noon UTC it is morning there, and clocks change on Sundays at 2.
 */
function newYorkOffset(date: EpochMs): number {
  return (Number(NEW_YORK_HOUR.format(date + 12 * HOUR_MS)) - 12) * HOUR_MS;
}

function isWeekend(date: EpochMs): boolean {
  const weekday = weekdayOf(date);
  return weekday === 0 || weekday === 6;
}
