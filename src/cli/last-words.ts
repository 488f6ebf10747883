import { readEnvironment } from '../app/environment.ts';

/** What is said of an error that nobody caught: one sentence, its stack on request, and no secret. */
export function lastWords(error: unknown, args: readonly string[]): string {
  const message = error instanceof Error ? error.message : String(error);
  const [first = ''] = message.split('\n');
  const stack = error instanceof Error && args.includes('--debug') ? `${error.stack ?? ''}\n` : '';
  const words = `error: unexpected: ${first}; run again with --debug for the stack\n${stack}`;
  try {
    return readEnvironment().redact(words);
  } catch {
    // What is secret cannot be known: then nothing is said that might be.
    return 'error: unexpected, and not told because .env cannot be read\n';
  }
}
