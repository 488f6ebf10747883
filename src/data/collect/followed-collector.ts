import { formatTime, type EpochMs } from '../../core/time.ts';
import type { Logger } from '../../ports/logger.ts';
import { closedEndAt } from './collect-plan.ts';
import { isStale, isUpToDate, nextPollAt, type FollowedSeries } from './follow-schedule.ts';
import type { SeriesCollector } from './series-collector.ts';

/** When one series that is followed is to be asked for again. All times are the venue's. */
export class FollowedCollector {
  readonly collector: SeriesCollector;
  /** Infinite for one that is left out. */
  pollAt: EpochMs = -Infinity;
  /** It is being asked for. */
  isPolling = false;
  /** When it was last asked for, and when last with success. */
  askedAt: EpochMs = -Infinity;
  answeredAt: EpochMs = -Infinity;
  /** The venue is left alone until then. */
  heldUntil: EpochMs = -Infinity;
  /** Why the venue will not give it; null while it does. */
  refusal: string | null = null;
  readonly #graceMs: number;
  #emptyPolls = 0;
  #polledTo: EpochMs = -Infinity;
  #isStale = false;

  constructor(collector: SeriesCollector, graceMs: number) {
    this.collector = collector;
    this.#graceMs = graceMs;
  }

  get expectations(): FollowedSeries {
    const { key, calendar } = this.collector;
    return { timeframe: key.timeframe, calendar, graceMs: this.#graceMs };
  }

  isUpToDate(now: EpochMs): boolean {
    return isUpToDate({ ...this.expectations, now, lastOpen: this.collector.lastOpen });
  }

  /** Plans the next question; after a bar's close a late one is asked for with new impatience. */
  schedule(now: EpochMs): void {
    const { lastOpen } = this.collector;
    const polled = { ...this.expectations, now, lastOpen };
    const closedEnd = closedEndAt(now, polled.timeframe, this.#graceMs);
    if (closedEnd !== this.#polledTo) this.#emptyPolls = 0;
    this.#polledTo = closedEnd;
    const emptyPolls = isUpToDate(polled) ? 0 : this.#emptyPolls;
    // An answer that was under way when the venue asked to be left alone changes nothing of that.
    this.pollAt = Math.max(nextPollAt({ ...polled, emptyPolls }), this.heldUntil);
    this.#emptyPolls += 1;
  }

  hold(until: EpochMs): void {
    this.heldUntil = Math.max(this.heldUntil, until);
    this.pollAt = Math.max(this.pollAt, this.heldUntil);
  }

  /** To be asked for at once, unless the venue wants to be left alone or refused it. */
  pollSoon(now: EpochMs): void {
    if (this.refusal === null && this.heldUntil <= now) this.pollAt = -Infinity;
  }

  /** Says once that a series has fallen behind, and once that it goes on. */
  watchAge(now: EpochMs, logger: Logger): void {
    const { key, lastOpen } = this.collector;
    if (lastOpen === null) return;
    const stale = isStale(now, lastOpen, this.expectations);
    if (stale !== this.#isStale) {
      const fields = { ...key, last: formatTime(lastOpen) };
      if (stale) logger.warn(fields, 'no new bar for longer than two bars take');
      else logger.info(fields, 'bars arrive again');
    }
    this.#isStale = stale;
  }
}
