import { invariant } from './assert.ts';
import type { EpochMs, Timeframe } from './time.ts';
import { DAY_MS, MINUTE_MS, misalignmentMs, timeframeMs, utcDayStart } from './time.ts';
import type { CalendarId } from './trading-calendar.ts';

/** A stretch of time whose bars make up one bar of a longer timeframe. */
export interface Bucket {
  /** What the longer bar is stamped with. */
  readonly openTime: EpochMs;
  /** The first instant that belongs to it. */
  readonly from: EpochMs;
  /** No bar that opens from here on belongs to it: the longer bar may be known. */
  readonly to: EpochMs;
}

export interface BucketGrid {
  /** The bucket of a bar that opens then; null where such a bar belongs to none. */
  bucketOf(openTime: EpochMs): Bucket | null;
}

/** What has to be known of a market's calendar to build days and weeks. */
export interface SessionDays {
  readonly id: CalendarId;
  /** Regular trading of a day, given as its 00:00 UTC; null where there is none, or none is known. */
  sessionOn(date: EpochMs): { readonly open: EpochMs; readonly close: EpochMs } | null;
}

/** Openings and closings of the US exchanges lie on this grid, in New York as in UTC. */
const US_SESSION_STEP_MS = 30 * MINUTE_MS;

/**
 * Whether bars of the longer timeframe are made up of whole bars of the shorter, or of the same. A
 * US day begins at 09:30 in New York: bars longer than half an hour straddle that.
 */
export function canBuild(base: Timeframe, target: Timeframe, calendar: CalendarId): boolean {
  if (timeframeMs(target) % timeframeMs(base) !== 0) return false;
  return !isBySession(base, target, calendar) || US_SESSION_STEP_MS % timeframeMs(base) === 0;
}

/**
 * Where bars of the longer timeframe begin and end: on the grid of UTC, weeks on Monday; US days by
 * session (stamped with its date at 00:00 UTC, extended hours left out, over with the closing
 * bell), US weeks by their sessions. The timeframes must pass `canBuild`.
 */
export function bucketGrid(base: Timeframe, target: Timeframe, calendar: SessionDays): BucketGrid {
  invariant(
    canBuild(base, target, calendar.id),
    () => `${target} bars must be a multiple of ${base} bars`,
  );
  if (isBySession(base, target, calendar.id)) return new SessionGrid(target, calendar);
  if (calendar.id === 'us' && base === '1d' && target === '1w') return new WeekOfDaysGrid(calendar);
  return new EpochGrid(target);
}

function isBySession(base: Timeframe, target: Timeframe, calendar: CalendarId): boolean {
  return calendar === 'us' && timeframeMs(target) >= DAY_MS && timeframeMs(base) < DAY_MS;
}

class EpochGrid implements BucketGrid {
  readonly #timeframe: Timeframe;
  readonly #step: number;
  #last: Bucket = { openTime: 0, from: 0, to: 0 };

  constructor(timeframe: Timeframe) {
    this.#timeframe = timeframe;
    this.#step = timeframeMs(timeframe);
  }

  bucketOf(openTime: EpochMs): Bucket {
    if (openTime >= this.#last.from && openTime < this.#last.to) return this.#last;
    const from = openTime - misalignmentMs(openTime, this.#timeframe);
    this.#last = { openTime: from, from, to: from + this.#step };
    return this.#last;
  }
}

/** Days and weeks of bars within a day: what opens outside a session belongs to none. */
class SessionGrid implements BucketGrid {
  readonly #target: Timeframe;
  readonly #calendar: SessionDays;
  #date: EpochMs = Number.NaN;
  #session: ReturnType<SessionDays['sessionOn']> = null;
  #bucket: Bucket | null = null;

  constructor(target: Timeframe, calendar: SessionDays) {
    this.#target = target;
    this.#calendar = calendar;
  }

  bucketOf(openTime: EpochMs): Bucket | null {
    const date = utcDayStart(openTime);
    if (date !== this.#date) this.#moveTo(date);
    const session = this.#session;
    if (session === null || openTime < session.open || openTime >= session.close) return null;
    return this.#bucket;
  }

  #moveTo(date: EpochMs): void {
    this.#date = date;
    this.#session = this.#calendar.sessionOn(date);
    if (this.#session === null) return;
    const start = date - misalignmentMs(date, this.#target);
    if (this.#bucket?.openTime === start) return;
    const sessions = sessionsFrom(this.#calendar, start, this.#target).map(
      ({ session }) => session,
    );
    this.#bucket = {
      openTime: start,
      from: sessions[0]?.open ?? this.#session.open,
      to: sessions.at(-1)?.close ?? this.#session.close,
    };
  }
}

/**
 * US weeks of daily bars: over with the last day that has a session, so that nobody waits for the
 * Monday after. A daily bar counts even where the calendar knows of no session.
 */
class WeekOfDaysGrid implements BucketGrid {
  readonly #calendar: SessionDays;
  #last: Bucket = { openTime: Number.NaN, from: 0, to: 0 };

  constructor(calendar: SessionDays) {
    this.#calendar = calendar;
  }

  bucketOf(openTime: EpochMs): Bucket | null {
    const monday = openTime - misalignmentMs(openTime, '1w');
    if (monday !== this.#last.openTime) this.#last = this.#weekOf(monday);
    return openTime < this.#last.to ? this.#last : null;
  }

  #weekOf(monday: EpochMs): Bucket {
    const days = sessionsFrom(this.#calendar, monday, '1w');
    const last = days.at(-1)?.date ?? monday + 6 * DAY_MS;
    return { openTime: monday, from: days[0]?.date ?? monday, to: last + DAY_MS };
  }
}

/** The days with a session, and these, in a day or week that starts then. */
function sessionsFrom(calendar: SessionDays, start: EpochMs, target: Timeframe) {
  const end = start + timeframeMs(target);
  const days = [];
  for (let date = start; date < end; date += DAY_MS) {
    const session = calendar.sessionOn(date);
    if (session !== null) days.push({ date, session });
  }
  return days;
}
