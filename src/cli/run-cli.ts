import { CommanderError } from 'commander';
import { readEnvironment, type Environment } from '../app/environment.ts';
import { EXIT_CODES, QuantSageError, type ExitCode } from '../core/errors.ts';
import type { CommandIo, Terminal } from './io.ts';
import { createProgram } from './program.ts';

/** Runs one command line and returns its exit code: the only catch-all of the program. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = EXIT_CODES.done;
  // Before the environment is read nobody knows a secret that could be told.
  let { stderr } = terminal;
  try {
    const io = discreet(terminal, readEnvironment());
    stderr = io.stderr;
    const program = createProgram(io, (result) => {
      code = result;
    });
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? EXIT_CODES.done : EXIT_CODES.usage;
    }
    for (const sentence of sentencesOf(error)) stderr(`error: ${sentence}\n`);
    if (args.includes('--debug')) stderr(stacksOf(error));
    return error instanceof QuantSageError ? error.exitCode : EXIT_CODES.unexpected;
  }
}

/** Nothing leaves with a secret in it, whoever wrote it. */
function discreet(terminal: Terminal, environment: Environment): CommandIo {
  const { redact } = environment;
  return {
    ...terminal,
    environment,
    stdout: (text) => terminal.stdout(redact(text)),
    stderr: (text) => terminal.stderr(redact(text)),
  };
}

/** The stack of an error, and those of what led to it: there lies the user's own code. */
function stacksOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const { stack = '', cause } = error;
  return cause instanceof Error ? `${stack}\ncaused by: ${stacksOf(cause)}` : `${stack}\n`;
}

/** A sentence a problem: a configuration may have several. */
function sentencesOf(error: unknown): readonly string[] {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof QuantSageError) return message.split('\n');
  return [`unexpected: ${message}; run again with --debug for the stack`];
}
