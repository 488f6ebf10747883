import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.ts';

const README = readFileSync('README.md', 'utf8');
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

/** Lines of the shell blocks that call the program. */
const LINES = [...README.matchAll(/```sh\n([\s\S]*?)```/g)]
  .flatMap(([, block]) => (block ?? '').split('\n'))
  .filter((line) => line.startsWith('npx quantsage '));

/** The machine decides how fast a run is, and nothing else of what is printed. */
const withoutSpeed = (text: string): string => text.replace(/Speed.*\n/, '');

describe('the README', () => {
  it('shows what its first command prints', async () => {
    const [, shown] =
      /<!-- output of: backtest[^\n]*-->\s*```text\n([\s\S]*?)```/.exec(README) ?? [];
    const [first] = LINES;
    const { code, stdout } = await run(first ?? '', 'first.db');
    expect(code).toBe(0);
    expect(withoutSpeed(shown ?? '')).toBe(withoutSpeed(stdout));
  });

  const hasCandles = existsSync(CANDLES);
  it.skipIf(!hasCandles)(
    `has commands that run on real candles${hasCandles ? '' : ' (SKIPPED: no ../shared/data)'}`,
    async () => {
      expect(LINES.length).toBeGreaterThanOrEqual(4);
      for (const line of LINES.slice(1)) {
        const here = line.replace(/ (\S+_1h\.csv\.gz) /, ` ${CANDLES}/coinbase_$1 `);
        const { code, stderr } = await run(here, 'real.db');
        expect(stderr).toBe('');
        expect(code).toBe(0);
      }
    },
  );
});
