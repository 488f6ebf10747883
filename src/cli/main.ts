#!/usr/bin/env node
import { EXIT_CODES } from '../core/errors.ts';
import { lastWords } from './last-words.ts';
import { runCli } from './run-cli.ts';

process.umask(0o077);
const TRADING: ReadonlySet<string | undefined> = new Set(['paper', 'live']);

const interrupt = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    // The first Ctrl-C asks for an orderly end; the second one does not wait for it.
    if (interrupt.signal.aborted) process.exit(EXIT_CODES.interrupted);
    interrupt.abort(name);
  });
}
// Whoever read our output has gone (`| head`): there is nobody left to tell. What trades has orders to
// look after first.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  if (!TRADING.has(process.argv[2])) process.exit(EXIT_CODES.done);
  if (!interrupt.signal.aborted) interrupt.abort('SIGPIPE');
});
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

for (const name of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(name, (error: unknown) => {
    process.stderr.write(lastWords(error, process.argv));
    process.exit(EXIT_CODES.unexpected);
  });
}
// Node would open a debugger, which reads keys.
process.on('SIGUSR1', () => undefined);

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  isTerminal: process.stderr.isTTY,
  signal: interrupt.signal,
});
