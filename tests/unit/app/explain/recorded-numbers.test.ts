import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { disagreement } from '../../../../src/app/explain/recorded-numbers.ts';
import type { Condition } from '../../../../src/core/condition.ts';

const BASE: Condition = {
  name: 'rsi',
  value: 0.1 + 0.2,
  comparison: '<',
  threshold: 0.4,
  holds: true,
};

describe('numbers computed again', () => {
  it('agree when they are the same doubles', () => {
    expect(disagreement([BASE], [{ ...BASE }])).toBeNull();
  });

  it.each([
    ['a value one bit off', { value: 0.3 }],
    ['another threshold', { threshold: 0.41 }],
    ['another outcome', { holds: false }],
    ['a value that is undefined now', { value: Number.NaN }],
  ])('disagree by %s', (_title, change) => {
    const now = { ...BASE, ...change };
    expect(disagreement([BASE], [now])).toEqual({ name: 'rsi', recorded: BASE, recomputed: now });
  });

  it('agree when one of several rules with that condition has them', () => {
    expect(disagreement([BASE], [{ ...BASE, value: 9 }, BASE])).toBeNull();
  });

  it('are not compared under another name or comparison: no rule has what was recorded', () => {
    const others = [
      { ...BASE, name: 'z', value: 9 },
      { ...BASE, comparison: '>' as const, value: 9 },
    ];
    expect(disagreement([BASE], others)).toBeNull();
  });

  it('agree with any record that went through JSON', () => {
    const numbers = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(numbers, numbers, (value, threshold) => {
        const now = { ...BASE, value, threshold };
        const record = JSON.parse(JSON.stringify(now)) as Condition;
        expect(disagreement([record], [now])).toBeNull();
      }),
    );
  });
});
