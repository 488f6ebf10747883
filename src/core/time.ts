/** UTC milliseconds since 1970-01-01T00:00Z, an integer. */
export type EpochMs = number;

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

const TIMEFRAME_MS = {
  '1m': MINUTE_MS,
  '3m': 3 * MINUTE_MS,
  '5m': 5 * MINUTE_MS,
  '15m': 15 * MINUTE_MS,
  '30m': 30 * MINUTE_MS,
  '1h': HOUR_MS,
  '2h': 2 * HOUR_MS,
  '4h': 4 * HOUR_MS,
  '6h': 6 * HOUR_MS,
  '8h': 8 * HOUR_MS,
  '12h': 12 * HOUR_MS,
  '1d': DAY_MS,
  '1w': 7 * DAY_MS,
} as const;

export type Timeframe = keyof typeof TIMEFRAME_MS;
export const TIMEFRAMES = Object.keys(TIMEFRAME_MS).filter(isTimeframe);

/** True for the timeframes QuantSage knows; case matters (`1m` is a minute, `1M` is refused). */
export function isTimeframe(text: string): text is Timeframe {
  return Object.hasOwn(TIMEFRAME_MS, text);
}

/** Length of one bar in milliseconds. */
export function timeframeMs(timeframe: Timeframe): number {
  return TIMEFRAME_MS[timeframe];
}

/** Weeks open on Monday 00:00 UTC; 1970-01-05 was the first Monday of the epoch. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

/** Milliseconds by which an open time misses the timeframe's grid; 0 when aligned. */
export function misalignmentMs(openTime: EpochMs, timeframe: Timeframe): number {
  const origin = timeframe === '1w' ? FIRST_MONDAY_MS : 0;
  const step = timeframeMs(timeframe);
  return (((openTime - origin) % step) + step) % step;
}

/** Start of the UTC day that holds the instant. */
export function utcDayStart(time: EpochMs): EpochMs {
  return Math.floor(time / DAY_MS) * DAY_MS;
}

/** Start of the UTC day that an instant belongs to the end of: midnight closes the day before. */
export function utcDayClosedBy(time: EpochMs): EpochMs {
  return Math.ceil(time / DAY_MS) * DAY_MS - DAY_MS;
}

/** ISO-8601 with the zone, without milliseconds where they are zero: `2018-01-01T00:00:00Z`. */
export function formatTime(time: EpochMs): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

/** A span of time, start inclusive, end exclusive; null leaves that side open. */
export interface TimeRange {
  readonly start: EpochMs | null;
  readonly end: EpochMs | null;
}

/** A span of time with both ends: `from ≤ t < to`. */
export interface TimeSpan {
  readonly from: EpochMs;
  readonly to: EpochMs;
}
