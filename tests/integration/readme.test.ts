import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.ts';
import { compileProgram } from '../support/compiled-program.ts';
import { startCoinbase } from '../support/exchanges/coinbase-server.ts';
import { README, writtenOut } from '../support/readme.ts';

const CANDLES = path.join('..', 'shared', 'data');
const directory = mkdtempSync(path.join(tmpdir(), 'quantsage-readme-'));
afterAll(() => rmSync(directory, { recursive: true }));

interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a line of the README in process, on a database of its own. */
async function run(line: string, database: string): Promise<Printed> {
  const args = line.replace(/^(?:npx )?quantsage /, '').split(' ');
  let stdout = '';
  let stderr = '';
  const code = await runCli([...args, '--db', path.join(directory, database)], {
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr += text),
    isTerminal: false,
    signal: new AbortController().signal,
  });
  return { code, stdout, stderr };
}

/** The same by the compiled program, for what starts processes of its own. */
function runCompiled(line: string, database: string): Printed {
  const program = compileProgram();
  const args = line.replace(/^npx quantsage /, '').split(' ');
  try {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [program.main, ...args, '--db', path.join(directory, database)],
      { cwd: directory, encoding: 'utf8' },
    );
    return { code: status ?? -1, stdout, stderr };
  } finally {
    program.delete();
  }
}

/** Shell blocks that call the program, each a list of its lines. */
const BLOCKS = [...README.matchAll(/```sh\n([\s\S]*?)```/g)]
  .map(([, block]) => (block ?? '').split('\n').filter((line) => line.startsWith('npx quantsage ')))
  .filter((lines) => lines.length > 0);
const linesWith = (command: string) =>
  BLOCKS.find((lines) => lines.some((line) => line.includes(` ${command} `))) ?? [];

/** What the README says that a command prints. */
function shownFor(command: string): string {
  const start = README.indexOf(`<!-- output of: ${command}`);
  const [, shown = ''] = /```text\n([\s\S]*?)```/.exec(README.slice(start)) ?? [];
  return start === -1 ? '' : shown;
}

/** Checking a strategy takes some fifteen runs in processes of their own. */
const SLOW_MS = 300_000;

/** The machine decides how fast a run is, and nothing else of what is printed. */
const withoutSpeed = (text: string): string => text.replace(/Speed.*\n/, '');

describe('the README', () => {
  it('shows what its first command prints', async () => {
    const [first = ''] = linesWith('backtest');
    const { code, stdout } = await run(first, 'first.db');
    expect(code).toBe(0);
    expect(withoutSpeed(shownFor('backtest'))).toBe(withoutSpeed(stdout));
  });

  it('has commands that collect, and shows what they print', async () => {
    const exchange = await startCoinbase({ now: Date.parse('2025-06-01T00:00:00Z') });
    try {
      const lines = linesWith('collect');
      expect(lines).toHaveLength(3);
      const printed: Printed[] = [];
      for (const line of lines) {
        const there = `${line} --set data.endpoints.coinbase=${exchange.url}`;
        printed.push(await run(there, 'collected.db'));
      }
      expect(printed.map(({ code }) => code)).toEqual([0, 0, 0]);
      expect(printed[0]?.stdout).toBe(shownFor('collect'));
    } finally {
      await exchange.stop();
    }
  });

  it(
    'shows what an author sees in the first five minutes',
    async () => {
      const lines = linesWith('strategies');
      expect(lines).toHaveLength(5);
      const home = process.cwd();
      process.chdir(directory);
      const printed: Printed[] = [];
      try {
        for (const line of lines) {
          const isChecked = line.includes(' check-strategy ');
          printed.push(isChecked ? runCompiled(line, 'own.db') : await run(line, 'own.db'));
        }
      } finally {
        process.chdir(home);
      }
      expect(printed.map(({ code, stderr }) => (code === 0 ? 0 : stderr))).toEqual([0, 0, 0, 0, 0]);
      const [, check, , explain, fills] = printed.map(({ stdout }) => stdout);
      expect(shownFor('check-strategy')).toBe(check);
      expect(shownFor('explain')).toBe(explain);
      const block = shownFor('backtest --strategy ./my_strategy.ts');
      expect(block).toMatch(/^Fills\n/);
      expect(fills).toContain(block);
    },
    SLOW_MS,
  );

  it('has commands that run several strategies on one account, and one that it writes out', async () => {
    const [several = ''] = BLOCKS.flat().filter((line) => line.includes('_crypto,'));
    expect((await run(several, 'several.db')).code).toBe(0);
    const file = path.join(directory, 'breakout.ts');
    writeFileSync(file, writtenOut('breakout.ts'));
    const { code, stdout } = await run(`quantsage backtest --strategy ${file}`, 'several.db');
    expect(code).toBe(0);
    expect(stdout).toMatch(/Trades +[1-9]\d+\n/);
  });

  const hasCandles = existsSync(CANDLES);
  it.skipIf(!hasCandles)(
    `has commands that run on real candles${hasCandles ? '' : ' (SKIPPED: no ../shared/data)'}`,
    async () => {
      const lines = linesWith('import');
      expect(lines).toHaveLength(3);
      for (const line of lines) {
        const here = line.replace(/ (\S+_1h\.csv\.gz) /, ` ${CANDLES}/coinbase_$1 `);
        const { code, stderr } = await run(here, 'real.db');
        expect(stderr).toBe('');
        expect(code).toBe(0);
      }
    },
  );
});
