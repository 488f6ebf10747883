import type { Slice } from '../core/bar.ts';

export interface FeedSink {
  /** A slice before the trading period: indicators warm up on it, nothing is decided or marked. */
  warmUp(slice: Slice): void;
  /** A slice of the trading period. */
  trade(slice: Slice): void;
  /**
   * A slice of the trading period that nobody could decide on when it closed: the program was not
   * running, or had no data. Resting orders meet it, marks and indicators learn it, no strategy is
   * asked. A bar that comes when its slice has left already is handed out here as well, unless a later
   * bar of its symbol was: in a slice with the close time of the last one, so that time never goes back.
   */
  catchUp(slice: Slice): void;
}

/**
 * Pushes closed bars in time order, all bars of one close time together, and advances the clock
 * to that time before it does. Ends when the data end or the signal aborts.
 */
export interface Feed {
  run(sink: FeedSink, signal: AbortSignal): Promise<void>;
}
