import type { Bar } from '../../core/bar.ts';
import type { BarIndicator } from './indicator.ts';
import type { LibraryOptions } from './library-options.ts';
import type { Library } from './load-library.ts';

/** Takes a bar and gives what the library says of it; undefined where it says nothing. */
export type Feed = (bar: Bar) => unknown;

/** An indicator of the library: its latest reading. */
export interface LibraryIndicator<Value> extends BarIndicator {
  /** NaN, or a record of NaN, until `firstValue`, and where the library divides zero by zero. */
  readonly value: Value;
}

/** Exact over a window: the library computes it anew, from nothing but the last `bars` bars. */
export interface WindowPlan {
  readonly bars: number;
  readonly evaluate: (bars: readonly Bar[]) => unknown;
}

/** Recursive: every reading rests on the one before, and forgets its start by and by. */
export interface RecursivePlan {
  /** Bars until every reading is defined. */
  readonly bars: number;
  /** Bars on top until nothing is left of where the stream began. */
  readonly forget: number;
  /**
   * Bars on top of those, for a stream that begins while the market stands still and has to begin
   * anew when it moves; none when absent.
   */
  readonly spare?: number;
  readonly start: () => Feed;
}

/** Makes of what the library says a reading; of undefined, one of NaN. */
export type Read<Value> = (output: unknown) => Value;

/** How an indicator of the library is made, fed and read. */
export interface Recipe<Value> {
  readonly read: Read<Value>;
  readonly plan: (library: Library, options: LibraryOptions) => WindowPlan | RecursivePlan;
}

/**
 * The library's running sums drift, and one bad value would stay in them for good. Computed anew
 * for every reading, and only when it is asked for, they can do neither.
 */
export class WindowStream<Value> implements LibraryIndicator<Value> {
  readonly firstValue: number;
  readonly warmup: number;
  readonly #plan: WindowPlan;
  readonly #read: Read<Value>;
  readonly #bars: Bar[] = [];
  #value: Value | null = null;

  constructor(plan: WindowPlan, read: Read<Value>) {
    this.#plan = plan;
    this.#read = read;
    this.firstValue = plan.bars;
    this.warmup = plan.bars;
  }

  get value(): Value {
    this.#value ??= this.#read(
      this.#bars.length < this.#plan.bars ? undefined : this.#plan.evaluate(this.#bars),
    );
    return this.#value;
  }

  update(bar: Bar): void {
    if (this.#bars.length === this.#plan.bars) this.#bars.shift();
    this.#bars.push(bar);
    this.#value = null;
  }
}

/** A stream of the library, begun anew where it has divided zero by zero and would stay NaN. */
export class RecursiveStream<Value> implements LibraryIndicator<Value> {
  readonly firstValue: number;
  readonly warmup: number;
  readonly #plan: RecursivePlan;
  readonly #read: Read<Value>;
  #feed: Feed;
  #barsFed = 0;
  /** Bars fed before a reading is told. */
  #silence: number;
  #value: Value;

  constructor(plan: RecursivePlan, read: Read<Value>) {
    this.#plan = plan;
    this.#read = read;
    this.firstValue = plan.bars;
    this.warmup = plan.bars + plan.forget + (plan.spare ?? 0);
    this.#silence = this.firstValue;
    this.#feed = plan.start();
    this.#value = read(undefined);
  }

  get value(): Value {
    return this.#value;
  }

  update(bar: Bar): void {
    const output = this.#feed(bar);
    this.#barsFed++;
    if (this.#barsFed >= this.firstValue && isPoisoned(output)) this.#restart();
    else if (this.#barsFed >= this.#silence) this.#value = this.#read(output ?? 0);
  }

  /** The new stream is told only once it is what an older one would be. */
  #restart(): void {
    this.#feed = this.#plan.start();
    this.#barsFed = 0;
    this.#silence = this.#plan.bars + this.#plan.forget;
    this.#value = this.#read(undefined);
  }
}

function isPoisoned(output: unknown): boolean {
  if (typeof output === 'object' && output !== null) return Object.values(output).some(isPoisoned);
  return Number.isNaN(output);
}
