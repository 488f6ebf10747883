import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BacktestReport } from '../../../src/app/run-backtest.ts';
import { refusalOf, userDirectories } from '../cli/command-line.ts';

const FOLDER = 'tests/integration/strategies';
const FILES = readdirSync(FOLDER)
  .filter((name) => !name.endsWith('.test.ts'))
  .toSorted();
const QUARTER = ['--timerange', '20230101-20230401'] as const;

const makeDirectory = userDirectories();
const directory = makeDirectory(
  Object.fromEntries(FILES.map((name) => [name, readFileSync(path.join(FOLDER, name))])),
);

beforeAll(() => directory.prepare('data', 'sample'));

async function reportOf(file: string, ...more: readonly string[]): Promise<BacktestReport> {
  const args = ['backtest', '--strategy', file, '--json', ...QUARTER, ...more];
  const { code, stdout, stderr } = await directory.run(...args);
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as BacktestReport;
}

/** What a run decided and came to, without what names the run. */
function outcomeOf({ result_hash, final_equity, metrics, per_symbol }: BacktestReport) {
  return { result_hash, final_equity, metrics, per_symbol };
}

describe('strategies as users write them', () => {
  it('import the public package alone, and compile against its types', () => {
    const imports = FILES.flatMap((name) => [
      ...directory.read(name).matchAll(/from '([^']+)'/g),
    ]).map(([, source]) => source);
    expect([...new Set(imports)]).toEqual(['quantsage']);
    const configuration = {
      compilerOptions: {
        strict: true,
        noEmit: true,
        module: 'NodeNext',
        target: 'ES2023',
        skipLibCheck: true,
        types: ['node'],
        typeRoots: [path.resolve('node_modules/@types')],
        allowImportingTsExtensions: true,
        paths: { quantsage: [path.resolve('src/quantsage.ts')] },
      },
      files: FILES,
    };
    directory.write('package.json', '{ "type": "module" }');
    directory.write('tsconfig.json', JSON.stringify(configuration));
    const manifest = createRequire(import.meta.url).resolve('typescript/package.json');
    const compiler = path.join(path.dirname(manifest), 'bin/tsc');
    const compile = () =>
      execFileSync(process.execPath, [compiler, '-p', '.'], { cwd: directory.path });
    expect(compile).not.toThrow();
  });

  it.each(FILES)(
    'run to the end, raise signals and give the same result twice: %s',
    async (file) => {
      const [first, second] = [await reportOf(`./${file}`), await reportOf(`./${file}`)];
      expect(first.status).toBe('completed');
      expect(first.signals.raised).toBeGreaterThan(5);
      expect(outcomeOf(second)).toEqual(outcomeOf(first));
    },
  );
});

describe('a strategy that ranks its symbols', () => {
  const held = ({ per_symbol }: BacktestReport) =>
    Object.values(per_symbol).map(({ trades }) => trades);

  it('trades the symbols of the run on one account, and reports each', async () => {
    const report = await reportOf('ranked-momentum.ts');
    expect(Object.keys(report.per_symbol)).toEqual(['BTC/USD', 'ETH/USD']);
    expect(held(report).every((count) => count > 0)).toBe(true);
    expect(held(report).reduce((sum, count) => sum + count)).toBe(report.metrics.total_trades);
  });

  it('holds no more symbols than it wants to', async () => {
    const lines = async (hold: number) => {
      const folder = `ranked-${hold}`;
      await reportOf('ranked-momentum.ts', '--set', `params.hold=${hold}`, '--export', folder);
      const [, ...rows] = directory.read(`${folder}/trades.csv`).trim().split('\n');
      return rows.map((row) => row.split(','));
    };
    const overlaps = (rows: readonly (readonly string[])[]) =>
      rows.flatMap(([, symbol, , , entered = '', , exited = '']) =>
        rows.filter(
          ([, other, , , from = '', , to = '']) =>
            other !== symbol && from < exited && entered < to,
        ),
      ).length;
    expect(overlaps(await lines(1))).toBe(0);
    expect(overlaps(await lines(2))).toBeGreaterThan(0);
  });

  it('decides on the same bars in another order of symbols', async () => {
    const [one, other] = [
      await reportOf('ranked-momentum.ts', '--symbols', 'BTC/USD,ETH/USD'),
      await reportOf('ranked-momentum.ts', '--symbols', 'ETH/USD,BTC/USD'),
    ];
    expect(other.signals).toEqual(one.signals);
    expect(other.metrics.total_trades).toBe(one.metrics.total_trades);
  });
});

describe('a strategy that looks at another symbol', () => {
  const ETH_ALONE = ['--symbols', 'ETH/USD'] as const;

  it('is reported for what it trades, and names what it looks at', async () => {
    const report = await reportOf('pair.ts', ...ETH_ALONE);
    const { symbols, informative_symbols, per_symbol, fees, labels } = report;
    expect({ symbols, informative_symbols }).toEqual({
      symbols: ['ETH/USD'],
      informative_symbols: ['BTC/USD'],
    });
    expect([Object.keys(per_symbol), Object.keys(fees)]).toEqual([['ETH/USD'], ['ETH/USD']]);
    expect(labels).toContain('looks at BTC/USD without trading there');
    expect(report.metrics.total_trades).toBeGreaterThan(10);
  });

  it('holds what somebody holds who buys what it trades, whatever it looks at', async () => {
    const [looking, alone] = [
      await reportOf('pair.ts', ...ETH_ALONE),
      await reportOf('replaced-limit.ts', ...ETH_ALONE),
    ];
    expect(looking.metrics.buy_and_hold_return).toBe(alone.metrics.buy_and_hold_return);
    expect(looking.bars).toBe(alone.bars);
  });

  it('decides on a symbol as it does where the other is traded as well', async () => {
    await reportOf('pair.ts', ...ETH_ALONE, '--export', 'alone');
    const both = ['--symbols', 'ETH/USD,BTC/USD', '--export', 'together'] as const;
    expect((await reportOf('pair.ts', ...both)).informative_symbols).toEqual([]);
    // Time, bar, symbol and price: numbers of events and orders depend on who else is there.
    const entries = (folder: string) =>
      directory
        .read(`${folder}/signals.csv`)
        .split('\n')
        .filter((line) => line.includes('ETH/USD,enter'))
        .map((line) => line.split(',').slice(1, 8).join());
    expect(entries('alone').length).toBeGreaterThan(5);
    expect(entries('together')).toEqual(entries('alone'));
  });

  it('has the other symbol in the fingerprint of its data and in the hash of its configuration', async () => {
    const [looking, alone] = [
      await reportOf('pair.ts', ...ETH_ALONE),
      await reportOf('pair.ts', ...ETH_ALONE, '--set', 'params.leader=ETH/USD'),
    ];
    expect(alone.informative_symbols).toEqual([]);
    expect(looking.data_fingerprint).not.toBe(alone.data_fingerprint);
    expect(looking.config_hash).not.toBe(alone.config_hash);
  });

  it('says what to collect where the other has no bars', async () => {
    const outcome = await directory.run(
      'backtest',
      '--strategy',
      'pair.ts',
      ...ETH_ALONE,
      '--set',
      'params.leader=SOL/USD',
    );
    expect(refusalOf(outcome)).toMatch(
      /^no bars for SOL\/USD 1h between .*run "quantsage collect --symbols SOL\/USD --timeframe 1h"/,
    );
    expect(outcome.code).toBe(5);
  });

  it('is refused for what is no symbol, before anything is read', async () => {
    const outcome = await directory.run(
      'backtest',
      '--strategy',
      'pair.ts',
      '--set',
      'params.leader=btc/usd',
    );
    expect(refusalOf(outcome)).toBe(
      'strategy "pair": informative: a symbol such as BTC/USD or AAPL was expected, was "btc/usd"; ' +
        'did you mean "BTC/USD"?',
    );
    expect(outcome.code).toBe(2);
  });
});
