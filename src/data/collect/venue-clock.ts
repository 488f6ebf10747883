import { MINUTE_MS } from '../../core/time.ts';
import type { EpochMs } from '../../core/time.ts';
import type { BarSource } from '../../ports/bar-source.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';

/** Clocks drift, and people set them: an offset is believed for so long. */
const MEASURED_FOR_MS = 10 * MINUTE_MS;
const OFFSET_WARNED_MS = 1000;

interface VenueClockParts {
  readonly source: Pick<BarSource, 'exchange' | 'serverTime'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The time a venue has: whether a bar is finished is for its clock to say, not for ours. */
export class VenueClock implements Clock {
  readonly #parts: VenueClockParts;
  #offset = 0;
  #measuredAt: EpochMs | null = null;
  #warned = false;

  constructor(parts: VenueClockParts) {
    this.#parts = parts;
  }

  now(): EpochMs {
    return this.#parts.clock.now() + this.#offset;
  }

  /** Asks the venue unless that was done lately. Throws what the venue's answer throws. */
  async measure(signal: AbortSignal): Promise<void> {
    const { source, clock } = this.#parts;
    const before = clock.now();
    if (this.#measuredAt !== null && isRecent(before - this.#measuredAt)) return;
    const time = await source.serverTime(signal);
    const after = clock.now();
    // The answer was made somewhere between question and arrival: half way is the best guess.
    this.#offset = Math.round(time - (before + after) / 2);
    this.#measuredAt = after;
    this.#warn();
  }

  #warn(): void {
    const isOff = Math.abs(this.#offset) > OFFSET_WARNED_MS;
    if (isOff && !this.#warned) {
      this.#parts.logger.warn(
        { exchange: this.#parts.source.exchange, offsetMs: this.#offset },
        "this machine's clock differs from the exchange's, whose time is used; set the clock",
      );
    }
    this.#warned = isOff;
  }
}

/** A negative age tells of a clock that was set back. */
function isRecent(ageMs: number): boolean {
  return ageMs >= 0 && ageMs < MEASURED_FOR_MS;
}
