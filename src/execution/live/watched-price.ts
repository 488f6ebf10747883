import type { Bar } from '../../core/bar.ts';
import type { Decimal } from '../../core/decimal.ts';
import { limitPriceOf, stopPriceOf } from '../../core/order.ts';
import type { Quote } from '../../core/quote.ts';
import type { EpochMs } from '../../core/time.ts';
import { trailedLevel } from '../trailing-stop.ts';
import type { LiveOrder } from './live-order.ts';

/** What is known of a market since it was looked at last; doubles as their sources gave. */
export interface Glimpse {
  /** Worst prices for those who wait to sell, and to buy. */
  readonly low: number;
  readonly high: number;
  /** Best prices for those who sell, and who buy. */
  readonly peak: number;
  readonly trough: number;
  /** What can be had right now. */
  readonly bid: number;
  readonly ask: number;
}

export function glimpseOfQuote({ bid, ask }: Quote): Glimpse {
  return { low: bid, high: ask, peak: bid, trough: ask, bid, ask };
}

/** Of a bar that began before an order did, only the close is certain to have come after it. */
export function glimpseOfBar(bar: Bar, since: EpochMs): Glimpse {
  const { close } = bar;
  const isWhole = bar.openTime >= since;
  const low = isWhole ? bar.low : close;
  const high = isWhole ? bar.high : close;
  return { low, high, peak: high, trough: low, bid: close, ask: close };
}

/** What a look at the market did to an order that the engine watches it for. */
interface Watched {
  readonly hasTriggered: boolean;
  readonly trailedTo: Decimal | null;
}

/**
 * A stop triggers once the market reached it at any time; a limit only while it can be had, since
 * what is sent for it fills at that price or not at all. A trailing stop is met as it stood, and
 * follows afterwards. Null where nothing changed.
 */
export function watch(order: LiveOrder, glimpse: Glimpse, tickSize: Decimal): Watched | null {
  const { request, trailedTo } = order;
  const isSell = request.side === 'sell';
  const stop = trailedTo ?? stopPriceOf(request);
  const limit = limitPriceOf(request);
  if (stop === null) {
    if (limit === null) return null;
    const isThere = isSell ? glimpse.bid >= limit.toNumber() : glimpse.ask <= limit.toNumber();
    return isThere ? { hasTriggered: true, trailedTo } : null;
  }
  const isReached = isSell ? glimpse.low <= stop.toNumber() : glimpse.high >= stop.toNumber();
  if (isReached) return { hasTriggered: true, trailedTo };
  const moved = trailed(order, glimpse, tickSize);
  return moved === null ? null : { hasTriggered: false, trailedTo: moved };
}

function trailed({ request, trailedTo }: LiveOrder, glimpse: Glimpse, tickSize: Decimal) {
  if (request.type !== 'trailing_stop' || trailedTo === null) return null;
  const price = request.side === 'sell' ? glimpse.peak : glimpse.trough;
  const from = { exact: trailedTo, double: trailedTo.toNumber() };
  return trailedLevel(request, from, { price, tickSize })?.exact ?? null;
}
