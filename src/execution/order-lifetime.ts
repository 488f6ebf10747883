import type { ApprovedOrder, TimeInForce } from '../core/order.ts';
import type { EpochMs } from '../core/time.ts';
import type { TradingCalendar } from '../core/trading-calendar.ts';
import { tradingDayEnd } from '../core/trading-day.ts';

interface Acceptance {
  readonly calendar: TradingCalendar;
  readonly now: EpochMs;
}

/**
 * When an order that is accepted now ends by itself, Infinity for never. It may meet a bar that
 * opens before then, whole: that bar's close is the first chance to end it. So a `day` order given
 * at the close of a daily bar lives through the next one, whatever the hour its session closes.
 */
export function endOf(
  { timeInForce, expiresAt }: Pick<ApprovedOrder, 'timeInForce' | 'expiresAt'>,
  { calendar, now }: Acceptance,
): EpochMs {
  if (timeInForce === 'day') return tradingDayEnd(calendar, now);
  return timeInForce === 'gtd' ? (expiresAt ?? Infinity) : Infinity;
}

/** True for orders that see one price and are gone. */
export function isImmediate(timeInForce: TimeInForce): boolean {
  return timeInForce === 'ioc' || timeInForce === 'fok';
}
