import type { SampleRandom } from './sample-random.ts';

/** What one hour has in store for every asset of the sample market. */
export interface MarketHour {
  /** Expected return of the hour. */
  readonly drift: number;
  /** Common surprise, nearly standard normal. */
  readonly surprise: number;
  /** Sudden return on top, mostly 0. */
  readonly jump: number;
  readonly isRange: boolean;
  /** The regime began with this hour. */
  readonly isNewRegime: boolean;
}

interface Regime {
  readonly drift: number;
  readonly isRange: boolean;
  /** Chance to be drawn. */
  readonly weight: number;
  /** Average length in hours. */
  readonly hours: number;
}

/** Up by the stairs, down by the lift: falls are rarer, shorter and steeper. */
const UP: Regime = { drift: 0.0006, isRange: false, weight: 0.22, hours: 300 };
const DOWN: Regime = { drift: -0.001, isRange: false, weight: 0.18, hours: 160 };
const RANGE: Regime = { drift: 0, isRange: true, weight: 0.6, hours: 240 };
const JUMP_CHANCE = 1 / 900;
const JUMP_MIN = 0.03;
const JUMP_SPREAD = 0.04;
/** Growth beyond which the market only falls or ranges, and below which it only rises or ranges. */
const GROWTH_LIMITS = [0.55, 3.2] as const;

/** The mood that all assets share: trends, ranges, surprises and jumps. */
export class SampleRegime {
  readonly #random: SampleRandom;
  #regime = UP;

  constructor(random: SampleRandom) {
    this.#random = random;
  }

  /** @param growth how the market stands now over its start, which keeps it within bounds. */
  next(growth: number): MarketHour {
    const isNewRegime =
      this.#random.uniform() * this.#regime.hours < 1 || this.#outOfBounds(growth);
    if (isNewRegime) this.#regime = this.#draw(growth);
    const { drift, isRange } = this.#regime;
    return { drift, isRange, isNewRegime, surprise: this.#random.normal(), jump: this.#jump() };
  }

  #outOfBounds(growth: number): boolean {
    const [least, most] = GROWTH_LIMITS;
    return (growth < least && this.#regime === DOWN) || (growth > most && this.#regime === UP);
  }

  #draw(growth: number): Regime {
    const [least, most] = GROWTH_LIMITS;
    const drawn = this.#random.uniform();
    if (drawn < UP.weight) return growth > most ? DOWN : UP;
    if (drawn < UP.weight + DOWN.weight) return growth < least ? UP : DOWN;
    return RANGE;
  }

  #jump(): number {
    if (this.#random.uniform() >= JUMP_CHANCE) return 0;
    const size = JUMP_MIN + JUMP_SPREAD * this.#random.uniform();
    return this.#random.uniform() < 0.5 ? size : -size;
  }
}
