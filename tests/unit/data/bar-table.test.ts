import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BarTable } from '../../../src/data/bar-table.ts';

function tableOf(times: readonly number[]): BarTable {
  const table = new BarTable();
  times.forEach((time, index) =>
    table.append(Float64Array.of(time, 1, 2, 0.5, 1.5, 10, 0), 0, index + 2),
  );
  return table;
}

describe('BarTable', () => {
  it('gives back the rows it took, past its first capacity', () => {
    const times = Array.from({ length: 3000 }, (_, index) => index);
    const rows = [...tableOf(times).rows()];
    expect(rows).toHaveLength(3000);
    expect(rows[2999]).toEqual({
      openTime: 2999,
      open: 1,
      high: 2,
      low: 0.5,
      close: 1.5,
      volume: 10,
      flags: 0,
    });
  });

  it('knows whether times ever went back', () => {
    expect(tableOf([1, 2, 2, 3]).isAscending).toBe(true);
    expect(tableOf([1, 3, 2]).isAscending).toBe(false);
  });

  it('sorts by time and keeps the line of each bar, equal times in the order they came', () => {
    const sorted = tableOf([5, 3, 5, 1]).sorted();
    expect([...sorted.rows()].map(({ openTime }) => openTime)).toEqual([1, 3, 5, 5]);
    expect([0, 1, 2, 3].map((index) => sorted.lineAt(index))).toEqual([5, 3, 2, 4]);
    expect(sorted.isAscending).toBe(true);
  });

  it('leaves out chosen bars and nothing else', () => {
    const rest = tableOf([1, 2, 3, 4]).without(new Set([0, 2]));
    expect([...rest.rows()].map(({ openTime }) => openTime)).toEqual([2, 4]);
  });

  it('adds flags without losing earlier ones', () => {
    const table = tableOf([1, 2]);
    table.addFlags(1, 1);
    table.addFlags(1, 4);
    expect([...table.rows()].map(({ flags }) => flags)).toEqual([0, 5]);
  });

  it('sorts any times as an array sorts them', () => {
    const times = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 60 });
    const prop = fc.property(times, (values) => {
      const sorted = [...tableOf(values).sorted().rows()].map(({ openTime }) => openTime);
      expect(sorted).toEqual(values.toSorted((a, b) => a - b));
    });
    fc.assert(prop, { seed: 42, numRuns: 200 });
  });
});
