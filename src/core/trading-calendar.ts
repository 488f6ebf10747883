import type { EpochMs, Timeframe } from './time.ts';
import { DAY_MS, misalignmentMs, timeframeMs, utcDayStart } from './time.ts';
import { US_CALENDAR_SPAN, usSessions, type Session } from './us-sessions.ts';

/**
 * When a market trades: `always` around the clock; `us` in the regular sessions of the New York
 * Stock Exchange; `unknown` where nothing can be expected, and so nothing can be missing.
 */
export const CALENDARS = ['always', 'us', 'unknown'] as const;
export type CalendarId = (typeof CALENDARS)[number];

/**
 * What bars a market makes. Daily bars open at 00:00 UTC of the session's date, weekly ones on the
 * Monday of a week that has a session, shorter ones on the grid of UTC wherever they overlap regular
 * trading: the 14:00 bar of an hourly series holds the opening at 14:30 UTC. Bars of extended hours
 * are none of these: allowed, never missed.
 */
export interface TradingCalendar {
  readonly id: CalendarId;
  /** Whether it is known if the market trades then; where not, no bar is expected. */
  covers(time: EpochMs): boolean;
  /** The session of a day, given as its 00:00 UTC; null where there is none, or none is known. */
  sessionOn(date: EpochMs): Session | null;
  /** Bars to be expected with `from ≤ openTime < to`. */
  countBars(timeframe: Timeframe, from: EpochMs, to: EpochMs): number;
  /** Open time of the first bar to be expected at or after an instant; null for none ever. */
  nextOpen(timeframe: Timeframe, from: EpochMs): EpochMs | null;
}

export function tradingCalendar(id: CalendarId): TradingCalendar {
  switch (id) {
    case 'always':
      return ALWAYS;
    case 'us':
      return US;
    case 'unknown':
      return UNKNOWN;
  }
}

/** Open times of the bars to be expected with `from ≤ openTime < to`, ascending. */
export function* expectedOpens(
  calendar: TradingCalendar,
  timeframe: Timeframe,
  { from, to }: { readonly from: EpochMs; readonly to: EpochMs },
): Generator<EpochMs, void, undefined> {
  let next = calendar.nextOpen(timeframe, from);
  while (next !== null && next < to) {
    yield next;
    next = calendar.nextOpen(timeframe, next + 1);
  }
}

const ALWAYS: TradingCalendar = {
  id: 'always',
  covers: () => true,
  sessionOn: (date) => ({ date, open: date, close: date + DAY_MS, isHalfDay: false }),
  countBars: (timeframe, from, to) =>
    Math.max(0, (nextOnGrid(timeframe, to) - nextOnGrid(timeframe, from)) / timeframeMs(timeframe)),
  nextOpen: nextOnGrid,
};

const UNKNOWN: TradingCalendar = {
  id: 'unknown',
  covers: () => false,
  sessionOn: () => null,
  countBars: () => 0,
  nextOpen: () => null,
};

/** The bars of one timeframe, day by day since the calendar begins. */
interface BarGrid {
  /** Bars that open before each day; one entry more than there are days. */
  readonly before: Int32Array;
  /** Milliseconds from a day's 00:00 UTC to its first bar; 0 where it has none. */
  readonly firstOffset: Int32Array;
}

const DAYS = (US_CALENDAR_SPAN.to - US_CALENDAR_SPAN.from) / DAY_MS;

/** Everything is counted once a timeframe; then a question takes two look-ups. */
class UsCalendar implements TradingCalendar {
  readonly id = 'us';
  readonly #grids = new Map<Timeframe, BarGrid>();
  #sessions: readonly (Session | null)[] | null = null;

  covers(time: EpochMs): boolean {
    return time >= US_CALENDAR_SPAN.from && time < US_CALENDAR_SPAN.to;
  }

  sessionOn(date: EpochMs): Session | null {
    return this.#days()[dayIndex(date)] ?? null;
  }

  countBars(timeframe: Timeframe, from: EpochMs, to: EpochMs): number {
    return Math.max(0, this.#countBefore(timeframe, to) - this.#countBefore(timeframe, from));
  }

  nextOpen(timeframe: Timeframe, from: EpochMs): EpochMs | null {
    const { before, firstOffset } = this.#grid(timeframe);
    const passed = this.#countBefore(timeframe, from);
    if (passed >= (before[DAYS] ?? 0)) return null;
    const day = lastNotAbove(before, passed);
    const bar = passed - (before[day] ?? 0);
    const offset = (firstOffset[day] ?? 0) + bar * timeframeMs(timeframe);
    return US_CALENDAR_SPAN.from + day * DAY_MS + offset;
  }

  /** Bars that open before an instant. */
  #countBefore(timeframe: Timeframe, time: EpochMs): number {
    const { before, firstOffset } = this.#grid(timeframe);
    const day = dayIndex(time);
    if (day < 0) return 0;
    if (day >= DAYS) return before[DAYS] ?? 0;
    const earlier = before[day] ?? 0;
    const today = (before[day + 1] ?? 0) - earlier;
    const sinceFirst = time - US_CALENDAR_SPAN.from - day * DAY_MS - (firstOffset[day] ?? 0);
    const begun = Math.ceil(sinceFirst / timeframeMs(timeframe));
    return earlier + Math.min(Math.max(begun, 0), today);
  }

  #grid(timeframe: Timeframe): BarGrid {
    const known = this.#grids.get(timeframe);
    if (known !== undefined) return known;
    const grid = this.#countGrid(timeframe);
    this.#grids.set(timeframe, grid);
    return grid;
  }

  #countGrid(timeframe: Timeframe): BarGrid {
    const before = new Int32Array(DAYS + 1);
    const firstOffset = new Int32Array(DAYS);
    for (let day = 0; day < DAYS; day += 1) {
      const { bars, offset } = this.#barsOf(day, timeframe);
      before[day + 1] = (before[day] ?? 0) + bars;
      firstOffset[day] = offset;
    }
    return { before, firstOffset };
  }

  #barsOf(day: number, timeframe: Timeframe): { readonly bars: number; readonly offset: number } {
    const days = this.#days();
    const date = US_CALENDAR_SPAN.from + day * DAY_MS;
    if (timeframe === '1w') {
      const isMonday = misalignmentMs(date, '1w') === 0;
      const trades = days.slice(day, day + 7).some((session) => session !== null);
      return { bars: isMonday && trades ? 1 : 0, offset: 0 };
    }
    const session = days[day] ?? null;
    if (session === null) return { bars: 0, offset: 0 };
    if (timeframe === '1d') return { bars: 1, offset: 0 };
    const step = timeframeMs(timeframe);
    const first = Math.floor((session.open - date) / step);
    const end = Math.ceil((session.close - date) / step);
    return { bars: end - first, offset: first * step };
  }

  #days(): readonly (Session | null)[] {
    if (this.#sessions !== null) return this.#sessions;
    const days: (Session | null)[] = Array.from({ length: DAYS }, () => null);
    for (const session of usSessions()) days[dayIndex(session.date)] = session;
    this.#sessions = days;
    return days;
  }
}

const US = new UsCalendar();

function dayIndex(time: EpochMs): number {
  return (utcDayStart(time) - US_CALENDAR_SPAN.from) / DAY_MS;
}

function nextOnGrid(timeframe: Timeframe, from: EpochMs): EpochMs {
  const missed = misalignmentMs(from, timeframe);
  return missed === 0 ? from : from - missed + timeframeMs(timeframe);
}

/** Index of the last of the ascending numbers that is not above `limit`. */
function lastNotAbove(ascending: Int32Array, limit: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((ascending[middle] ?? Infinity) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
