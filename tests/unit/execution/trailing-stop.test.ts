import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from '../../../src/core/decimal.ts';
import type { Side, Trail } from '../../../src/core/order.ts';
import { trailedLevel } from '../../../src/execution/trailing-stop.ts';
import type { Level } from '../../../src/execution/working-order.ts';

const dec = (text: string | number) => Decimal.parse(String(text));
const at = (text: string): Level => ({ exact: dec(text), double: Number(text) });
const distance = (text: string): Trail => ({ kind: 'distance', distance: dec(text) });
const fraction = (text: string): Trail => ({ kind: 'fraction', fraction: dec(text) });

describe('a trailing stop', () => {
  it.each<[side: Side, trail: Trail, from: string, price: number, tick: string, to: string | null]>(
    [
      ['sell', distance('2'), '98', 105, '0', '103'],
      ['sell', distance('2'), '98', 100, '0', null],
      ['sell', distance('2'), '98', 99, '0', null],
      ['sell', fraction('0.02'), '98', 110, '0', '107.8'],
      // 104.99 − 2.2 = 102.79, up to the tick; one tick below the price at least.
      ['sell', distance('2.2'), '98', 104.99, '0.5', '103'],
      ['sell', distance('0.1'), '98', 104.99, '0.5', '104.5'],
      ['sell', distance('0.1'), '98', 105, '0.5', '104.5'],
      // A tick below 104.61 it stands already.
      ['sell', distance('0.1'), '104.5', 104.61, '0.5', null],
      ['buy', distance('2'), '98', 95, '0', '97'],
      ['buy', distance('2'), '98', 96, '0', null],
      ['buy', fraction('0.02'), '98', 90, '0', '91.8'],
      // 95.01 + 2.2 = 97.21, down to the tick.
      ['buy', distance('2.2'), '98', 95.01, '0.5', '97'],
      ['buy', distance('0.1'), '98', 95.01, '0.5', '95.5'],
      ['buy', distance('0.1'), '95.5', 95.39, '0.5', null],
    ],
  )('of a %s order, %o from %s, at %d with ticks of %s goes to %s', (...row) => {
    const [side, trail, from, price, tick, to] = row;
    const moved = trailedLevel({ side, trail }, at(from), { price, tickSize: dec(tick) });
    expect(moved?.exact.toString() ?? null).toBe(to);
  });

  it('never moves back, and never comes nearer than its trail and a tick allow', () => {
    const ticks = fc.integer({ min: 5000, max: 15_000 });
    const sides = fc.constantFrom<Side>('buy', 'sell');
    const trails = fc.oneof(
      fc.integer({ min: 1, max: 900 }).map((count) => distance(`${count}e-2`)),
      fc.integer({ min: 1, max: 900 }).map((count) => fraction(`${count}e-4`)),
    );
    const tickSize = dec('0.01');
    fc.assert(
      fc.property(sides, trails, fc.array(ticks, { maxLength: 30 }), (side, trail, walk) => {
        let level = at('100');
        for (const price of walk.map((count) => count / 100)) {
          const moved = trailedLevel({ side, trail }, level, { price, tickSize });
          if (moved === null) continue;
          const towards =
            side === 'sell' ? moved.double - level.double : level.double - moved.double;
          expect(towards).toBeGreaterThan(0);
          const gap = side === 'sell' ? price - moved.double : moved.double - price;
          const away =
            trail.kind === 'distance' ? trail.distance : trail.fraction.times(dec(price));
          expect(gap).toBeGreaterThan(Math.max(away.toNumber() - 0.01, 0.01) - 1e-9);
          expect(gap).toBeLessThan(Math.max(away.toNumber(), 0.01) + 1e-9);
          level = moved;
        }
      }),
    );
  });
});
