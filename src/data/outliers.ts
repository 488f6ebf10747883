/** What counts as an outlier. */
export interface OutlierMeasure {
  /** Standard deviations from the mean return. */
  readonly sigmas: number;
  /** Returns that mean and standard deviation are taken over, at least 30. */
  readonly window: number;
}

const FIVE_SIGMA: OutlierMeasure = { sigmas: 5, window: 100 };

/** Returns needed before anything is called an outlier. */
export const OUTLIER_WARM_UP = 30;
/** Below it the spread says more about a quiet hour than about the bar: 5 × 0.1 % = 0.5 %. */
const SIGMA_FLOOR = 0.001;

/** How far out a bar lies. */
export interface Outlier {
  readonly part: 'close' | 'high' | 'low';
  /** Simple return of that price against the last close, a fraction. */
  readonly move: number;
  /** Distance from the mean return, in standard deviations. */
  readonly sigmas: number;
}

/**
 * Rolling sigma test on simple returns against the previous close: of the close, and of the
 * high and the low, since a bad print often shows in one wick only. Mean and standard deviation
 * (n − 1) are those of the last close-to-close returns before the bar, computed afresh each
 * time: a running sum would drift after one bad tick. A return beyond the bound enters the window
 * cut to the bound, so that one bad tick does not hide the next.
 */
export class OutlierDetector {
  readonly #sigmas: number;
  readonly #returns: Float64Array;
  #count = 0;
  #previousClose = Number.NaN;

  constructor({ sigmas, window }: OutlierMeasure = FIVE_SIGMA) {
    this.#sigmas = sigmas;
    this.#returns = new Float64Array(window);
  }

  /** Returns that mean and standard deviation are taken over. */
  get windowBars(): number {
    return this.#returns.length;
  }

  /** Judges the next bar; null for an ordinary one. Prices must be positive and finite. */
  next(high: number, low: number, close: number): Outlier | null {
    const previous = this.#previousClose;
    this.#previousClose = close;
    if (Number.isNaN(previous)) return null;
    const size = Math.min(this.#count, this.#returns.length);
    const move = close / previous - 1;
    if (size < OUTLIER_WARM_UP) {
      this.#push(move);
      return null;
    }
    const mean = this.#mean(size);
    const sigma = Math.max(this.#sigma(size, mean), SIGMA_FLOOR);
    const bound = this.#sigmas * sigma;
    this.#push(Math.min(Math.max(move, mean - bound), mean + bound));
    const [highMove, lowMove] = [high / previous - 1, low / previous - 1];
    if (Math.abs(move - mean) > bound) return outlier('close', move, (move - mean) / sigma);
    if (highMove - mean > bound) return outlier('high', highMove, (highMove - mean) / sigma);
    if (mean - lowMove > bound) return outlier('low', lowMove, (lowMove - mean) / sigma);
    return null;
  }

  #push(move: number): void {
    this.#returns[this.#count % this.#returns.length] = move;
    this.#count += 1;
  }

  #mean(size: number): number {
    let sum = 0;
    for (let index = 0; index < size; index += 1) sum += this.#returns[index] ?? 0;
    return sum / size;
  }

  #sigma(size: number, mean: number): number {
    let squares = 0;
    for (let index = 0; index < size; index += 1) {
      const deviation = (this.#returns[index] ?? 0) - mean;
      squares += deviation * deviation;
    }
    return Math.sqrt(squares / (size - 1));
  }
}

function outlier(part: Outlier['part'], move: number, sigmas: number): Outlier {
  return { part, move, sigmas };
}
