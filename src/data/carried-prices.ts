import type { EpochMs } from '../core/time.ts';
import type { BarPage } from '../ports/bar-store.ts';
import type { Split } from './splits.ts';

/** Digits after the point that carried prices keep: more than any market quotes. */
const PRICE_SCALE = 1e8;
/** Above it a price has no digit of that scale left to round. */
const ROUNDED_MAX = Number.MAX_SAFE_INTEGER / PRICE_SCALE;

/**
 * Carries raw prices on across splits, forwards: from a split on, prices are those of as many shares
 * as one was before, and volume is counted in these. Nothing before a split changes, so whoever looks
 * at a moment sees the same whether the split is still to come or not.
 */
export class PriceCarrier {
  openTime: EpochMs = 0;
  high = 0;
  low = 0;
  close = 0;
  volume = 0;
  /** What prices as traded are multiplied by. */
  factor = 1;

  /** A split begins with the next bar. */
  cross({ numerator, denominator }: Split): void {
    this.factor = (this.factor * numerator) / denominator;
  }

  /** Puts the carried values of the bar at an offset of a page into the fields. */
  read(page: BarPage, at: number): void {
    this.openTime = page[at] ?? Number.NaN;
    this.high = this.#carry(page[at + 2] ?? Number.NaN);
    this.low = this.#carry(page[at + 3] ?? Number.NaN);
    this.close = this.#carry(page[at + 4] ?? Number.NaN);
    this.volume = (page[at + 5] ?? Number.NaN) / this.factor;
  }

  /** Puts the carried values of the bar at an offset of a page in their place. */
  write(page: BarPage, at: number): void {
    if (this.factor === 1) return;
    for (let cell = at + 1; cell < at + 5; cell += 1) {
      page[cell] = this.#carry(page[cell] ?? Number.NaN);
    }
    page[at + 5] = (page[at + 5] ?? Number.NaN) / this.factor;
  }

  /** Rounding keeps the order of a bar's prices, and 7 × 92.69 from becoming 648.8299999999999. */
  #carry(price: number): number {
    if (this.factor === 1) return price;
    const carried = price * this.factor;
    return carried < ROUNDED_MAX ? Math.round(carried * PRICE_SCALE) / PRICE_SCALE : carried;
  }
}
