import { ConfigError, ExchangeError } from '../../core/errors.ts';
import { MINUTE_MS, type EpochMs } from '../../core/time.ts';
import type { SeriesKey } from '../../ports/bar-store.ts';
import type { Logger } from '../../ports/logger.ts';
import { CandleStream } from './candle-stream.ts';
import { FollowedCollector } from './followed-collector.ts';
import type { FinishedCandle } from './forming-candles.ts';
import type { SeriesCollector, VenueParts } from './series-collector.ts';
import type { SavedPage } from './series-writer.ts';

/** Where a stream brings the bars, the venue's own word on them is asked for so often. */
const CONFIRMED_EVERY_MS = 10 * MINUTE_MS;
/** How long a venue that fails is left alone at most, beyond the retries of every call. */
const OUTAGE_WAIT_MS = MINUTE_MS;

export interface FollowingParts {
  readonly venue: VenueParts;
  readonly series: readonly SeriesCollector[];
  readonly logger: Logger;
  /** How long a series that is refused is left out; for ever where infinite. */
  readonly refusedForMs: number;
  /** As a `CandleStream` has it. */
  readonly awaitsSuccessor: boolean;
  /** Bars were stored. */
  readonly onSaved: (key: SeriesKey, page: SavedPage) => void;
  /** Something happened between two polls: who waits must look again. */
  readonly onNews: () => void;
}

/**
 * The series of one venue that are followed: which of them are to be asked for, and what becomes of
 * asking. Passing faults never end it; a series that is refused is left out while there are others;
 * anything else is thrown.
 */
export class FollowedVenue {
  readonly series: readonly FollowedCollector[];
  readonly #parts: FollowingParts;
  readonly #stream: CandleStream;
  #fault: unknown = null;

  constructor(parts: FollowingParts) {
    const { venue, series, logger } = parts;
    this.#parts = parts;
    this.series = series.map((collector) => new FollowedCollector(collector, venue.graceMs));
    this.#stream = new CandleStream({
      source: venue.source,
      series: series.map(({ key }) => key),
      clock: venue.clock,
      graceMs: venue.graceMs,
      logger,
      awaitsSuccessor: parts.awaitsSuccessor,
      onCandle: (candle) => {
        this.#take(candle);
      },
      onBroken: () => {
        this.#pollSoon();
        parts.onNews();
      },
    });
  }

  /** Looks after the stream. Throws what storing one of its candles threw. */
  tend(): void {
    const wasOpen = this.#stream.isOpen;
    this.#stream.tend();
    if (wasOpen && !this.#stream.isOpen) this.#pollSoon();
    if (this.#fault !== null) throw this.#fault;
  }

  /** The series that are to be asked for now. Those that a stream keeps up to date seldom are. */
  *due(): Generator<FollowedCollector, void> {
    for (const each of this.series) {
      const now = this.#parts.venue.clock.now();
      if (each.isPolling || each.pollAt > now) continue;
      // One that is wanted at once was missed by the stream, whatever it brought since.
      const isWanted = each.pollAt === -Infinity;
      const isConfirmed = !isWanted && now - each.answeredAt < CONFIRMED_EVERY_MS;
      if (this.#stream.isOpen && isConfirmed && each.isUpToDate(now)) each.schedule(now);
      else yield each;
    }
  }

  nextDueAt(): EpochMs {
    const idle = this.series.filter(({ isPolling }) => !isPolling);
    return Math.min(this.#stream.nextDueAt(), ...idle.map(({ pollAt }) => pollAt));
  }

  async poll(each: FollowedCollector, signal: AbortSignal): Promise<void> {
    const { venue, logger, onSaved } = this.#parts;
    const { collector } = each;
    each.askedAt = venue.clock.now();
    each.isPolling = true;
    try {
      await collector.collect({
        range: null,
        signal,
        onPage: ({ key, page }) => {
          if (page.inserted + page.revised + page.quarantined > 0) onSaved(key, page);
        },
      });
      if (signal.aborted) return;
      each.answeredAt = each.askedAt;
      each.refusal = null;
      each.schedule(venue.clock.now());
    } catch (error) {
      if (signal.aborted) return;
      if (isRefusal(error)) return this.leaveOut(each, error);
      if (!(error instanceof ExchangeError) || !error.isRetryable) throw error;
      this.#leaveAlone(each, error);
    } finally {
      each.isPolling = false;
    }
    each.watchAge(venue.clock.now(), logger);
  }

  /** What is refused of one series, a delisted one, need not concern the others. */
  leaveOut(each: FollowedCollector, error: Error): void {
    const { venue, logger, refusedForMs } = this.#parts;
    const isNews = each.refusal === null;
    each.refusal = error.message;
    each.pollAt = venue.clock.now() + refusedForMs;
    if (this.series.every(({ pollAt }) => pollAt === Infinity)) throw error;
    if (!isNews) return;
    const fields = { fault: error.message, ...each.collector.key };
    logger.error(fields, 'this series is refused and left out; the others are followed');
  }

  close(): void {
    this.#stream.close();
  }

  /** A venue that names a time means everybody; one that does not may fail for a single series. */
  #leaveAlone(each: FollowedCollector, error: ExchangeError): void {
    const { venue, logger } = this.#parts;
    const { retryAfterMs } = error;
    const waitMs = Math.max(OUTAGE_WAIT_MS, retryAfterMs ?? 0);
    const until = venue.clock.now() + waitMs;
    for (const other of retryAfterMs === null ? [each] : this.series) other.hold(until);
    logger.warn(
      { fault: error.message, symbol: each.collector.key.symbol, waitMs },
      'the exchange is not available; following goes on',
    );
  }

  #take({ symbol, timeframe, bar }: FinishedCandle): void {
    const followed = this.series.find(
      ({ collector: { key } }) => key.symbol === symbol && key.timeframe === timeframe,
    );
    if (followed === undefined) return;
    try {
      const page = followed.collector.take(bar);
      const isNews = page.inserted + page.revised + page.quarantined > 0;
      if (isNews) this.#parts.onSaved(followed.collector.key, page);
    } catch (error) {
      // Thrown into the stream's own code it would be taken for a fault of the stream.
      this.#fault = error;
      this.#parts.onNews();
    }
  }

  #pollSoon(): void {
    const now = this.#parts.venue.clock.now();
    for (const each of this.series) each.pollSoon(now);
  }
}

/** The venue was reached and will not give this series: nothing that passes, nothing for all. */
export function isRefusal(error: unknown): error is Error {
  if (error instanceof ConfigError) return true;
  return error instanceof ExchangeError && error.kind === 'rejected';
}
