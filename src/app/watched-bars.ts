import type { Bar, Slice } from '../core/bar.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { FeedSink } from '../ports/feed.ts';

interface Receivers {
  /** Takes the bars that are traded, as if there were no others. */
  readonly sink: FeedSink;
  readonly strategies: { warmUp(slice: Slice): void };
  readonly market: { watch(bars: readonly Bar[]): void };
}

/**
 * Parts the bars of symbols that are only looked at from those that are traded: strategies alone see
 * them, ahead of the others of their instant. Where nothing is traded, nothing is marked.
 */
export class WatchedBars implements FeedSink {
  readonly #symbols: ReadonlySet<SymbolName>;
  readonly #receivers: Receivers;

  constructor(symbols: readonly SymbolName[], receivers: Receivers) {
    this.#symbols = new Set(symbols);
    this.#receivers = receivers;
  }

  warmUp(slice: Slice): void {
    const { sink, strategies } = this.#receivers;
    strategies.warmUp(this.#part(slice, true));
    const traded = this.#part(slice, false);
    if (traded.bars.length > 0) sink.warmUp(traded);
  }

  trade(slice: Slice): void {
    const { sink, market } = this.#receivers;
    market.watch(this.#part(slice, true).bars);
    const traded = this.#part(slice, false);
    if (traded.bars.length > 0) sink.trade(traded);
  }

  catchUp(slice: Slice): void {
    const { sink, market } = this.#receivers;
    market.watch(this.#part(slice, true).bars);
    const traded = this.#part(slice, false);
    if (traded.bars.length > 0) sink.catchUp(traded);
  }

  #part({ closeTime, bars }: Slice, isWatched: boolean): Slice {
    return {
      closeTime,
      bars: bars.filter(({ symbol }) => this.#symbols.has(symbol) === isWatched),
    };
  }
}
