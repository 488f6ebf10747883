import { describe, expect, it } from 'vitest';
import {
  stopLossPrice,
  takeProfitPrice,
  type ProtectiveLevel,
} from '../../../src/core/protection.ts';

interface Row {
  readonly level: ProtectiveLevel;
  readonly side: 'long' | 'short';
  readonly stop: number;
  readonly target: number;
}

/** All for an entry at 200. */
const ROWS: readonly Row[] = [
  { level: { kind: 'price', price: 190 }, side: 'long', stop: 190, target: 190 },
  { level: { kind: 'price', price: 190 }, side: 'short', stop: 190, target: 190 },
  { level: { kind: 'distance', distance: 6 }, side: 'long', stop: 194, target: 206 },
  { level: { kind: 'distance', distance: 6 }, side: 'short', stop: 206, target: 194 },
  // 200 × (1 ∓ 0.02).
  { level: { kind: 'fraction', fraction: 0.02 }, side: 'long', stop: 196, target: 204 },
  { level: { kind: 'fraction', fraction: 0.02 }, side: 'short', stop: 204, target: 196 },
  // 200 + 1.5 × (210 − 200): the reference gives the direction, the side does not.
  {
    level: { kind: 'toward', reference: 210, multiple: 1.5 },
    side: 'long',
    stop: 215,
    target: 215,
  },
  {
    level: { kind: 'toward', reference: 190, multiple: 1.5 },
    side: 'short',
    stop: 185,
    target: 185,
  },
];

describe('protective levels', () => {
  it.each(ROWS)('$level.kind of a $side: stop at $stop, target at $target', (row) => {
    const entry = { side: row.side, entryPrice: 200 };
    expect(stopLossPrice(row.level, entry)).toBeCloseTo(row.stop, 10);
    expect(takeProfitPrice(row.level, entry)).toBeCloseTo(row.target, 10);
  });
});
