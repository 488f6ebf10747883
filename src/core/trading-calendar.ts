/**
 * When a market trades: `always` around the clock; `us` in the regular sessions of the New York
 * Stock Exchange; `unknown` where nothing can be expected, and so nothing can be missing.
 */
export const CALENDARS = ['always', 'us', 'unknown'] as const;
export type CalendarId = (typeof CALENDARS)[number];
