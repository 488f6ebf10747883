import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKS_ALL, CheckRuns } from './check-runs.ts';

const SLOW_MS = 600_000;
const FILES = readdirSync(path.join(import.meta.dirname, 'clean')).filter((file) =>
  file.endsWith('.ts'),
);

/** Decides on all symbols together: none of them can be tried alone. */
const TOGETHER: readonly string[] = [
  'always-the-strongest.ts',
  'ranked-beside-a-leader.ts',
  'spread-of-two.ts',
];

const BUILT_IN = ['mean_reversion_crypto', 'momentum_crypto'];
/** `npm run test:leaks` checks all of them. */
const IN_EVERY_RUN: readonly string[] = [
  'trailing-since-entry.ts',
  'always-the-strongest.ts',
  'momentum_crypto',
];

describe('a check of a sound strategy', () => {
  const runs = new CheckRuns();
  beforeAll(async () => runs.fill(), SLOW_MS);
  afterAll(() => runs.close());

  it.each(CHECKS_ALL ? [...FILES, ...BUILT_IN] : IN_EVERY_RUN)(
    'finds nothing in %s',
    async (strategy) => {
      const { code, report } = await runs.check(strategy);
      expect(report.findings).toEqual([]);
      expect([code, report.is_clean]).toEqual([0, true]);
      expect(report.runs).toBeGreaterThanOrEqual(TOGETHER.includes(strategy) ? 12 : 14);
      expect(report.compared_bars).toBeGreaterThan(8_000);
    },
    SLOW_MS,
  );

  it.each(['dips-while-the-leader-rises.ts', 'ranked-beside-a-leader.ts'])(
    'finds nothing in %s where it looks at a symbol that nobody trades',
    async (strategy) => {
      const { report } = await runs.check(strategy, '--symbols', 'ETH/USD');
      const { findings, symbols, informative_symbols, decisions } = report;
      expect({ findings, symbols, informative_symbols }).toEqual({
        findings: [],
        symbols: ['ETH/USD'],
        informative_symbols: ['BTC/USD'],
      });
      expect(decisions).toBeGreaterThan(10);
    },
    SLOW_MS,
  );

  it.each(['single', 'cross_sectional'])(
    'finds nothing in the %s strategy that a user begins with',
    async (kind) => {
      await runs.directory.prepare('strategies', 'new', kind, '--kind', kind);
      const { report } = await runs.check(`${kind}.ts`);
      expect(report.findings).toEqual([]);
      expect(report.decisions).toBeGreaterThan(0);
    },
    SLOW_MS,
  );

  it(
    'says where the order in which symbols are given decides',
    async () => {
      const { report } = await runs.check('spread-of-two.ts');
      expect(report.notes).toEqual([
        'it goes by the order in which the symbols are given: in the opposite order it decided ' +
          'otherwise on ETH/USD 2024-12-07T04:00:00Z: enter buy, was nothing',
      ]);
      expect((await runs.check('always-the-strongest.ts')).report.notes).toEqual([]);
    },
    SLOW_MS,
  );

  it(
    'finds nothing with other parameters either',
    async () => {
      const set = ['--set', 'params.oversold=45', '--set', 'params.overbought=52'];
      const { report } = await runs.check('rsi-swing.ts', ...set);
      expect(report.findings).toEqual([]);
      expect(report.decisions).toBeGreaterThan(20);
    },
    SLOW_MS,
  );

  it(
    'says what it could not vary, and where a strategy needs a while to find its feet',
    async () => {
      const settings = await runs.check('settings-beside-it.ts');
      expect(settings.report.notes[0]).toMatch(
        /^fs\.readFileSync\(".*settings-beside-it\.json"\) is used when the module is loaded/,
      );
      const trailing = await runs.check('trailing-since-entry.ts');
      expect(trailing.report.notes[0]).toMatch(/^begun later, it decides otherwise for up to \d+/);
    },
    SLOW_MS,
  );

  it(
    'says so when there were too few decisions to judge by',
    async () => {
      const { code, report } = await runs.check('never-decides.ts');
      expect(code).toBe(0);
      expect(report.notes).toEqual([
        '0 decisions on 1200 bars: a leak that shows only when it decides may have gone unseen',
      ]);
    },
    SLOW_MS,
  );

  it(
    'comes to the same verdict again, to the last letter',
    async () => {
      const one = await runs.checkAnew('counts-bars.ts');
      const other = await runs.checkAnew('counts-bars.ts');
      expect(one.code).toBe(3);
      expect(other.stdout).toBe(one.stdout);
    },
    SLOW_MS,
  );

  it(
    'prints the verdict for people, and a lone symbol is enough',
    async () => {
      const flags = ['--symbols', 'ETH/USD', '--timeframe', '4h', '--bars', '200'];
      const { code, stdout, stderr } = await runs.run('average-crossing.ts', ...flags);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^average_crossing on ETH\/USD 4h of sample, .*, 200 bars\n/);
      expect(stdout).toContain('\nClean: no look-ahead, no repainting');
    },
    SLOW_MS,
  );

  it('comes to no verdict when it is interrupted', async () => {
    const { code, stdout, stderr } = await runs.directory.runInterrupted(
      'check-strategy',
      'rsi-swing.ts',
    );
    expect([code, stdout]).toEqual([130, '']);
    expect(stderr).toBe('interrupted: the check came to no verdict\n');
  });

  it('refuses a strategy that is not there, and a count that is none', async () => {
    expect((await runs.run('nowhere.ts')).code).toBe(2);
    const { code, stdout, stderr } = await runs.run('rsi-swing.ts', '--bars', '3');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe('error: --bars: a whole number of at least 10 was expected, was "3"\n');
  });
});
