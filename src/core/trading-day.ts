import type { EpochMs } from './time.ts';
import { DAY_MS, utcDayStart } from './time.ts';
import type { TradingCalendar } from './trading-calendar.ts';

/** No market the calendars know was ever closed for longer: seven days in September 2001. */
const LONGEST_CLOSURE_DAYS = 10;

/**
 * End of the trading day that is running at an instant, or that comes next: the close of its
 * session, midnight UTC where trading never stops or no session is known. Always after the instant,
 * so that what is said at a close holds for the day after it.
 */
export function tradingDayEnd(calendar: TradingCalendar, time: EpochMs): EpochMs {
  const today = utcDayStart(time);
  for (let days = 0; days <= LONGEST_CLOSURE_DAYS; days += 1) {
    const session = calendar.sessionOn(today + days * DAY_MS);
    if (session !== null && session.close > time) return session.close;
  }
  return today + DAY_MS;
}
