import { describe, expect, it } from 'vitest';
import { compareFills } from '../../../src/reporting/fill-comparison.ts';

type Reports = Parameters<typeof compareFills>[0];

const METRICS = {
  sharpe_ratio: 1.5,
  max_drawdown: 0.1,
  profit_factor: null,
  total_fees: 4,
  total_slippage: 5,
};

/** As much of a report as a comparison reads. */
function reportOf(totalReturn: number | null): Reports['base'] {
  return {
    final_equity: 1000,
    metrics: { ...METRICS, total_return: totalReturn },
    costs: { gross: 12, spread: 5, impact: 0, fees: 4, financing: 0, net: 3 },
  } as Reports['base'];
}

function compared(pessimistic: number | null, base: number | null) {
  return compareFills({
    optimistic: reportOf(0.9),
    base: reportOf(base),
    pessimistic: reportOf(pessimistic),
  });
}

describe('a comparison of fills', () => {
  it('has the same figures of each, optimistic first', () => {
    const { edge_survives, ...columns } = compared(0.1, 0.2);
    expect(edge_survives).toBe(true);
    expect(Object.keys(columns)).toEqual(['optimistic', 'base', 'pessimistic']);
    expect(columns.base).toEqual({
      final_equity: 1000,
      total_return: 0.2,
      sharpe_ratio: 1.5,
      max_drawdown: 0.1,
      profit_factor: null,
      net_pnl: 3,
      fees: 4,
      slippage: 5,
    });
    expect(columns.pessimistic.total_return).toBe(0.1);
    expect(columns.optimistic.total_return).toBe(0.9);
  });

  it.each([
    [0.01, 0.2, true],
    [0, 0.2, false],
    [-0.1, 0.2, false],
    [-0.1, 0, null],
    [-0.2, -0.1, null],
    [null, null, null],
  ])('of a pessimistic %s beside %s says of the edge: %s', (pessimistic, base, survives) => {
    expect(compared(pessimistic, base).edge_survives).toBe(survives);
  });
});
