import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../../src/core/time.ts';
import { fillFlat } from '../../../../src/data/repair/flat-fill.ts';
import { START } from '../../../support/bars.ts';
import { gridOf } from './repair-fixture.ts';

const hole = (missing: number) => ({
  from: START,
  to: START + missing * HOUR_MS,
  missing,
  closeBefore: 42.5,
});

describe('filling a hole flat', () => {
  it('makes bars at the last close, without volume', () => {
    const prices = { open: 42.5, high: 42.5, low: 42.5, close: 42.5, volume: 0, flags: 0 };
    expect(fillFlat(hole(2), gridOf('1h'), 2)).toEqual({
      hole: hole(2),
      bars: [
        { openTime: START, ...prices },
        { openTime: START + HOUR_MS, ...prices },
      ],
      left: null,
    });
  });

  it('leaves one that is longer than allowed as it is, and says how to allow it', () => {
    const { bars, left } = fillFlat(hole(3), gridOf('1h'), 2);
    expect(bars).toEqual([]);
    expect(left).toMatch(/^a gap of more than 2 bars is no market at rest; .*--max-gap$/);
  });
});
