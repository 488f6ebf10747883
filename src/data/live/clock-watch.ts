import { ExchangeError } from '../../core/errors.ts';
import { MINUTE_MS, type EpochMs } from '../../core/time.ts';
import type { Logger } from '../../ports/logger.ts';
import type { VenueClock } from '../collect/venue-clock.ts';

/** How long a clock that did not answer is left alone. */
const PAUSE_MS = MINUTE_MS;

/** Keeps the exchange's time known, also while there is nothing else to ask it for. */
export class ClockWatch {
  readonly #clock: VenueClock;
  readonly #logger: Logger;
  #pausedUntil: EpochMs = -Infinity;
  #isAsking = false;

  constructor(clock: VenueClock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  /** When the clock is to be read; infinite while it is. */
  get dueAt(): EpochMs {
    return this.#isAsking ? Infinity : Math.max(this.#clock.dueAt, this.#pausedUntil);
  }

  /** A clock that does not answer is believed as it was: it is no fault that ends anything. */
  async read(signal: AbortSignal): Promise<void> {
    this.#isAsking = true;
    this.#pausedUntil = this.#clock.now() + PAUSE_MS;
    try {
      await this.#clock.measure(signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ExchangeError)) throw error;
      this.#logger.warn({ fault: error.message }, "the exchange's clock could not be read");
    } finally {
      this.#isAsking = false;
    }
  }
}
