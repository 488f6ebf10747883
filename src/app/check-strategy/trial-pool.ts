import { fork, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StrategyError } from '../../core/errors.ts';
import { isTrialOutcome, type TrialOutcome, type TrialRequest } from './trial.ts';

/** A run over some thousand bars takes well below a second: this one does not end by itself. */
const TRIAL_MS = 60_000;
const PROCESSES_MAX = 4;
/** Of what a process says before it fails, the end. */
const SAID_MAX = 2_000;

const PROGRAM = fileURLToPath(
  new URL(`./trial-process${extname(fileURLToPath(import.meta.url))}`, import.meta.url),
);

interface TrialOptions {
  /** The variables of the process; those of this one when absent. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs trials in processes of their own, a few at a time. */
export class TrialPool {
  readonly #signal: AbortSignal;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #started = 0;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Trials so far. */
  get started(): number {
    return this.#started;
  }

  /** Rejects with a `StrategyError` where the strategy ends the process, or never ends. */
  async run(request: TrialRequest, { environment }: TrialOptions = {}): Promise<TrialOutcome> {
    await this.#turn();
    try {
      if (this.#signal.aborted) throw interrupted();
      this.#started++;
      const child = fork(PROGRAM, {
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        ...(environment === undefined ? {} : { env: { ...environment } }),
      });
      return await answerOf(child, request, this.#signal);
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }

  async #turn(): Promise<void> {
    if (this.#running >= Math.min(availableParallelism(), PROCESSES_MAX)) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#running++;
  }
}

async function answerOf(
  child: ChildProcess,
  request: TrialRequest,
  signal: AbortSignal,
): Promise<TrialOutcome> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = `${said}${chunk.toString()}`.slice(-SAID_MAX);
  });
  const stop = (): void => void child.kill('SIGKILL');
  const limit = setTimeout(stop, TRIAL_MS);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise<TrialOutcome>((resolve, reject) => {
      child.once('error', reject);
      child.once('message', (message) => {
        if (isTrialOutcome(message)) resolve(message);
        else reject(new Error(failureIn(message)));
      });
      child.once('close', (code, killedBy) => {
        reject(signal.aborted ? interrupted() : endedEarly(code, killedBy, said));
      });
      child.send(request);
    });
  } finally {
    clearTimeout(limit);
    signal.removeEventListener('abort', stop);
  }
}

/** Not the strategy's doing: its faults are part of an outcome. */
function failureIn(message: unknown): string {
  const isFailure = typeof message === 'object' && message !== null && 'failure' in message;
  return `a trial could not be run: ${String(isFailure ? message.failure : message)}`;
}

function interrupted(): Error {
  return new Error('the check was interrupted');
}

function endedEarly(code: number | null, killedBy: string | null, said: string): Error {
  if (killedBy !== null) {
    return new StrategyError(
      `a run that ends within ${TRIAL_MS / 1_000} seconds was expected, was one that did not`,
    );
  }
  const last = said.split('\n').find((line) => /^\w*Error\b/.test(line)) ?? '';
  return new StrategyError(
    `a run that ends by itself was expected, was one whose process ended with code ${code}` +
      (last === '' ? '' : `: ${last}`),
  );
}
