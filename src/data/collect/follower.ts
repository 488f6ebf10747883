import type { SeriesKey } from '../../ports/bar-store.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Timer } from '../../ports/timer.ts';
import { FollowedVenue } from './followed-venue.ts';
import type { SeriesCollector, VenueParts } from './series-collector.ts';
import type { SavedPage } from './series-writer.ts';

export interface FollowerParts {
  readonly venue: VenueParts;
  readonly series: readonly SeriesCollector[];
  readonly timer: Timer;
  readonly logger: Logger;
  /** Bars were stored. */
  readonly onSaved: (key: SeriesKey, page: SavedPage) => void;
}

/**
 * Keeps the series of one venue up to date until the signal aborts: polls after every close, one
 * series after the other, takes what a stream brings earlier, and catches up after an outage, since
 * every poll plans anew from what is stored.
 */
export class Follower {
  readonly #parts: FollowerParts;
  readonly #followed: FollowedVenue;
  /** Ends the wait in hand: the stream broke, or the run is to end. */
  #wake = new AbortController();

  constructor(parts: FollowerParts) {
    const { venue, series, logger, onSaved } = parts;
    this.#parts = parts;
    this.#followed = new FollowedVenue({
      venue,
      series,
      logger,
      refusedForMs: Infinity,
      awaitsSuccessor: false,
      onSaved: (key, page) => {
        if (page.inserted + page.revised > 0) onSaved(key, page);
      },
      onNews: () => this.#wake.abort(),
    });
  }

  /** Throws what `FollowedVenue` throws. */
  async run(signal: AbortSignal): Promise<void> {
    const { venue, timer } = this.#parts;
    // `AbortSignal.any` would leave something behind on the signal with every wait.
    const onAbort = () => this.#wake.abort();
    signal.addEventListener('abort', onAbort);
    try {
      while (!signal.aborted) {
        this.#wake = new AbortController();
        this.#followed.tend();
        await this.#pollDue(signal);
        const waitMs = Math.max(0, this.#followed.nextDueAt() - venue.clock.now());
        await timer.wait(waitMs, this.#wake.signal);
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#followed.close();
    }
  }

  async #pollDue(signal: AbortSignal): Promise<void> {
    for (const each of this.#followed.due()) {
      if (!signal.aborted) await this.#followed.poll(each, signal);
    }
  }
}
