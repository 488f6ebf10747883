import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sourceFiles } from '../../support/source-files.ts';
import { userDirectories } from './command-line.ts';

const makeDirectory = userDirectories();

describe('--help', () => {
  it.each([
    [[]],
    [['collect']],
    [['backtest']],
    [['check-strategy']],
    [['import']],
    [['export']],
    [['data']],
    [['data', 'list']],
    [['data', 'verify']],
    [['data', 'instruments']],
    [['data', 'repair']],
    [['data', 'sample']],
    [['strategies']],
    [['strategies', 'list']],
    [['strategies', 'new']],
    [['runs']],
    [['runs', 'list']],
    [['runs', 'show']],
    [['explain']],
    [['verify']],
    [['replay']],
    [['parity']],
    [['config']],
    [['config', 'check']],
  ])('says what can be given: %j', async (command) => {
    const directory = makeDirectory();
    const { code, stdout, stderr } = await directory.run(...command, '--help');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout, 'no default of the parser shows through').not.toContain('(default: [])');
    expect(directory.has('data')).toBe(false);
    const name = ['quantsage', ...command].join('-');
    await expect(stdout).toMatchFileSnapshot(`golden/${name}.txt`);
  });
});

describe('--version', () => {
  it('is the version of the package', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(await makeDirectory().run('--version')).toEqual({
      code: 0,
      stdout: `${version}\n`,
      stderr: '',
    });
  });
});

describe('the start of the program', () => {
  it('loads neither database, schemas nor YAML before a command needs them', () => {
    const files = new Map(sourceFiles('src').map((file) => [file.path, file]));
    const loaded = new Set<string>();
    const packages = new Set<string>();
    const visit = (file: string): void => {
      if (loaded.has(file)) return;
      loaded.add(file);
      const source = files.get(file);
      for (const { specifier, target, typeOnly } of source?.imports ?? []) {
        const isLazy = source?.text.includes(`import('${specifier}')`) === true;
        if (typeOnly || isLazy) continue;
        if (target === null) packages.add(specifier);
        else visit(path.posix.normalize(target));
      }
    };
    visit('src/cli/main.ts');
    expect([...packages].filter((name) => !name.startsWith('node:')).toSorted()).toEqual([
      'commander',
      'dotenv',
    ]);
    // Names and help of all commands, and little besides.
    const besides = [...loaded].filter((file) => !file.startsWith('src/cli/program/'));
    expect(besides.length).toBeLessThan(12);
  });
});
