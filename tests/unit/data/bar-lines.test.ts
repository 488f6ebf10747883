import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barLines } from '../../../src/data/bar-lines.ts';
import { parseDecimal } from '../../../src/data/number-parsing.ts';

describe('barLines', () => {
  it.each([1e-7, 5e-324, 1e21, 0.1 + 0.2, 1 / 3, 2 ** 53, Number.MAX_VALUE])(
    'writes %d so that it is read back as it was',
    (value) => {
      const [, ...cells] = barLines(Float64Array.of(0, value, value, value, value, value, 0), false)
        .trim()
        .split(',');
      expect(cells).toHaveLength(5);
      for (const cell of cells) expect(parseDecimal(cell)).toBe(value);
    },
  );

  it('writes any double so that it is read back as it was', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const line = barLines(Float64Array.of(0, value, 0, 0, 0, 0, 0), false);
        expect(Object.is(parseDecimal(line.split(',')[1] ?? ''), value === 0 ? 0 : value)).toBe(
          true,
        );
      }),
    );
  });

  it('writes times with their zone and flags as words', () => {
    const bar = (flags: number) => Float64Array.of(1_704_067_200_123, 1, 2, 1, 2, 3, flags);
    expect(barLines(bar(3), true)).toBe('2024-01-01T00:00:00.123Z,1,2,1,2,3,repaired\n');
    expect(barLines(bar(1), true)).toBe('2024-01-01T00:00:00.123Z,1,2,1,2,3,\n');
  });
});
