import { timeframeMs, type EpochMs } from '../../core/time.ts';
import type { FollowedCollector } from '../collect/followed-collector.ts';
import { staleAt } from '../collect/follow-schedule.ts';
import type { StoredSeries } from '../collect/stored-series.ts';
import { isWithin } from '../collect/time-spans.ts';
import { SeriesQueue } from './series-queue.ts';

/** What a slice is waited for with, all times the venue's. */
export interface AwaitedSlice {
  readonly closeTime: EpochMs;
  /** Close time up to which slices were handed out. */
  readonly doneTo: EpochMs;
  /** From when on its bars may be had. */
  readonly dueAt: EpochMs;
  /** Later bars are due as well. */
  readonly isBehind: boolean;
  readonly now: EpochMs;
}

/** One series of a feed: what is stored of it and not handed out, and whether more is to come. */
export class FeedSeries {
  readonly followed: FollowedCollector;
  readonly queue: SeriesQueue;
  readonly #stored: StoredSeries;
  readonly #limitMs: number;

  /** `limitMs`: how long a bar may be due before the series is stale. */
  constructor(followed: FollowedCollector, stored: StoredSeries, limitMs: number) {
    this.followed = followed;
    this.queue = new SeriesQueue(stored);
    this.#stored = stored;
    this.#limitMs = limitMs;
  }

  /** When it is stale unless a bar comes; at once where there is none at all, null for never. */
  get staleAt(): EpochMs | null {
    const { collector, expectations } = this.followed;
    const { lastOpen } = collector;
    return lastOpen === null ? -Infinity : staleAt(lastOpen, expectations, this.#limitMs);
  }

  /** Whether bars up to the slice's may still come, so that it is worth waiting a little. */
  isAwaited({ closeTime, doneTo, dueAt, isBehind, now }: AwaitedSlice): boolean {
    const { followed } = this;
    if (followed.refusal !== null) return false;
    if (isBehind && followed.isPolling) return true;
    if (!this.#lacksBars(closeTime, doneTo)) return false;
    const isStale = now > (this.staleAt ?? Infinity);
    return !(isStale && followed.answeredAt >= dueAt);
  }

  /**
   * Whether its next bar is held back: there should be others before it, and the venue has not been
   * heard on them, as where a stream goes on while questions fail. What follows a hole that is none
   * would be decided on wrongly. Ends when the venue answers, at the latest when the bar is stale.
   */
  isHeld(now: EpochMs): boolean {
    const next = this.queue.peek();
    if (next === null || this.followed.refusal !== null) return false;
    const { timeframe, calendar, graceMs } = this.followed.expectations;
    const expected = calendar.nextOpen(timeframe, this.queue.from);
    if (expected === null || expected >= next.openTime) return false;
    if (this.followed.answeredAt >= next.closeTime + graceMs) return false;
    if (now > next.closeTime + this.#limitMs) return false;
    return !isWithin({ from: expected, to: next.openTime }, this.#stored.covered());
  }

  /** When a bar that is held back is let go whatever happens. */
  get heldUntil(): EpochMs {
    return (this.queue.peek()?.closeTime ?? Infinity) + this.#limitMs + 1;
  }

  /** A bar that is to be expected is not stored, and nobody said that there is none. */
  #lacksBars(closeTime: EpochMs, doneTo: EpochMs): boolean {
    const { timeframe, calendar } = this.followed.expectations;
    const next = this.queue.peek();
    const hasIt = next !== null && next.closeTime <= closeTime;
    const to = hasIt ? next.openTime : closeTime - timeframeMs(timeframe) + 1;
    const since = hasIt ? this.queue.from : Math.max(this.queue.from, doneTo);
    const from = calendar.nextOpen(timeframe, since);
    if (from === null || from >= to) return false;
    return !isWithin({ from, to }, this.#stored.covered());
  }
}
