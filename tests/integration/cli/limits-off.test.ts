import { beforeAll, describe, expect, it } from 'vitest';
import { userDirectories } from './command-line.ts';

const makeDirectory = userDirectories();

/** Buys all it can on its first bar, with a stop far off, and holds. */
const GREEDY = `import { defineStrategy, z } from 'quantsage';
export default defineStrategy({
  id: 'greedy',
  params: z.object({}),
  create: () => ({
    onBar: (bar, { position, enter }) =>
      position === null ? enter({ side: 'buy', reason: 'all in' }) : null,
  }),
});
`;

const RUN = [
  'backtest',
  '--strategy',
  './greedy.ts',
  '--symbols',
  'BTC/USD',
  '--set',
  'position_sizing.method=fixed_fraction',
  '--set',
  'position_sizing.fraction=0.95',
  '--set',
  'execution.max_volume_share=null',
] as const;

interface Report {
  readonly labels: readonly string[];
  readonly config_hash: string;
  readonly halted: unknown;
  readonly metrics: { readonly total_trades: number; readonly max_drawdown: number };
}

describe('a backtest without risk limits', () => {
  const directory = makeDirectory({ 'greedy.ts': GREEDY });
  const off = async (...flags: readonly string[]) => {
    const { code, stdout, stderr } = await directory.run(...RUN, ...flags);
    expect([code, stderr]).toEqual([0, '']);
    return stdout;
  };
  const reportOf = async (...flags: readonly string[]) =>
    JSON.parse(await off('--json', ...flags)) as Report;

  beforeAll(() => directory.prepare('data', 'sample'));

  it('holds one position of nearly all the money from the first bar to the last', async () => {
    const { metrics, halted } = await reportOf('--no-risk-limits');
    expect(metrics.total_trades).toBe(1);
    // More than the 20 % of drawdown that would have halted it.
    expect(metrics.max_drawdown).toBeGreaterThan(0.2);
    expect(halted).toBeNull();
    expect((await reportOf()).metrics.total_trades).toBeGreaterThan(1);
  });

  it('says so first of all, wherever its result is shown', async () => {
    const mark = 'RISK LIMITS ARE OFF: research only';
    const { labels } = await reportOf('--no-risk-limits');
    expect(labels[0]).toContain(mark);
    expect(labels.filter((label) => label.includes('switched off'))).toEqual([]);
    expect(await off('--no-risk-limits')).toContain(`! ${mark}`);
    expect((await directory.run('runs', 'show', 'last')).stdout).toContain(`! ${mark}`);
    expect((await directory.run('runs', 'list', '--limit', '1')).stdout).toMatch(
      /completed, no limits/,
    );
    expect((await reportOf()).labels.join()).not.toContain(mark);
  });

  it('is the same by flag and by setting', async () => {
    const flag = await reportOf('--no-risk-limits');
    const setting = await reportOf('--set', 'risk_limits.enabled=false');
    expect(flag.config_hash).toBe(setting.config_hash);
    expect(flag.config_hash).not.toBe((await reportOf()).config_hash);
  });

  it('still sends no order that makes no sense', async () => {
    const text = GREEDY.replace("side: 'buy'", "side: 'buy', confidence: 2");
    directory.write('senseless.ts', text.replace("'greedy'", "'senseless'"));
    const { code, stderr } = await directory.run(
      'backtest',
      '--strategy',
      './senseless.ts',
      '--no-risk-limits',
    );
    expect(code).toBe(3);
    expect(stderr).toMatch(/confidence/);
  });
});
