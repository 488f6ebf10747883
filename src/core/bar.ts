import type { SymbolName } from './instrument.ts';
import type { EpochMs, Timeframe } from './time.ts';

/** One closed candle. Prices in quote currency, volume in base units; doubles as the source gave. */
export interface Bar {
  readonly symbol: SymbolName;
  readonly timeframe: Timeframe;
  readonly openTime: EpochMs;
  /**
   * The instant from which anybody may know this bar: `openTime + timeframe`, or the end of the
   * session where a strategy's further timeframe has days or weeks of US stocks.
   */
  readonly closeTime: EpochMs;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  /** Bit set of `BAR_FLAGS`; 0 for a plain bar. */
  readonly flags: number;
}

/** Why a stored bar deserves a second look; bits, so that several may hold. */
export const BAR_FLAGS = { outlier: 1, repaired: 2, revised: 4 } as const;

type BarNumbers = Pick<Bar, 'open' | 'high' | 'low' | 'close' | 'volume'>;

/** Whether two bars say the same of the market, whatever their flags. */
export function hasSameValues(one: BarNumbers, other: BarNumbers): boolean {
  return (
    one.open === other.open &&
    one.high === other.high &&
    one.low === other.low &&
    one.close === other.close &&
    one.volume === other.volume
  );
}

/** All bars that closed at one instant, in symbol order. */
export interface Slice {
  readonly closeTime: EpochMs;
  readonly bars: readonly Bar[];
}
