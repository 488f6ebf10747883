import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const PROJECT = path.resolve(import.meta.dirname, '../..');
const LOADER = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const TIMEOUT_MS = 60_000;

interface Surroundings {
  /** Where the command runs: what `config` and `.env` there say counts. */
  readonly cwd: string;
  /** The Node that runs it; this one by default. */
  readonly node?: string;
  /** Root of the project's files; this checkout by default. */
  readonly project?: string;
}

/** Runs `quantsage` from source in a process of its own, without this one's variables. */
export async function quantsage(
  args: readonly string[],
  { cwd, node = process.execPath, project = PROJECT }: Surroundings,
): Promise<string> {
  const program = path.join(project, 'src/cli/main.ts');
  const { stdout } = await execute(node, ['--import', LOADER, program, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], NO_COLOR: '1' },
    maxBuffer: 64 * 1024 * 1024,
    timeout: TIMEOUT_MS,
  });
  return stdout;
}

/** What tells two backtests apart; equal on every machine for equal data and configuration. */
export interface Proof {
  readonly result_hash: string;
  readonly data_fingerprint: string;
  readonly config_hash: string;
  readonly final_equity: number;
  readonly bars: number;
}

/** Runs one backtest in a process of its own. */
export async function backtestProof(
  args: readonly string[],
  surroundings: Surroundings,
): Promise<Proof> {
  const report = JSON.parse(
    await quantsage(['backtest', '--json', ...args], surroundings),
  ) as Proof;
  const { result_hash, data_fingerprint, config_hash, final_equity, bars } = report;
  return { result_hash, data_fingerprint, config_hash, final_equity, bars };
}
