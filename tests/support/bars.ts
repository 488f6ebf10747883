import type { Bar, Slice } from '../../src/core/bar.ts';
import { HOUR_MS, type EpochMs } from '../../src/core/time.ts';

/** 2024-01-01T00:00Z. */
export const START: EpochMs = 1_704_067_200_000;

interface BarSketch {
  readonly symbol?: string;
  readonly open?: number;
  readonly high?: number;
  readonly low?: number;
  readonly close: number;
  readonly volume?: number;
}

/** The hourly bar with that index counted from `START`; the rest of the prices default to the close. */
export function hourBar(index: number, sketch: BarSketch): Bar {
  const openTime = START + index * HOUR_MS;
  const { close } = sketch;
  const open = sketch.open ?? close;
  return {
    symbol: sketch.symbol ?? 'BTC/USD',
    timeframe: '1h',
    openTime,
    closeTime: openTime + HOUR_MS,
    open,
    high: sketch.high ?? Math.max(open, close),
    low: sketch.low ?? Math.min(open, close),
    close,
    volume: sketch.volume ?? 1_000_000,
    flags: 0,
  };
}

export function sliceOf(...bars: readonly Bar[]): Slice {
  const closeTime = bars[0]?.closeTime ?? 0;
  return { closeTime, bars };
}
