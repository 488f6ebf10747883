import type { Bar } from '../../../src/core/bar.ts';
import { hourBar } from '../bars.ts';
import { present } from '../../../src/core/assert.ts';
import type { PerfectVenue } from './perfect-venue.ts';
import { trade, warmUp } from './scenes.ts';
import type { Scene } from './trading-stage.ts';

/** Bars of a cycle: one to buy on, a quiet one, one to sell on, a quiet one. */
export const CYCLE = 4;
/** Bars before the first cycle. */
export const WARM_UP = 3;
const MOVES = [1, 0.2, -1, -0.2];

/** Hourly bars: a quiet start, then so many cycles of a jumper's buying and selling. */
export function cycleBars(cycles: number): readonly Bar[] {
  const bars: Bar[] = [];
  let close = 100;
  for (let index = 0; index < WARM_UP + CYCLE * cycles; index++) {
    const open = close;
    const move = index < WARM_UP ? 0 : present(MOVES[(index - WARM_UP) % CYCLE], 'a move');
    close = Math.round((close + move) * 100) / 100;
    bars.push(hourBar(index, { open, close }));
  }
  return bars;
}

/** Index of a bar by the cycle it is in, and its place there. */
export function barOf(cycle: number, place: number): number {
  return WARM_UP + CYCLE * cycle + place;
}

/** A process that sees all bars but some, on an account that answers at the open of the next bar. */
export function lived(
  bars: readonly Bar[],
  venue: () => PerfectVenue,
  without: readonly number[] = [],
): readonly Scene[] {
  const scenes: Scene[] = [warmUp(...bars.slice(0, WARM_UP))];
  for (const [index, bar] of bars.entries()) {
    if (index < WARM_UP || without.includes(index)) continue;
    scenes.push(trade(bar), ({ at }) => {
      const time = bar.closeTime + 6_000;
      at(time);
      venue().answer(() => bar.close, time);
    });
  }
  return scenes;
}
