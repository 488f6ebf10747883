import { messageOf } from './fault-text.ts';

/** Where the program's own code lies, both ways in which calls name it. */
const PROGRAM = new URL('../', import.meta.url);
const PROGRAM_ROOTS: readonly string[] = [PROGRAM.href, decodeURI(PROGRAM.pathname)];
const PACKAGES = '/node_modules/';

/** `at name (file:line:column)` or `at file:line:column`; `at async …` called nothing of this. */
const CALL = /^\s*at (?!async )(?:.*\()?((?:file:\/\/)?\/[^()]*):(\d+):\d+\)?$/;

/**
 * What a strategy's own code threw, in words, with the place in its files that it came from:
 * `x is not a function (mine.ts:12)`. The name of the file alone: a failure is recorded, and
 * reads the same wherever the file lies.
 */
export function thrownText(thrown: unknown): string {
  const message = messageOf(thrown);
  const place = thrown instanceof Error ? placeIn(thrown.stack ?? '') : null;
  return place === null ? message : `${message} (${place})`;
}

/** The innermost call that neither the program nor a package made. */
function placeIn(stack: string): string | null {
  for (const line of stack.split('\n')) {
    const [, file, number] = CALL.exec(line) ?? [];
    if (file === undefined || number === undefined || isForeign(file)) continue;
    return `${file.slice(file.lastIndexOf('/') + 1)}:${number}`;
  }
  return null;
}

function isForeign(file: string): boolean {
  return file.includes(PACKAGES) || PROGRAM_ROOTS.some((root) => file.startsWith(root));
}
