import type { Bar } from '../core/bar.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { Timeframe } from '../core/time.ts';

/** Stands for the last bar where none is over yet: as an indicator before its first, all NaN. */
export function noBar(symbol: SymbolName, timeframe: Timeframe): Bar {
  return Object.freeze({
    symbol,
    timeframe,
    openTime: Number.NaN,
    closeTime: Number.NaN,
    open: Number.NaN,
    high: Number.NaN,
    low: Number.NaN,
    close: Number.NaN,
    volume: Number.NaN,
    flags: 0,
  });
}
