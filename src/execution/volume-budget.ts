import type { Bar } from '../core/bar.ts';
import { Decimal } from '../core/decimal.ts';
import type { EpochMs } from '../core/time.ts';

/** What all fills of one bar and symbol may take of its volume together. */
export class VolumeBudget {
  readonly #share: Decimal | null;
  readonly #lotStepAt: (time: EpochMs) => Decimal;
  #bar: Bar | null = null;
  #left = Decimal.zero;

  /** `maxShare` is a fraction of the bar's volume; null sets no limit and ignores volume. */
  constructor(maxShare: number | null, lotStepAt: (time: EpochMs) => Decimal) {
    this.#share = maxShare === null ? null : Decimal.fromNumber(maxShare);
    this.#lotStepAt = lotStepAt;
  }

  /** What is left of a bar's room; null where nothing of that bar was asked for yet. */
  leftOf(bar: Bar | null): Decimal | null {
    return bar !== null && this.#bar === bar ? this.#left : null;
  }

  /** Goes on with what was left of a bar. */
  restore(bar: Bar | null, left: Decimal | null): void {
    if (bar === null || left === null) return;
    this.#bar = bar;
    this.#left = left;
  }

  /** False for bars without volume: nobody traded, so nothing fills or triggers. */
  hasTrading(bar: Bar): boolean {
    return this.#share === null || bar.volume > 0;
  }

  /** The part of `wanted` that the bar still has room for. */
  cap(bar: Bar, wanted: Decimal): Decimal {
    if (this.#share === null) return wanted;
    if (this.#bar !== bar) {
      this.#bar = bar;
      const lotStep = this.#lotStepAt(bar.openTime);
      this.#left = this.#share.times(Decimal.fromNumber(bar.volume)).toStep(lotStep, 'down');
    }
    return wanted.min(this.#left);
  }

  /** Uses up what a fill took; `cap` of the same bar comes first. */
  take(quantity: Decimal): void {
    if (this.#share !== null) this.#left = this.#left.minus(quantity);
  }
}
