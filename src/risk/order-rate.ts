import { type EpochMs, MINUTE_MS, utcDayStart } from '../core/time.ts';

/** Enough to go on counting after a restart. */
export interface OrderRateSnapshot {
  /** Start of the UTC day that `today` counts for. */
  readonly day: EpochMs;
  readonly today: number;
  /** Value of these, in quote currency. */
  readonly notional: number;
  /** Times of the approvals within the last minute, ascending. */
  readonly recent: readonly EpochMs[];
}

const NOTHING: OrderRateSnapshot = { day: 0, today: 0, notional: 0, recent: [] };

/** Counts approved entries over the last sixty seconds, and with their value over the UTC day. */
export class OrderRate {
  #day: EpochMs;
  #today: number;
  #notional: number;
  #recent: readonly EpochMs[];

  constructor({ day, today, notional, recent }: OrderRateSnapshot = NOTHING) {
    this.#day = day;
    this.#today = today;
    this.#notional = notional;
    this.#recent = [...recent];
  }

  /** Takes down an approval and the value of what was approved, in quote currency. */
  record(time: EpochMs, value: number): void {
    this.#notional = this.notionalToday(time) + value;
    this.#today = this.today(time) + 1;
    this.#day = utcDayStart(time);
    this.#recent = [...this.#since(time), time];
  }

  /** Approvals in the sixty seconds that end now; one exactly sixty seconds old counts no more. */
  lastMinute(now: EpochMs): number {
    return this.#since(now).length;
  }

  today(now: EpochMs): number {
    return utcDayStart(now) === this.#day ? this.#today : 0;
  }

  notionalToday(now: EpochMs): number {
    return utcDayStart(now) === this.#day ? this.#notional : 0;
  }

  snapshot(): OrderRateSnapshot {
    return { day: this.#day, today: this.#today, notional: this.#notional, recent: this.#recent };
  }

  #since(now: EpochMs): readonly EpochMs[] {
    return this.#recent.filter((time) => time > now - MINUTE_MS);
  }
}
