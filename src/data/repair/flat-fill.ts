import type { Filling, Hole, SeriesGrid } from './holes.ts';
import { missingOpens } from './holes.ts';

/**
 * Bars without trades: all prices the last close before, no volume, so that no order fills in them.
 * A hole longer than `maxBars` is an outage or lost data rather than a market at rest.
 */
export function fillFlat(hole: Hole, grid: SeriesGrid, maxBars: number): Filling {
  if (hole.missing > maxBars) {
    const left =
      `a gap of more than ${maxBars} bars is no market at rest; ` +
      'refetch it, or allow it with --max-gap';
    return { hole, bars: [], left };
  }
  const price = hole.closeBefore;
  const prices = { open: price, high: price, low: price, close: price };
  const bars = missingOpens(hole, grid).map((openTime) => {
    return { openTime, ...prices, volume: 0, flags: 0 };
  });
  return { hole, bars, left: null };
}
