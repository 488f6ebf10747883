import type { AssetClass } from '../core/instrument.ts';
import type { EpochMs, Timeframe } from '../core/time.ts';
import { DAY_MS, formatTime, timeframeMs } from '../core/time.ts';
import type { DataIssue } from '../ports/bar-store.ts';

/** A stretch of time without bars. */
export interface Gap {
  /** Open time of the first bar that is not there. */
  readonly from: EpochMs;
  /** Open time of the next bar that is there. */
  readonly to: EpochMs;
  /** Bars that are not there; null where only the exchange's calendar could tell. */
  readonly missing: number | null;
}

/** A weekend with a holiday on either side closes a stock exchange for four calendar days. */
const STOCK_PAUSE_MAX_MS = 4 * DAY_MS;

/**
 * The gap between two neighbouring bars, or null. Crypto trades always, so every missing bar counts.
 * Stocks have nights, weekends and holidays: without the exchange's calendar only more than four
 * calendar days from one open to the next (one week for weekly bars) are called a gap.
 */
export function gapBetween(
  previous: EpochMs,
  next: EpochMs,
  timeframe: Timeframe,
  assetClass: AssetClass,
): Gap | null {
  const step = timeframeMs(timeframe);
  const distance = next - previous;
  if (distance <= step) return null;
  if (assetClass === 'crypto') {
    return { from: previous + step, to: next, missing: Math.round(distance / step) - 1 };
  }
  if (distance <= STOCK_PAUSE_MAX_MS) return null;
  return { from: previous + step, to: next, missing: null };
}

export function issueOfGap(gap: Gap): DataIssue {
  const what = gap.missing === null ? 'no bars' : `${gap.missing} missing`;
  return {
    openTime: gap.from,
    rule: 'gap',
    detail: `${what} from ${formatTime(gap.from)} until ${formatTime(gap.to)}`,
    quarantined: false,
  };
}
