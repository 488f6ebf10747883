/** Where a command reads and writes; given from outside so that it can be run inside a test. */
export interface CommandIo {
  /** The result of the command. */
  readonly stdout: (text: string) => void;
  /** Logs, progress and errors. */
  readonly stderr: (text: string) => void;
  /** Whether stderr is a terminal: progress bars and colours make sense. */
  readonly isTerminal: boolean;
  readonly colour: boolean;
  readonly env: Readonly<Record<string, string>>;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
}
