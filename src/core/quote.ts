import type { SymbolName } from './instrument.ts';
import type { EpochMs } from './time.ts';

/**
 * What a symbol can be sold and bought for right now. Doubles as the source gave, in quote currency;
 * bid and ask are those of the order book where the venue shows one, else both are the last price.
 */
export interface Quote {
  readonly symbol: SymbolName;
  readonly bid: number;
  readonly ask: number;
  /** The venue's own time of it. */
  readonly time: EpochMs;
}
