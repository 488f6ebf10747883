import { ConfigError, ExchangeError } from '../../core/errors.ts';
import { formatTime, MINUTE_MS, type EpochMs } from '../../core/time.ts';
import type { SeriesKey } from '../../ports/bar-store.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Timer } from '../../ports/timer.ts';
import { CandleStream } from './candle-stream.ts';
import {
  isStale,
  isUpToDate,
  nextCloseAt,
  nextPollAt,
  type FollowedSeries,
} from './follow-schedule.ts';
import type { FinishedCandle } from './forming-candles.ts';
import type { SeriesCollector, VenueParts } from './series-collector.ts';
import type { SavedPage } from './series-writer.ts';

/** Where a stream brings the bars, the venue's own word on them is asked for so often. */
const CONFIRMED_EVERY_MS = 10 * MINUTE_MS;
/** How long a venue that fails is left alone at most, beyond the retries of every call. */
const OUTAGE_WAIT_MS = MINUTE_MS;

export interface FollowerParts {
  readonly venue: VenueParts;
  readonly series: readonly SeriesCollector[];
  readonly timer: Timer;
  readonly logger: Logger;
  /** Bars were stored. */
  readonly onSaved: (key: SeriesKey, page: SavedPage) => void;
}

interface Followed {
  readonly collector: SeriesCollector;
  /** Infinite for one that is left out. */
  pollAt: EpochMs;
  emptyPolls: number;
  isStale: boolean;
}

/**
 * Keeps the series of one venue up to date until the signal aborts: polls after every close, takes
 * what a stream brings earlier, and catches up after an outage, since every poll plans anew from
 * what is stored. Passing faults never end it; a series that is refused for good is left out while
 * there are others; anything else is thrown.
 */
export class Follower {
  readonly #parts: FollowerParts;
  readonly #followed: readonly Followed[];
  readonly #stream: CandleStream;
  /** Ends the wait in hand: the stream broke, or the run is to end. */
  #wake = new AbortController();
  #fault: unknown = null;

  constructor(parts: FollowerParts) {
    const { venue, series, logger } = parts;
    this.#parts = parts;
    this.#followed = series.map((collector) => ({
      collector,
      pollAt: -Infinity,
      emptyPolls: 0,
      isStale: false,
    }));
    this.#stream = new CandleStream({
      source: venue.source,
      series: series.map(({ key }) => key),
      clock: venue.clock,
      graceMs: venue.graceMs,
      logger,
      onCandle: (candle) => {
        this.#take(candle);
      },
      onBroken: () => {
        this.#pollSoon();
      },
    });
  }

  async run(signal: AbortSignal): Promise<void> {
    const { venue, timer } = this.#parts;
    // `AbortSignal.any` would leave something behind on the signal with every wait.
    const onAbort = () => this.#wake.abort();
    signal.addEventListener('abort', onAbort);
    try {
      while (!signal.aborted) {
        this.#wake = new AbortController();
        const wasOpen = this.#stream.isOpen;
        this.#stream.tend();
        if (wasOpen && !this.#stream.isOpen) this.#pollSoon();
        await this.#pollDue(signal);
        if (this.#fault !== null) throw this.#fault;
        const waitMs = Math.max(0, this.#nextDueAt() - venue.clock.now());
        await timer.wait(waitMs, this.#wake.signal);
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#stream.close();
    }
  }

  async #pollDue(signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts.venue;
    for (const each of this.#followed) {
      if (!signal.aborted && each.pollAt <= clock.now()) await this.#poll(each, signal);
    }
  }

  #nextDueAt(): EpochMs {
    return Math.min(this.#stream.nextDueAt(), ...this.#followed.map(({ pollAt }) => pollAt));
  }

  async #poll(each: Followed, signal: AbortSignal): Promise<void> {
    const { venue, logger, onSaved } = this.#parts;
    const { collector } = each;
    try {
      await collector.collect({
        range: null,
        signal,
        onPage: ({ key, page }) => {
          if (page.inserted + page.revised > 0) onSaved(key, page);
        },
      });
      this.#schedule(each);
    } catch (error) {
      if (signal.aborted) return;
      if (isRefusal(error)) return this.#leaveOut(each, error);
      if (!(error instanceof ExchangeError) || !error.isRetryable) throw error;
      const waitMs = Math.max(OUTAGE_WAIT_MS, error.retryAfterMs ?? 0);
      each.pollAt = venue.clock.now() + waitMs;
      logger.warn(
        { fault: error.message, symbol: collector.key.symbol, waitMs },
        'the exchange is not available; following goes on',
      );
    }
    this.#watchAge(each);
  }

  /** What is refused of one series, a delisted one, need not concern the others. */
  #leaveOut(each: Followed, error: Error): void {
    each.pollAt = Infinity;
    if (this.#followed.every(({ pollAt }) => pollAt === Infinity)) throw error;
    const { key } = each.collector;
    const fields = { fault: error.message, ...key };
    this.#parts.logger.error(
      fields,
      'this series is refused and followed no longer; the others are',
    );
  }

  #schedule(each: Followed): void {
    const { lastOpen } = each.collector;
    const series = this.#expectations(each);
    const now = this.#parts.venue.clock.now();
    const polled = { ...series, now, lastOpen, emptyPolls: each.emptyPolls };
    each.emptyPolls = isUpToDate(polled) ? 0 : each.emptyPolls + 1;
    each.pollAt = this.#stream.isOpen
      ? nextCloseAt(now + CONFIRMED_EVERY_MS, series)
      : nextPollAt(polled);
  }

  #expectations({ collector }: Followed): FollowedSeries {
    const { graceMs } = this.#parts.venue;
    return { timeframe: collector.key.timeframe, calendar: collector.calendar, graceMs };
  }

  /** Says once that a series has fallen behind, and once that it goes on. */
  #watchAge(each: Followed): void {
    const { venue, logger } = this.#parts;
    const { key, lastOpen } = each.collector;
    if (lastOpen === null) return;
    const stale = isStale(venue.clock.now(), lastOpen, this.#expectations(each));
    if (stale !== each.isStale) {
      const fields = { ...key, last: formatTime(lastOpen) };
      if (stale) logger.warn(fields, 'no new bar for longer than two bars take');
      else logger.info(fields, 'bars arrive again');
    }
    each.isStale = stale;
  }

  #take({ symbol, timeframe, bar }: FinishedCandle): void {
    const followed = this.#followed.find(
      ({ collector: { key } }) => key.symbol === symbol && key.timeframe === timeframe,
    );
    if (followed === undefined) return;
    try {
      const page = followed.collector.take(bar);
      if (page.inserted + page.revised > 0) this.#parts.onSaved(followed.collector.key, page);
    } catch (error) {
      // Thrown into the stream's own code it would be taken for a fault of the stream.
      this.#fault = error;
      this.#wake.abort();
    }
  }

  #pollSoon(): void {
    for (const each of this.#followed) if (each.pollAt !== Infinity) each.pollAt = -Infinity;
    this.#wake.abort();
  }
}

/** The venue was reached and will not give this series: nothing that passes, nothing for all. */
function isRefusal(error: unknown): error is Error {
  if (error instanceof ConfigError) return true;
  return error instanceof ExchangeError && error.kind === 'rejected';
}
