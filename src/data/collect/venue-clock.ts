import { MINUTE_MS } from '../../core/time.ts';
import type { EpochMs } from '../../core/time.ts';
import type { BarSource } from '../../ports/bar-source.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';

/** Clocks drift, and people set them: an offset is believed for so long. */
const MEASURED_FOR_MS = 10 * MINUTE_MS;
const OFFSET_WARNED_MS = 1000;
/** A clock that went so far in another time than it should have was set, or this machine slept. */
const JUMP_MS = 1000;

interface VenueClockParts {
  readonly source: Pick<BarSource, 'exchange' | 'serverTime'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What the venue's clock said, and this machine's when the answer had arrived. */
interface Reading {
  readonly venue: EpochMs;
  /** How long question and answer took together. */
  readonly roundTripMs: number;
  readonly local: EpochMs;
  readonly steady: number;
}

/**
 * The time a venue has: whether a bar is finished is for its clock to say, not for ours. From what it
 * said last, time goes on by the steady reading of this machine's clock where there is one, so that
 * nobody who sets the clock makes a bar look finished. When in its round trip the answer was made is
 * not known (a client may have kept the question waiting), so the time is the earliest it can be.
 */
export class VenueClock implements Clock {
  readonly #parts: VenueClockParts;
  #reading: Reading | null = null;
  #asking: Promise<void> | null = null;
  #warned = false;

  constructor(parts: VenueClockParts) {
    this.#parts = parts;
  }

  now(): EpochMs {
    const reading = this.#reading;
    if (reading === null) return this.#parts.clock.now();
    return Math.floor(reading.venue + this.#steady() - reading.steady);
  }

  /**
   * By how much the venue's clock is ahead of this machine's, in milliseconds. The answer was made
   * somewhere between question and arrival: half way is the best guess.
   */
  get offsetMs(): number {
    const sinceAnswer = (this.#reading?.roundTripMs ?? 0) / 2;
    return Math.round(this.now() + sinceAnswer - this.#parts.clock.now());
  }

  /** When the venue is to be asked again, by its own clock; at once where it never was. */
  get dueAt(): EpochMs {
    if (this.#reading === null || !this.#isBelieved(this.#reading)) return -Infinity;
    return this.#reading.venue + MEASURED_FOR_MS;
  }

  /**
   * Asks the venue unless that was done lately; who comes while it is asked waits for that answer.
   * Throws what the venue's answer throws.
   */
  async measure(signal: AbortSignal): Promise<void> {
    if (this.#reading !== null && this.#isBelieved(this.#reading)) return;
    this.#asking ??= this.#ask(signal).finally(() => {
      this.#asking = null;
    });
    await this.#asking;
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const { source, clock } = this.#parts;
    const before = this.#steady();
    const time = await source.serverTime(signal);
    const steady = this.#steady();
    this.#reading = { venue: time, roundTripMs: steady - before, local: clock.now(), steady };
    this.#warn();
  }

  /** A negative age tells of a clock that was set back. */
  #isBelieved({ local, steady }: Reading): boolean {
    const ageMs = this.#steady() - steady;
    const localAgeMs = this.#parts.clock.now() - local;
    return ageMs >= 0 && ageMs < MEASURED_FOR_MS && Math.abs(localAgeMs - ageMs) <= JUMP_MS;
  }

  #steady(): number {
    const { clock } = this.#parts;
    return clock.steady?.() ?? clock.now();
  }

  #warn(): void {
    const { offsetMs } = this;
    const isOff = Math.abs(offsetMs) > OFFSET_WARNED_MS;
    if (isOff && !this.#warned) {
      this.#parts.logger.warn(
        { exchange: this.#parts.source.exchange, offsetMs },
        "this machine's clock differs from the exchange's, whose time is used; set the clock",
      );
    }
    this.#warned = isOff;
  }
}
