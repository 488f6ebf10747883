import type { EpochMs } from '../core/time.ts';
import type { DataIssue } from '../ports/bar-store.ts';

/** What an outlier turned out to be, once the bar after it was there. */
export interface JudgedOutlier {
  readonly openTime: EpochMs;
  /**
   * `bad-print`: a price that stands alone, which the same or the next bar took back.
   * `large-move`: far out, but held or traded for: information, not a defect.
   */
  readonly kind: 'bad-print' | 'large-move';
  /** The bad price; of a large move the one furthest from the close before. */
  readonly part: 'high' | 'low';
  readonly price: number;
  /** How far it lies beyond every price of the bars before and after, a fraction; below 0: not. */
  readonly beyond: number;
  /** In shares of this bar, where a split lies between. */
  readonly previousClose: number;
  readonly close: number;
}

/** Bars that the usual range and volume are taken over. */
const WINDOW = 20;
/** A price half above or a third below everything around it is no price, whatever traded. */
const GROSS = 0.5;
/** A finer one is told by the usual range of bars, */
const RANGES = 4;
/** by what US exchanges call clearly erroneous (3 % and more from the market, Rule 7.10), */
const FINE = 0.03;
/** and by volume: a real move that far brings more than twice the usual, a bad print none. */
const VOLUMES_MAX = 2;

interface Suspect {
  readonly openTime: EpochMs;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly previousClose: number;
  /** Extremes of the bar before. */
  readonly highBefore: number;
  readonly lowBefore: number;
  /** Beyond which a price is a bad one, a fraction. */
  readonly limit: number;
  readonly factor: number;
}

/** The prices and the volume of one bar, carried on across splits. */
interface CarriedBar {
  readonly openTime: EpochMs;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  /** What prices as traded were multiplied by. */
  readonly factor: number;
}

/**
 * Tells bad prints from large moves among outliers. An outlier's high or low is a bad print when it
 * lies beyond all prices of the bar before and the bar after by at least
 * - one half (low: the others are at least 1.5 times as high), or
 * - 4 × the median true range of the twenty bars before, at least 3 %, and the bar's volume is at most
 *   twice the median volume of these.
 *
 * On real data: SPY's wicks of 2002 to 2006 come on 0.5 to 1.9 times the usual volume; crashes such as
 * 2010-05-06 or 2015-08-24, and wicks in thin order books of crypto, on 2 to 60 times.
 */
export class BadPrintJudge {
  readonly #ranges = new Float64Array(WINDOW);
  readonly #volumes = new Float64Array(WINDOW);
  #count = 0;
  #high = Number.NaN;
  #low = Number.NaN;
  #close = Number.NaN;
  #suspect: Suspect | null = null;

  /** Takes the next bar; returns what the bar before it was, if that was an outlier. */
  next(bar: CarriedBar, isOutlier: boolean): JudgedOutlier | null {
    const result = this.#suspect === null ? null : judge(this.#suspect, bar.high, bar.low);
    this.#suspect = isOutlier ? this.#suspectOf(bar) : null;
    const first = this.#count === 0;
    const top = first ? bar.high : Math.max(bar.high, this.#close);
    const bottom = first ? bar.low : Math.min(bar.low, this.#close);
    this.#ranges[this.#count % WINDOW] = top / bottom - 1;
    this.#volumes[this.#count % WINDOW] = bar.volume;
    this.#count += 1;
    this.#high = bar.high;
    this.#low = bar.low;
    this.#close = bar.close;
    return result;
  }

  /** What the last bar was, if it was an outlier: nothing has taken it back yet. */
  finish(): JudgedOutlier | null {
    const suspect = this.#suspect;
    this.#suspect = null;
    if (suspect === null) return null;
    return { ...judge(suspect, suspect.high, suspect.low), kind: 'large-move' };
  }

  #suspectOf({ openTime, high, low, close, volume, factor }: CarriedBar): Suspect {
    const size = Math.min(this.#count, WINDOW);
    const usualVolume = median(this.#volumes.subarray(0, size));
    const fine = Math.max(FINE, RANGES * median(this.#ranges.subarray(0, size)));
    const limit = volume <= VOLUMES_MAX * usualVolume ? Math.min(fine, GROSS) : GROSS;
    const before = { highBefore: this.#high, lowBefore: this.#low, previousClose: this.#close };
    return { openTime, high, low, close, ...before, limit, factor };
  }
}

export function issueOfOutlier(judged: JudgedOutlier, quarantined: boolean): DataIssue {
  const { openTime, kind, part, price, previousClose, close } = judged;
  const move = (((kind === 'bad-print' ? price : close) / previousClose - 1) * 100).toFixed(2);
  const what =
    kind === 'bad-print'
      ? `${part} ${price}, ${move} % from the close before, taken back (close ${close})`
      : `close ${close}, ${move} % from the close before (${part} ${price})`;
  return { openTime, rule: kind, detail: what, quarantined };
}

function judge(suspect: Suspect, highAfter: number, lowAfter: number): JudgedOutlier {
  const { high, low, previousClose, highBefore, lowBefore, limit } = suspect;
  const above = high / Math.max(highBefore, highAfter) - 1;
  const below = Math.min(lowBefore, lowAfter) / low - 1;
  const beyond = Math.max(above, below);
  if (beyond >= limit) return judged(suspect, 'bad-print', { beyond, isHigh: above > below });
  return judged(suspect, 'large-move', {
    beyond,
    isHigh: high / previousClose > previousClose / low,
  });
}

interface Furthest {
  readonly beyond: number;
  readonly isHigh: boolean;
}

function judged(
  { openTime, high, low, close, previousClose, factor }: Suspect,
  kind: JudgedOutlier['kind'],
  { beyond, isHigh }: Furthest,
): JudgedOutlier {
  return {
    openTime,
    kind,
    part: isHigh ? 'high' : 'low',
    price: asTraded(isHigh ? high : low, factor),
    beyond,
    previousClose: asTraded(previousClose, factor),
    close: asTraded(close, factor),
  };
}

function asTraded(price: number, factor: number): number {
  return factor === 1 ? price : Math.round((price / factor) * 1e8) / 1e8;
}

/** NaN of nothing. */
function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length >>> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
