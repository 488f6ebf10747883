import { beforeAll, describe, expect, it } from 'vitest';
import { userDirectories } from './command-line.ts';

const makeDirectory = userDirectories();

/** Enters on every 24th bar and leaves on every 60th: held over night, and when the run ends. */
const strategy = (id: string, side: string) => `import { defineStrategy, z } from 'quantsage';
export default defineStrategy({
  id: '${id}',
  params: z.object({}),
  create() {
    let bars = 0;
    return {
      onBar(bar, { position, enter, exit }) {
        bars += 1;
        if (position !== null) return bars % 60 === 0 ? exit({ reason: 'over' }) : null;
        return bars % 24 === 0 ? enter({ side: '${side}', reason: 'turn' }) : null;
      },
    };
  },
});
`;

const RUN =
  'backtest --strategy ./buyer.ts,./seller.ts --no-risk-limits --timerange 20230101-20230130 ' +
  '--set seller.allow_short=true --set portfolio.margin.initial=0.25 ' +
  '--set execution.max_volume_share=null --set position_sizing.method=fixed_fraction ' +
  '--set position_sizing.fraction=0.9 --set portfolio.capital_shares.buyer=0.8 ' +
  '--set execution.close_at_end=false';

interface Report {
  readonly initial_capital: number;
  readonly final_equity: number;
  readonly interest: number;
  readonly open_positions: number;
  readonly costs: { readonly financing: number };
  readonly per_strategy: Readonly<Record<string, { open_pnl: number; contribution: number }>>;
}

describe('the results of strategies that borrow and still hold something', () => {
  const directory = makeDirectory({
    'buyer.ts': strategy('buyer', 'buy'),
    'seller.ts': strategy('seller', 'sell'),
  });
  beforeAll(() => directory.prepare('data', 'sample'));

  const reportOf = async (fills: string) => {
    const { stdout } = await directory.run(...RUN.split(' '), '--json', '--fills', fills);
    return JSON.parse(stdout) as Report;
  };

  it.each(['optimistic', 'base', 'pessimistic'])(
    'add up, less interest, to what the account made with %s fills',
    async (fills) => {
      const { initial_capital, final_equity, interest, ...report } = await reportOf(fills);
      expect(report.open_positions).toBeGreaterThan(0);
      expect(report.costs.financing).toBeGreaterThan(0);
      expect(interest).toBeGreaterThan(0);
      const made = Object.values(report.per_strategy).map(({ contribution }) => contribution);
      const sum = made.reduce((total, each) => total + each, 0);
      expect(sum - interest).toBeCloseTo(final_equity - initial_capital, 6);
    },
  );

  it('show what is open and what was owed beside the costs of closed trades', async () => {
    const { interest, per_strategy } = await reportOf('base');
    const { stdout } = await directory.run(...RUN.split(' '));
    const amountOf = (label: string) => {
      const line = stdout.split('\n').find((each) => each.trim().startsWith(label)) ?? '';
      return Number(line.replace(label, '').replaceAll(',', '') || 'none');
    };
    const open = Object.values(per_strategy).reduce((sum, { open_pnl }) => sum + open_pnl, 0);
    expect(amountOf('Open positions, so far')).toBeCloseTo(open, 2);
    expect(amountOf('Interest on cash owed')).toBeCloseTo(interest, 2);
  });
});
