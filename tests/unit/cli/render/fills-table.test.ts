import { describe, expect, it } from 'vitest';
import type { BacktestReport } from '../../../../src/app/run-backtest.ts';
import { fillsSection } from '../../../../src/cli/render/fills-table.ts';

const outcome = (total_return: number) => ({
  final_equity: 1000 * (1 + total_return),
  total_return,
  sharpe_ratio: null,
  max_drawdown: 0.05,
  profit_factor: 1.234,
  net_pnl: 1000 * total_return,
  fees: 12,
  slippage: 3,
});

function rendered(edge_survives: boolean | null): string {
  const fills = {
    optimistic: outcome(0.2),
    base: outcome(0.1),
    pessimistic: outcome(0.05),
    edge_survives,
  };
  const metrics = { buy_and_hold_return: 0.5 };
  return fillsSection({ fills, metrics } as BacktestReport);
}

describe('a comparison of fills', () => {
  it('is left out where none was asked for', () => {
    expect(fillsSection({ fills: null } as BacktestReport)).toBe('');
  });

  it('stands side by side, the best first, and says whether the edge survives', () => {
    expect(rendered(true)).toBe(
      `Fills
                 optimistic      base  pessimistic
  Final equity     1,200.00  1,100.00     1,050.00
  Total return      20.00 %   10.00 %       5.00 %
  Sharpe ratio          n/a       n/a          n/a
  Max. drawdown      5.00 %    5.00 %       5.00 %
  Profit factor        1.23      1.23         1.23
  Net PnL            200.00    100.00        50.00
  Fees                12.00     12.00        12.00
  Slippage             3.00      3.00         3.00
  The edge survives pessimistic fills: pessimistic 5.00 %, base 10.00 %, buy & hold 50.00 %.
`,
    );
  });

  it.each([
    [false, 'The edge does not survive pessimistic fills: pessimistic 5.00 %, base'],
    [null, 'There is no edge to survive: pessimistic 5.00 %, base'],
  ])('says of an edge that survives %s: "%s"', (survives, said) => {
    expect(rendered(survives)).toContain(said);
  });
});
