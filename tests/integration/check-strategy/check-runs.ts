import { execFile } from 'node:child_process';
import { cpSync } from 'node:fs';
import path from 'node:path';
import type { CheckReport } from '../../../src/app/check-strategy/check-strategy.ts';
import { compileProgram, type CompiledProgram } from '../../support/compiled-program.ts';
import { UserDirectory } from '../cli/command-line.ts';

export interface Verdict {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly report: CheckReport;
}

/** Every check takes some fifteen processes: all of them take minutes. */
export const CHECKS_ALL = process.env['LEAKS'] === 'all';

const BARS = '600';

/** A user's directory with the sample market, and the program that checks strategies in it. */
export class CheckRuns {
  readonly directory = new UserDirectory();
  readonly #program: CompiledProgram = compileProgram();
  readonly #verdicts = new Map<string, Promise<Verdict>>();

  async fill(): Promise<void> {
    await this.directory.prepare('data', 'sample');
    await this.directory.prepare('export', '--symbols', 'BTC/USD', '--to', 'prices.csv');
    for (const folder of ['planted', 'clean']) {
      cpSync(path.join(import.meta.dirname, folder), this.directory.path, { recursive: true });
    }
  }

  /** The verdict in JSON on a strategy over a few hundred bars; asked for again, the same one. */
  async check(strategy: string, ...args: readonly string[]): Promise<Verdict> {
    const key = [strategy, ...args].join(' ');
    const verdict = this.#verdicts.get(key) ?? this.checkAnew(strategy, ...args);
    this.#verdicts.set(key, verdict);
    return verdict;
  }

  /** The same, run again. */
  async checkAnew(strategy: string, ...args: readonly string[]): Promise<Verdict> {
    const outcome = await this.run(strategy, '--bars', BARS, '--json', ...args);
    const report = JSON.parse(outcome.stdout) as CheckReport;
    return { ...outcome, report };
  }

  async run(...args: readonly string[]): Promise<Omit<Verdict, 'report'>> {
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [this.#program.main, 'check-strategy', ...args],
        {
          cwd: this.directory.path,
          env: {
            PATH: process.env['PATH'],
            TZ: 'UTC',
            LANG: 'en_US.UTF-8',
            PLANTED_OVERSOLD: '35',
          },
        },
        (error, stdout, stderr) => {
          const code = typeof error?.code === 'number' ? error.code : error === null ? 0 : -1;
          resolve({ code, stdout, stderr });
        },
      );
    });
  }

  close(): void {
    this.#program.delete();
    this.directory.delete();
  }
}
