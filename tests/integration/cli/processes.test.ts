import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { candles } from './candles.ts';
import { DATABASE, userDirectories } from './command-line.ts';

const makeDirectory = userDirectories();
const BACKTEST = ['backtest', '--strategy', 'mean_reversion_crypto'] as const;
const MINUTES = 200_000;

describe('a backtest in a process of its own', () => {
  const directory = makeDirectory();

  beforeAll(async () => {
    await directory.prepare('data', 'sample');
    // A triangle of prices: long enough to be interrupted, whatever the strategy makes of it.
    const from = '2024-01-01T00:00:00Z';
    const close = (index: number) => 100 + Math.abs((index % 200) - 100) / 50;
    directory.write('m.csv', candles({ from, count: MINUTES, close, stepMs: 60_000 }));
    const series = ['--symbol', 'SOL/USD', '--timeframe', '1m'];
    await directory.prepare('import', 'm.csv', ...series);
  });

  it('ends in order on Ctrl-C: exit 130, a report so far, a run recorded as interrupted', async () => {
    const before = directory.runs().length;
    const flags = ['--symbols', 'SOL/USD', '--timeframe', '1m', '--json'];
    const command = directory.start([...BACKTEST, ...flags]);
    await vi.waitFor(() => expect(directory.runs().length).toBe(before + 1), {
      timeout: 30_000,
      interval: 10,
    });
    command.process.kill('SIGINT');
    const { code, stdout, stderr } = await command.outcome();
    expect([code, stderr]).toEqual([130, 'interrupted: the result covers the bars up to there\n']);
    const report: unknown = JSON.parse(stdout);
    const run = directory.runs().at(-1);
    expect(run).toMatchObject({ status: 'interrupted', timeframe: '1m' });
    expect(run?.bars).toBeGreaterThan(0);
    expect(run?.bars).toBeLessThan(MINUTES);
    expect(report).toMatchObject({
      run_id: run?.runId,
      bars: run?.bars,
      status: 'interrupted',
      labels: [
        expect.stringMatching(/^INTERRUPTED at 2024-\S+Z: the result covers the bars up to/),
      ],
    });
    const { start, end } = report as { start: string; end: string };
    expect(Date.parse(end) - Date.parse(start)).toBe((run?.bars ?? 0) * 60_000);
    const shown = await directory.run('runs', 'show', 'last', '--json');
    expect(JSON.parse(shown.stdout)).toEqual(report);
    expect(shown.stderr).toBe(stderr);
  });

  it('finishes beside another one on the same database, and disturbs neither', async () => {
    const strategies = ['mean_reversion_crypto', 'momentum_crypto'];
    const symbols = ['--symbols', 'BTC/USD,ETH/USD', '--json'];
    const outcomes = await Promise.all(
      strategies.map((id) => directory.start(['backtest', '--strategy', id, ...symbols]).outcome()),
    );
    expect(outcomes.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, ''],
      [0, ''],
    ]);
    for (const [index, { stdout }] of outcomes.entries()) {
      const id = strategies[index] ?? '';
      const alone = await directory.run('backtest', '--strategy', id, ...symbols);
      const [together, apart] = [stdout, alone.stdout].map(
        (text) => /"result_hash": "(\w+)"/.exec(text)?.[1] ?? text,
      );
      expect(together, `the hash of ${id}`).toBe(apart);
    }
  });
});

describe('a reader that leaves before there is anything to read', () => {
  it.each([
    ['of the result is no fault', '| true', ['strategies', 'list'], '0 0\n'],
    ['of messages does not change the exit code', '2>&1 | true', ['runs', 'show', 'x'], '2 0\n'],
  ])('%s', (_, pipe, args, codes) => {
    const directory = makeDirectory();
    const command = directory
      .commandLine(args)
      .map((word) => `'${word}'`)
      .join(' ');
    const script = `${command} ${pipe}; echo \${PIPESTATUS[*]}`;
    const { path: cwd } = directory;
    const { stdout, stderr } = spawnSync('bash', ['-c', script], { cwd, encoding: 'utf8' });
    expect([stdout, stderr]).toEqual([codes, '']);
  });
});

describe('files that a command makes', () => {
  it('are for their owner alone', async () => {
    const directory = makeDirectory();
    const { code } = await directory.start([...BACKTEST, '--export', 'out']).outcome();
    expect(code).toBe(0);
    const files = ['data', DATABASE, 'out', 'out/trades.csv'];
    const { stdout } = spawnSync('stat', ['-c', '%a', ...files], {
      cwd: directory.path,
      encoding: 'utf8',
    });
    expect(stdout).toBe('700\n600\n700\n600\n');
  });
});
