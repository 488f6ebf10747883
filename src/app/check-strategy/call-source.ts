import { basename, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The program's own code: what it calls for itself is not the strategy's doing. */
const PROGRAM = fileURLToPath(new URL('../../', import.meta.url));
/** What stands around the strategy and sees the call first. */
const WATCH = fileURLToPath(new URL('./', import.meta.url));
/** Runs the modules of strategies, and reads files for it. */
const LOADERS = [`${sep}node_modules${sep}jiti${sep}`, `${sep}node_modules${sep}tsx${sep}`];
const PACKAGES = `${sep}node_modules${sep}`;
const DEPTH = 40;

interface Frame {
  readonly file: string;
  readonly line: string;
}

/**
 * `file:line` of the code that made the call in which this is asked, or null where it is the program
 * itself, or a module that is being loaded. A package that the strategy uses counts as the strategy.
 */
export function callSource(): string | null {
  const frames = framesHere();
  const caller = frames.findIndex(
    ({ file }) => !file.startsWith('node:') && !file.startsWith(WATCH),
  );
  const found = frames[caller];
  if (found === undefined) return null;
  const before = frames.slice(0, caller);
  if (before.some(({ file }) => file.startsWith('node:internal/modules'))) return null;
  if (isProgram(found.file)) return null;
  const own = frames
    .slice(caller)
    .find(({ file }) => !file.includes(PACKAGES) && !file.startsWith('node:') && !isProgram(file));
  const { file, line } = own ?? found;
  return `${basename(file)}:${line}`;
}

function isProgram(file: string): boolean {
  return file.startsWith(PROGRAM) || LOADERS.some((loader) => file.includes(loader));
}

const PLACE = /(?:\(|at (?:async )?)((?:file:\/\/|node:|\/|[A-Z]:\\)[^()]*?):(\d+):\d+\)?$/;

function framesHere(): readonly Frame[] {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = DEPTH;
  const { stack = '' } = new Error('where');
  Error.stackTraceLimit = before;
  return stack.split('\n').flatMap((text) => {
    const [, file, line] = PLACE.exec(text) ?? [];
    if (file === undefined || line === undefined) return [];
    return [{ file: file.startsWith('file://') ? fileURLToPath(file) : file, line }];
  });
}
