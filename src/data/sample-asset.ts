import type { EpochMs } from '../core/time.ts';
import { DAY_MS, HOUR_MS } from '../core/time.ts';
import type { BarRow } from '../ports/bar-store.ts';
import type { MarketHour } from './sample-regime.ts';
import type { SampleRandom } from './sample-random.ts';

/** What sets one asset of the sample market apart. */
export interface SampleAssetTraits {
  readonly startPrice: number;
  /** Typical standard deviation of an hourly return. */
  readonly hourlySigma: number;
  /** Typical volume of an hour, base units. */
  readonly hourlyVolume: number;
  /** Share of the asset's surprise that the whole market has in common, in [0, 1]. */
  readonly marketShare: number;
  /** Drift and jumps of the market hit this asset that many times. */
  readonly beta: number;
}

/** Weights of the last squared surprise and the last variance: GARCH(1,1), Bollerslev 1986. */
const SHOCK_WEIGHT = 0.12;
const MEMORY_WEIGHT = 0.85;
/** Variance stays within these multiples of its typical value. */
const VARIANCE_LIMITS = [0.15, 16] as const;
/** Surprises beyond this many sigmas are partly panic, which wears off. */
const PANIC_FROM = 1.1;
const PANIC_SHARE = 0.9;
/** Of the distance to the fair price, what is left an hour later. */
const PANIC_MEMORY = 0.75;
/** Of the distance to the anchor of a range, what is made good each hour. */
const RANGE_PULL = 0.01;
const STEPS_IN_HOUR = 6;
/** Sum of four uniforms has variance 1/3; a step of a sixth of an hour wants variance 1/6. */
const STEP_SCALE = Math.sqrt(3 / STEPS_IN_HOUR);
const OPEN_NOISE = 0.0001;
/** Trading by hour of the day, UTC: quiet at night in Europe and America, busy when both are up. */
const HOUR_WEIGHTS = [
  0.9, 0.85, 0.8, 0.75, 0.7, 0.7, 0.75, 0.85, 0.95, 1, 1.05, 1.05, 1.1, 1.35, 1.55, 1.5, 1.4, 1.25,
  1.15, 1.1, 1.05, 1, 0.95, 0.9,
] as const;
const WEEKEND_WEIGHT = 0.65;
const ACTIVITY_MEMORY = 0.97;

/** One simulated asset: a fair price that wanders, a panic that fades, a variance that clusters. */
export class SampleAsset {
  readonly #traits: SampleAssetTraits;
  readonly #random: SampleRandom;
  #fair: number;
  #panic = 0;
  #variance: number;
  #activity = 1;
  #anchor: number;
  #lastClose: number;

  constructor(traits: SampleAssetTraits, random: SampleRandom) {
    this.#traits = traits;
    this.#random = random;
    this.#fair = traits.startPrice;
    this.#anchor = traits.startPrice;
    this.#lastClose = traits.startPrice;
    this.#variance = traits.hourlySigma * traits.hourlySigma;
  }

  /** Last close over the first price. */
  get growth(): number {
    return this.#lastClose / this.#traits.startPrice;
  }

  next(openTime: EpochMs, market: MarketHour): BarRow {
    const sigma = Math.sqrt(this.#variance);
    const open = this.#lastClose * (1 + OPEN_NOISE * this.#random.normal());
    const close = this.#move(market, sigma);
    const [high, low] = this.#extremes(open, close, sigma);
    const volume = this.#volume(openTime, close / open - 1, (high - low) / open);
    this.#lastClose = toCents(close);
    const [first, last] = [toCents(open), this.#lastClose];
    return {
      openTime,
      open: first,
      high: Math.max(toCents(high), first, last),
      low: Math.min(toCents(low), first, last),
      close: last,
      volume,
      flags: 0,
    };
  }

  /** The close of this hour; variance, panic and fair price move on. */
  #move(market: MarketHour, sigma: number): number {
    const { marketShare, beta, hourlySigma } = this.#traits;
    const own = Math.sqrt(1 - marketShare * marketShare);
    const surprise = marketShare * market.surprise + own * this.#random.normal();
    const panicShare = Math.abs(surprise) > PANIC_FROM ? PANIC_SHARE : 0;
    const jump = market.jump * beta;
    const shock = surprise * sigma;
    if (market.isNewRegime) this.#anchor = this.#fair;
    const pull = market.isRange ? RANGE_PULL * (this.#anchor / this.#fair - 1) : 0;
    this.#panic = this.#panic * PANIC_MEMORY + shock * panicShare + jump * PANIC_SHARE;
    this.#fair *=
      1 + market.drift * beta + pull + shock * (1 - panicShare) + jump * (1 - PANIC_SHARE);
    const typical = hourlySigma * hourlySigma;
    const next =
      typical * (1 - SHOCK_WEIGHT - MEMORY_WEIGHT) +
      SHOCK_WEIGHT * (shock + jump) * (shock + jump) +
      MEMORY_WEIGHT * this.#variance;
    const [least, most] = VARIANCE_LIMITS;
    this.#variance = Math.min(Math.max(next, typical * least), typical * most);
    return this.#fair * (1 + this.#panic);
  }

  /** High and low of a random path from open to close: a bridge of six steps. */
  #extremes(open: number, close: number, sigma: number): readonly [number, number] {
    const path: number[] = [0];
    for (let step = 0; step < STEPS_IN_HOUR; step += 1) {
      path.push((path[step] ?? 0) + this.#step() * sigma * STEP_SCALE);
    }
    const end = path[STEPS_IN_HOUR] ?? 0;
    let high = Math.max(open, close);
    let low = Math.min(open, close);
    for (let step = 1; step < STEPS_IN_HOUR; step += 1) {
      const share = step / STEPS_IN_HOUR;
      const price = open + (close - open) * share + open * ((path[step] ?? 0) - end * share);
      high = Math.max(high, price);
      low = Math.min(low, price);
    }
    return [high, low];
  }

  #step(): number {
    const random = this.#random;
    return random.uniform() + random.uniform() + random.uniform() + random.uniform() - 2;
  }

  /** Large moves and wide hours trade more. */
  #volume(openTime: EpochMs, move: number, range: number): number {
    const { hourlySigma, hourlyVolume } = this.#traits;
    const random = this.#random;
    this.#activity =
      this.#activity * ACTIVITY_MEMORY + (1 - ACTIVITY_MEMORY) * (0.3 + 1.4 * random.uniform());
    const hour = Math.floor(openTime / HOUR_MS) % 24;
    // The epoch began on a Thursday: days 2 and 3 of each week counted from it are the weekend.
    const weekday = Math.floor(openTime / DAY_MS) % 7;
    const calendar =
      (HOUR_WEIGHTS[hour] ?? 1) * (weekday === 2 || weekday === 3 ? WEEKEND_WEIGHT : 1);
    const excitement = 0.35 + (0.45 * Math.abs(move) + 0.2 * range) / hourlySigma;
    const noise = (0.5 + random.uniform()) * (0.5 + random.uniform());
    const volume = hourlyVolume * calendar * this.#activity * excitement * noise;
    return Math.round(volume * 10_000) / 10_000;
  }
}

function toCents(price: number): number {
  return Math.round(price * 100) / 100;
}
