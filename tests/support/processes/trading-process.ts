import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { TradingStatus } from '../../../src/app/trading/trading-status.ts';
import type { TradingFolder } from './trading-folder.ts';

interface ProcessOptions {
  readonly folder: TradingFolder;
  /** The compiled program. */
  readonly main: string;
  readonly args: readonly string[];
  /** Flags of Node. */
  readonly flags?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
}

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** `quantsage` in a process of its own, in the folder of its user. */
export class TradingProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  stdout = '';
  stderr = '';
  hasEnded = false;
  readonly #folder: TradingFolder;

  constructor({ folder, main, args, flags = [], variables = {} }: ProcessOptions) {
    this.#folder = folder;
    this.child = spawn(process.execPath, [...flags, main, ...args], {
      cwd: folder.path,
      env: {
        PATH: process.env['PATH'],
        HOME: folder.path,
        XDG_STATE_HOME: folder.path,
        NO_COLOR: '1',
        ...variables,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.ended = once(this.child, 'close').then(([code, signal]: unknown[]) => {
      this.hasEnded = true;
      return { code: code as Ended['code'], signal: signal as Ended['signal'] };
    });
  }

  /** What it shows of itself; null before it does. */
  status(): TradingStatus | null {
    return statusOf(this.#folder, this.child.pid);
  }

  /** Ends it the hard way, as a power cut would. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Asks it to end. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    this.child.kill(signal);
    return this.ended;
  }

  /** Waits for something to be seen; throws where that does not happen, with what was printed. */
  async until(what: string, isSo: () => boolean, withinMs = 30_000): Promise<void> {
    const end = performance.now() + withinMs;
    while (!isSo()) {
      if (this.hasEnded || performance.now() > end) {
        const why = this.hasEnded ? 'the process ended' : `not within ${withinMs} ms`;
        const said = `${this.stdout.slice(-2000)}\n${this.stderr.slice(-2000)}`;
        throw new Error(`${what}: ${why}\n${said}\n${JSON.stringify(this.status(), null, 1)}`);
      }
      await wait(10);
    }
  }

  get isReady(): boolean {
    return this.stdout.includes('"event":"started"');
  }
}

/** The status file of a folder's engine, where that process wrote it. */
function statusOf({ database }: TradingFolder, pid: number | undefined): TradingStatus | null {
  const file = `${database}.status.json`;
  if (!existsSync(file)) return null;
  const status = JSON.parse(readFileSync(file, 'utf8')) as TradingStatus;
  return status.pid === pid ? status : null;
}
