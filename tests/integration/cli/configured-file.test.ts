import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { refusalOf, userDirectories } from './command-line.ts';

const makeDirectory = userDirectories();

const SOURCE = `import { defineStrategy, z } from 'quantsage';
export default defineStrategy({
  id: 'dips',
  params: z.object({ fall: z.number().gt(0).default(0.01), side: z.enum(['buy', 'sell']).default('buy') }),
  create: ({ params }) => ({
    history: 2,
    onBar(bar, { position, enter, exit, history }) {
      const before = history(2)[0]?.close ?? bar.close;
      if (position !== null) return exit({ reason: 'a bar later' });
      if (bar.close > before * (1 - params.fall)) return null;
      return enter({ side: params.side, reason: 'a dip' });
    },
  }),
});
`;

const CONFIGURED = `strategy: ../../code/dips.ts
symbols: [ETH/USD]
timeframe: 4h
allow_short: true
params:
  fall: 0.02
  side: sell
`;

const FILES = {
  'code/dips.ts': SOURCE,
  'config/strategies/eth_dips.yaml': CONFIGURED,
  'config/strategies/btc_dips.yaml': 'strategy: ../../code/dips.ts\nsymbols: [BTC/USD]\n',
};

interface Report {
  readonly strategy: string;
  readonly symbols: readonly string[];
  readonly timeframe: string;
  readonly config_hash: string;
  readonly result_hash: string;
  readonly per_strategy: Readonly<Record<string, { readonly trades: number }>>;
}

describe('a file of the user’s own under an id of config/strategies', () => {
  const directory = makeDirectory(FILES);
  beforeAll(() => directory.prepare('data', 'sample'));

  const reportOf = async (strategy: string, ...more: readonly string[]) => {
    const run = ['backtest', '--strategy', strategy, '--timerange', '20230101-20230401', '--json'];
    const { code, stdout, stderr } = await directory.run(...run, ...more);
    expect([code, stderr]).toEqual([0, '']);
    return JSON.parse(stdout) as Report;
  };

  it('runs with the symbols, timeframe, sides and parameters written there', async () => {
    const report = await reportOf('eth_dips');
    expect(report).toMatchObject({ strategy: 'eth_dips', symbols: ['ETH/USD'], timeframe: '4h' });
    expect(report.per_strategy['eth_dips']?.trades).toBeGreaterThan(3);
    const long = await reportOf('eth_dips', '--set', 'eth_dips.allow_short=false');
    expect(long.per_strategy['eth_dips']?.trades).toBe(0);
    const rare = await reportOf('eth_dips', '--set', 'params.fall=0.5');
    expect(rare.per_strategy['eth_dips']?.trades).toBe(0);
  });

  it('runs twice at once under two ids, each with parameters of its own', async () => {
    const both = await reportOf('eth_dips,btc_dips', '--timeframe', '4h');
    const alone = await reportOf('btc_dips', '--timeframe', '4h');
    expect(both.symbols).toEqual(['ETH/USD', 'BTC/USD']);
    expect(both.per_strategy['btc_dips']?.trades).toBe(alone.per_strategy['btc_dips']?.trades);
  });

  it('is recorded with the hash of its source and the id of its definition as kind', async () => {
    const first = await reportOf('btc_dips');
    directory.write('code/dips.ts', `${SOURCE}// a comment\n`);
    const changed = await reportOf('btc_dips');
    directory.write('code/dips.ts', SOURCE);
    expect(changed.config_hash).not.toBe(first.config_hash);
    expect(changed.result_hash).toBe(first.result_hash);
    expect((await reportOf('btc_dips')).config_hash).toBe(first.config_hash);
  });

  it('is found from where its configuration lies, whatever the link to that is called', async () => {
    const linked = makeDirectory({ 'code/dips.ts': SOURCE, 'real/keep': '' });
    mkdirSync(linked.at('config/strategies'), { recursive: true });
    linked.write(
      'config/strategies/a.yaml',
      `strategy: ${path.join(linked.path, 'code/dips.ts')}\n`,
    );
    symlinkSync('dips.ts', linked.at('code/link.ts'));
    linked.write('config/strategies/b.yaml', 'strategy: ../../code/link.ts\n');
    await linked.prepare('data', 'sample');
    for (const id of ['a', 'b']) {
      const outcome = await linked.run(
        'backtest',
        '--strategy',
        id,
        '--timerange',
        '20230101-20230110',
      );
      expect([outcome.code, outcome.stderr]).toEqual([0, '']);
    }
  });

  it('is listed and checked without being run', async () => {
    const bomb = makeDirectory({
      'config/strategies/bomb.yaml': 'strategy: ./bomb.ts\nparams: { n: 3 }\n',
      'config/strategies/bomb.ts': 'throw new Error("run");\n',
      'config/strategies/mean.yaml': 'strategy: mean_reversion\n',
    });
    const { stdout } = await bomb.run('strategies', 'list');
    expect(stdout).toMatch(/\nbomb +own file +BTC\/USD,ETH\/USD +1h +long +\.\/bomb\.ts *\n/);
    const { stdout: json } = await bomb.run('strategies', 'list', '--json');
    expect(JSON.parse(json)).toMatchObject([
      { id: 'bomb', kind: './bomb.ts', own_file: true, description: '' },
      { id: 'mean', kind: 'mean_reversion', own_file: false },
    ]);
    const checked = await bomb.run('config', 'check');
    expect([checked.code, checked.stderr]).toEqual([0, '']);
    expect(checked.stdout).toMatch(/strategy: \.\/bomb\.ts +# config\/strategies\/bomb\.yaml:1:11/);
    expect(checked.stdout).toMatch(/n: 3/);
    const ran = await bomb.run('backtest', '--strategy', 'bomb');
    expect(refusalOf(ran)).toBe('config/strategies/bomb.ts:1: threw while it was loaded: run');
  });
});

describe('a file that a configuration names under the id of its own definition', () => {
  it('is run by that id, and says so when it is named itself', async () => {
    const directory = makeDirectory({
      'dips.ts': SOURCE,
      'config/strategies/dips.yaml': 'strategy: ../../dips.ts\nsymbols: [BTC/USD]\n',
    });
    await directory.prepare('data', 'sample');
    const outcome = await directory.run('backtest', '--strategy', './dips.ts');
    expect(refusalOf(outcome)).toBe(
      './dips.ts: a strategy id of its own was expected, was "dips", which ' +
        'config/strategies/dips.yaml has; it names this file: run it with --strategy dips',
    );
    expect(outcome.code).toBe(2);
    await directory.prepare('backtest', '--strategy', 'dips', '--timerange', '20230101-20230110');
  });
});

describe('a configuration that names a file', () => {
  const PLACE = 'config/strategies/mine.yaml';
  const KINDS = 'a .ts, .js or .mjs file';

  it.each([
    [
      'strategy: ./nowhere.ts\n',
      `${PLACE}:1:11: strategy: ${KINDS} was expected, was "./nowhere.ts", and there is no ` +
        'config/strategies/nowhere.ts; a path is taken from where the file that names it lies, ' +
        'and the code there is run',
    ],
    [
      'strategy: ./nowhere.py\n',
      `${PLACE}:1:11: strategy: ${KINDS} was expected, was "./nowhere.py"`,
    ],
    [
      'strategy: ../../code/dips.ts\nparams: { fal: 1 }\n',
      `${PLACE}:2:11: unknown key "fal"; did you mean "fall"?`,
    ],
    [
      'strategy: ../../code/dips.ts\nparams:\n  fall: -1\n',
      `${PLACE}:3:9: params.fall: a number above 0 was expected, was -1`,
    ],
    ['strategy: ../../code\n', `${PLACE}:1:11: strategy: ${KINDS} was expected, was "../../code"`],
    [
      'strategy: ../../code/two.ts\n',
      'code/two.ts: one exported strategy was expected, was none; write "export default ' +
        'defineStrategy({ … })" once',
    ],
    [
      'strategy: ../../code/needs.ts\n',
      `${PLACE}:1:1: params.n: a finite number was expected, was nothing`,
    ],
    ['strategy: ../../code/throws.ts\n', 'mine: its schema threw: no'],
  ])('is refused in one sentence: %j', async (text, said) => {
    const head =
      "import { defineStrategy, z } from 'quantsage';\nexport default defineStrategy({ id: 'n', create: () => ({ onBar: () => null }), params: ";
    const directory = makeDirectory({
      'code/dips.ts': SOURCE,
      'code/two.ts': 'export const a = 1;\n',
      'code/needs.ts': `${head}z.object({ n: z.number() }) });\n`,
      'code/throws.ts': `${head}z.object({ n: z.int().default(1).transform(() => { throw new Error('no'); }) }) });\n`,
      [PLACE]: text,
    });
    const outcome = await directory.run('backtest', '--strategy', 'mine');
    expect(refusalOf(outcome)).toBe(said);
    expect(outcome.code).toBe(2);
    expect(directory.has('data')).toBe(false);
  });
});
