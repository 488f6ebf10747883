import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { DATABASE, refusalOf, userDirectories, type UserDirectory } from './command-line.ts';
import { openDatabase } from '../../../src/adapters/sqlite/database.ts';

const makeDirectory = userDirectories();
const IMPORT = "import { defineStrategy, z } from 'quantsage';\n";
const WEEKS = ['--timerange', '20230101-20230201'] as const;

interface Report {
  readonly strategy: string;
  readonly result_hash: string;
  readonly config_hash: string;
  readonly metrics: { readonly total_trades: number };
}

/** The source of a definition that never trades. */
function idle(id: string, params = 'z.object({})'): string {
  return `defineStrategy({ id: '${id}', params: ${params}, create: () => ({ onBar: () => null }) })`;
}

async function reportOf(
  directory: UserDirectory,
  file: string,
  ...more: readonly string[]
): Promise<Report> {
  const args = ['backtest', '--strategy', file, '--json', ...WEEKS, ...more];
  const { code, stdout, stderr } = await directory.run(...args);
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Report;
}

describe('a strategy of the user’s own', () => {
  const directory = makeDirectory();
  const written = () => directory.read('my_strategy.ts');

  beforeAll(async () => {
    await directory.prepare('data', 'sample');
    await directory.prepare('strategies', 'new', 'my_strategy');
    await directory.prepare('strategies', 'new', 'my_ranking', '--kind', 'cross_sectional');
  });

  it.each(['my_strategy', 'my_ranking'])('is begun by an example that trades: %s', async (name) => {
    const { code, stdout } = await directory.run(
      'backtest',
      '--strategy',
      `./${name}.ts`,
      '--json',
    );
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as Report & { readonly halted: unknown };
    expect(report.strategy).toBe(name);
    expect(report.metrics.total_trades).toBeGreaterThan(20);
    expect(report.halted).toBeNull();
  });

  it('has the types of the public API', () => {
    const configuration = {
      compilerOptions: {
        strict: true,
        noEmit: true,
        module: 'NodeNext',
        target: 'ES2023',
        skipLibCheck: true,
        // Sources need those of Node; the declarations a package holds do not.
        types: ['node'],
        typeRoots: [path.resolve('node_modules/@types')],
        allowImportingTsExtensions: true,
        paths: { quantsage: [path.resolve('src/quantsage.ts')] },
      },
      files: ['my_strategy.ts', 'my_ranking.ts'],
    };
    directory.write('package.json', '{ "type": "module" }');
    directory.write('tsconfig.json', JSON.stringify(configuration));
    const compile = () => {
      const manifest = createRequire(import.meta.url).resolve('typescript/package.json');
      const compiler = path.join(path.dirname(manifest), 'bin/tsc');
      execFileSync(process.execPath, [compiler, '-p', '.'], { cwd: directory.path });
    };
    expect(compile).not.toThrow();
  });

  it('gives the same result in a process of its own', async () => {
    const here = await reportOf(directory, './my_strategy.ts');
    const file = directory.at('my_strategy.ts');
    const command = directory.start(['backtest', '--strategy', file, '--json', ...WEEKS]);
    const { code, stdout, stderr } = await command.outcome();
    expect([code, stderr]).toEqual([0, '']);
    const there = JSON.parse(stdout) as Report;
    expect([there.result_hash, there.config_hash]).toEqual([here.result_hash, here.config_hash]);
  });

  it.each(['js', 'mjs', 'mts'])('is read from a .%s file too', async (extension) => {
    directory.write(`plain.${extension}`, written());
    const [plain, typed] = [
      await reportOf(directory, `plain.${extension}`),
      await reportOf(directory, 'my_strategy.ts'),
    ];
    expect(plain.result_hash).toBe(typed.result_hash);
  });

  it.each(['js', 'cjs'])('is what a CommonJS .%s file exports', async (extension) => {
    const text = `const { defineStrategy, z } = require('quantsage');\nmodule.exports = ${idle('common')};`;
    directory.write(`common.${extension}`, text);
    expect((await reportOf(directory, `./common.${extension}`)).strategy).toBe('common');
  });

  it('imports zod and files beside it, wherever it lies', async () => {
    directory.write('own/bounds.ts', "import { z } from 'zod';\nexport const count = z.int();");
    directory.write(
      'own/strategy.ts',
      `${IMPORT}import * as zod from 'zod';\nimport { count } from './bounds.ts';\n` +
        `export const mine = ${idle('mine', 'zod.object({ n: count.default(3), m: z.int().default(1) })')};`,
    );
    expect((await reportOf(directory, 'own/strategy.ts')).strategy).toBe('mine');
  });

  it('may be exported by name and as default', async () => {
    directory.write(
      'both.ts',
      `${IMPORT}export const both = ${idle('both')};\nexport default both;`,
    );
    expect((await reportOf(directory, './both.ts')).strategy).toBe('both');
  });

  it('is run anew, with what it imports, when it changed between two runs of one process', async () => {
    const text = `${IMPORT}import { ending } from './ending.ts';\nexport default `;
    const id = '${ending}';
    for (const [start, end] of [
      ['one', 'a'],
      ['two', 'a'],
      ['two', 'b'],
    ] as const) {
      directory.write('ending.ts', `export const ending: string = '${end}';`);
      directory.write('mine.ts', `${text}${idle('ID').replace("'ID'", `\`${start}_${id}\``)};`);
      expect((await reportOf(directory, 'mine.ts')).strategy).toBe(`${start}_${end}`);
    }
  });

  it('is recorded with its parameters and the hash of its source', async () => {
    const first = await reportOf(directory, 'my_strategy.ts');
    directory.write('copy.ts', written());
    expect((await reportOf(directory, 'copy.ts')).config_hash).toBe(first.config_hash);
    directory.write('copy.ts', `${written()}// a comment\n`);
    const changed = await reportOf(directory, 'copy.ts');
    expect(changed.config_hash).not.toBe(first.config_hash);
    expect(changed.result_hash).toBe(first.result_hash);
    const set = await reportOf(directory, 'my_strategy.ts', '--set', 'params.oversold=20');
    expect(set.config_hash).not.toBe(first.config_hash);

    const database = openDatabase(directory.at(DATABASE), { readonly: true });
    const configs = database.prepare('SELECT config FROM runs').pluck().all().map(String);
    database.close();
    expect(JSON.parse(configs.at(-1) ?? '')).toMatchObject({
      strategy: {
        id: 'my_strategy',
        kind: 'my_strategy',
        params: { oversold: 20, recovered: 60 },
        sourceSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      },
    });
  });

  it('takes symbols, timeframe and short selling from settings, like one of config/strategies', async () => {
    const settings = ['symbols=[ETH/USD]', 'timeframe=4h', 'allow_short=true'].flatMap((each) => [
      '--set',
      `strategies.my_strategy.${each}`,
    ]);
    expect(await reportOf(directory, 'my_strategy.ts', ...settings)).toMatchObject({
      symbols: ['ETH/USD'],
      timeframe: '4h',
    });
  });
});

describe('a strategy file that cannot be run', () => {
  const ID =
    'a strategy id of at most 64 lower-case letters, digits and underscores that begins with a letter';
  const ONE = 'write "export default defineStrategy({ … })" once';

  it.each([
    [
      'export const a = ;',
      '2:18: a TypeScript or JavaScript module was expected: unexpected token',
    ],
    ['interface A {\n  b: 1;\n}\nthrow new Error("boom");', '5: threw while it was loaded: boom'],
    ['throw "boom";', ' threw while it was loaded: boom'],
    [
      "import { a } from 'nowhere';\nconsole.log(a);",
      "2: threw while it was loaded: Cannot find module 'nowhere'",
    ],
    ['export const a = 1;', ` one exported strategy was expected, was none; ${ONE}`],
    [
      "export const a = { id: 'a', params: z.object({}), create() {} };",
      ` one exported strategy was expected, was none; ${ONE}`,
    ],
    [
      `export const a = ${idle('aa')};\nexport const b = ${idle('bb')};`,
      ` one exported strategy was expected, was "aa" and "bb"; ${ONE}`,
    ],
    [`export default ${idle('../x')};`, `2: ${ID} was expected, was "../x"`],
    [
      "export default defineStrategy({ id: 'a', create() {} });",
      '2: strategy "a": params: a schema such as z.object({}) was expected, was undefined',
    ],
    [
      "export default defineStrategy({ id: 'a', params: z.object({}) });",
      '2: strategy "a": create: a function was expected, was undefined',
    ],
    [
      `export default ${idle('a', 'z.object({ n: z.number() })')};`,
      ' params.n: a finite number was expected, was nothing',
    ],
    [
      `export default ${idle('a', 'z.object({ n: z.int().default(1).transform(() => { throw new Error("x"); }) })')};`,
      ' its schema threw: x',
    ],
  ])('is refused in one sentence: %s', async (code, said) => {
    const directory = makeDirectory({ 'mine.ts': `${IMPORT}${code}\n` });
    const outcome = await directory.run('backtest', '--strategy', './mine.ts');
    expect(refusalOf(outcome)).toBe(`./mine.ts:${said}`);
    expect(outcome.code).toBe(2);
    expect(directory.has('data')).toBe(false);
  });

  it.each([
    ['oversold=200', 'params.oversold: a number of at most 100 was expected, was 200'],
    ['oversld=20', 'unknown key "oversld"; did you mean "oversold"?'],
  ])('is refused for a parameter its schema does not take: %s', async (setting, said) => {
    const directory = makeDirectory();
    await directory.prepare('strategies', 'new', 'mine');
    const run = ['backtest', '--strategy', 'mine.ts', '--set', `params.${setting}`];
    const outcome = await directory.run(...run);
    expect(refusalOf(outcome)).toBe(`mine.ts: --set params.${setting}: ${said}`);
    expect(outcome.code).toBe(2);
  });

  it.each([
    [
      './nowhere.ts',
      '--strategy: a .ts, .js or .mjs file was expected, was "./nowhere.ts", which does not exist; ' +
        '"quantsage strategies new NAME" writes one to begin with',
    ],
    ['folder.ts', 'folder.ts: a regular file was expected, was a directory'],
    ['latin.ts', 'latin.ts:1: UTF-8 text was expected; save the file as UTF-8'],
    ['/etc/passwd', '--strategy: an id or a .ts, .js or .mjs file was expected, was "/etc/passwd"'],
    [
      '../../secrets.yaml',
      '--strategy: an id or a .ts, .js or .mjs file was expected, was "../../secrets.yaml"',
    ],
  ])('is refused for what it is: %s', async (file, said) => {
    const directory = makeDirectory({
      'folder.ts/keep': '',
      'latin.ts': Buffer.from('// \xe9', 'latin1'),
    });
    const outcome = await directory.run('backtest', '--strategy', file);
    expect(refusalOf(outcome)).toBe(said);
    expect(outcome.code).toBe(2);
  });

  it('is refused under the id of a configured strategy', async () => {
    const text = 'strategy: momentum\n';
    const directory = makeDirectory({
      'config/strategies/taken.yaml': text,
      'mine.ts': `${IMPORT}export default ${idle('taken')};`,
    });
    const outcome = await directory.run('backtest', '--strategy', './mine.ts');
    expect(refusalOf(outcome)).toBe(
      './mine.ts: a strategy id of its own was expected, was "taken", ' +
        'which config/strategies/taken.yaml has; choose another id',
    );
    expect(outcome.code).toBe(2);
  });

  it('stops the run with exit 3 when it throws on a bar', async () => {
    const text = idle('mine').replace('null', "{ throw new Error('no'); }");
    const directory = makeDirectory({ 'mine.ts': `${IMPORT}export default ${text};` });
    await directory.prepare('data', 'sample');
    const outcome = await directory.run('backtest', '--strategy', './mine.ts');
    expect(refusalOf(outcome)).toBe(
      'strategy "mine" on BTC/USD, bar 2023-01-01T00:00:00Z, threw: no (mine.ts:2)',
    );
    expect(outcome.code).toBe(3);
    expect(directory.runs().map(({ status }) => status)).toEqual(['failed']);
    const debugged = await directory.run('backtest', '--strategy', './mine.ts', '--debug');
    expect(debugged.stderr, 'the calls that led to it').toMatch(
      /\ncaused by: Error: no\n +at [^\n]*mine\.ts:2:/,
    );
  });
});

describe('strategies new', () => {
  it('says what it wrote, as a sentence or as JSON', async () => {
    const directory = makeDirectory();
    const { stdout } = await directory.run('strategies', 'new', 'one');
    expect(stdout).toBe('wrote one.ts; run it with "quantsage backtest --strategy ./one.ts"\n');
    const { stdout: json } = await directory.run('strategies', 'new', 'two', '--json');
    expect(JSON.parse(json)).toEqual({ file: 'two.ts' });
    expect(directory.read('two.ts')).toContain("id: 'two'");
  });

  it('knows the kinds of strategies there are', async () => {
    const outcome = await makeDirectory().run('strategies', 'new', 'one', '--kind', 'pair');
    expect(refusalOf(outcome)).toMatch(/--kind.*'pair'.*single, cross_sectional/);
    expect(outcome.code).toBe(2);
  });

  it('never replaces a file', async () => {
    const directory = makeDirectory({ 'mine.ts': 'precious' });
    const outcome = await directory.run('strategies', 'new', 'mine');
    expect(refusalOf(outcome)).toBe(
      'mine.ts: a new file was expected: there is one of that name; choose another name',
    );
    expect([outcome.code, directory.read('mine.ts')]).toEqual([2, 'precious']);
  });

  it.each(['My-Strategy', '../mine', 'mine.ts', ''])('refuses the name "%s"', async (name) => {
    const outcome = await makeDirectory().run('strategies', 'new', name);
    expect(refusalOf(outcome)).toBe(
      'a name of at most 64 lower-case letters, digits and underscores that begins with a letter ' +
        `was expected, was "${name}"`,
    );
    expect(outcome.code).toBe(2);
  });

  it('refuses the name of a configured strategy', async () => {
    const outcome = await makeDirectory().run('strategies', 'new', 'momentum_crypto');
    expect(refusalOf(outcome)).toMatch(/^a name of its own was expected, was "momentum_crypto"/);
    expect(outcome.code).toBe(2);
  });
});
