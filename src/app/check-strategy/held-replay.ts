import type { SymbolName } from '../../core/instrument.ts';
import type { EpochMs } from '../../core/time.ts';
import { NOTHING_HELD, readHeld, type Held } from './held-text.ts';
import type { HeldSpan } from './trial.ts';

/** Shows the positions and orders of an earlier run as time goes on. */
export class HeldReplay {
  readonly #spans: readonly HeldSpan[];
  readonly #current = new Map<SymbolName, Held>();
  #next = 0;

  constructor(spans: readonly HeldSpan[]) {
    this.#spans = spans.toSorted((one, other) => one.since - other.since);
  }

  /** Goes on to the bars that open at that time. */
  moveTo(openTime: EpochMs): void {
    for (;;) {
      const span = this.#spans[this.#next];
      if (span === undefined || span.since > openTime) return;
      this.#current.set(span.symbol, readHeld(span.held));
      this.#next++;
    }
  }

  of(symbol: SymbolName): Held {
    return this.#current.get(symbol) ?? NOTHING_HELD;
  }
}
