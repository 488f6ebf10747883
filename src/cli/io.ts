import type { Environment } from '../app/environment.ts';
import type { Machine } from '../app/machine.ts';

/** Where a command reads and writes; given from outside so that it can be run inside a test. */
export interface Terminal {
  /** The result of the command. */
  readonly stdout: (text: string) => void;
  /** Logs, progress and errors. */
  readonly stderr: (text: string) => void;
  /** Whether stderr is a terminal: progress bars make sense. */
  readonly isTerminal: boolean;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
  /** Absent for the one this program runs on. */
  readonly machine?: Machine;
}

export interface CommandIo extends Terminal {
  readonly environment: Environment;
}
