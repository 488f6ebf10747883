import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { BAR_FLAGS } from '../../core/bar.ts';
import type { Bar } from '../../core/bar.ts';
import { timeframeMs } from '../../core/time.ts';
import type { EpochMs } from '../../core/time.ts';
import { BAR_STRIDE } from '../../ports/bar-store.ts';
import type { BarPage, Series } from '../../ports/bar-store.ts';

const EMPTY: BarPage = new Float64Array();

/** Walks one series bar by bar and takes the hash of what it handed out. */
export class SeriesCursor {
  readonly series: Series;
  /** Milliseconds spent in waiting for pages. */
  readMs = 0;
  /** Open time of the bar that `take` hands out next; infinite at the end. */
  nextOpen: EpochMs = Infinity;
  readonly #pages: Iterator<BarPage>;
  readonly #timer: () => number;
  readonly #barMs: number;
  readonly #hash: Hash = createHash('sha256');
  #page = EMPTY;
  #offset = 0;

  constructor(series: Series, pages: Iterable<BarPage>, timer: () => number) {
    this.series = series;
    this.#pages = pages[Symbol.iterator]();
    this.#timer = timer;
    this.#barMs = timeframeMs(series.timeframe);
    this.#turn();
  }

  /** The next bar. There must be one. */
  take(): Bar {
    const page = this.#page;
    const at = this.#offset;
    const openTime = this.nextOpen;
    const bar: Bar = {
      symbol: this.series.symbol,
      timeframe: this.series.timeframe,
      openTime,
      closeTime: openTime + this.#barMs,
      open: page[at + 1] ?? NaN,
      high: page[at + 2] ?? NaN,
      low: page[at + 3] ?? NaN,
      close: page[at + 4] ?? NaN,
      volume: page[at + 5] ?? NaN,
      flags: page[at + 6] ?? NaN,
    };
    this.#offset = at + BAR_STRIDE;
    if (this.#offset === page.length) this.#turn();
    else this.nextOpen = page[this.#offset] ?? NaN;
    return bar;
  }

  /** SHA-256, in hex, of the rows handed out so far: seven little-endian doubles a bar. */
  digest(): string {
    return this.#hash
      .copy()
      .update(bytesOf(this.#page.subarray(0, this.#offset)))
      .digest('hex');
  }

  #turn(): void {
    this.#hash.update(bytesOf(this.#page));
    const before = this.#timer();
    const next = this.#pages.next();
    this.readMs += this.#timer() - before;
    this.#page = next.done === true ? EMPTY : next.value;
    this.#offset = 0;
    this.nextOpen = this.#page[0] ?? Infinity;
  }
}

/**
 * What the fingerprint is taken of. The outlier flag is no part of it: it is an opinion about the
 * bars before, and those may have come in another file. Flags of repairs and revisions are.
 */
function bytesOf(page: BarPage): Uint8Array {
  const { buffer, byteOffset, byteLength } = withoutOutlierFlags(page);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function withoutOutlierFlags(page: BarPage): BarPage {
  let copy: BarPage | null = null;
  for (let at = BAR_STRIDE - 1; at < page.length; at += BAR_STRIDE) {
    const flags = page[at] ?? 0;
    if ((flags & BAR_FLAGS.outlier) === 0) continue;
    copy ??= page.slice();
    copy[at] = flags & ~BAR_FLAGS.outlier;
  }
  return copy ?? page;
}
