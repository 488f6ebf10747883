import { basename, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The program's own code: what it calls for itself is not the strategy's doing. */
const PROGRAM = fileURLToPath(new URL('../../', import.meta.url));
/** What stands around the strategy and sees a call first. */
const WATCHES = ['./', '../../adapters/sqlite/watched-driver'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);
const PACKAGES = `${sep}node_modules${sep}`;
const DEPTH = 40;

interface Frame {
  readonly file: string;
  readonly line: string;
}

/**
 * `file:line` of the strategy's code that led to the call in which this is asked, by way of a package
 * or at once. Null where that is the program itself, or a module that is being loaded.
 */
export function callSource(): string | null {
  const frames = framesHere();
  const caller = frames.findIndex(({ file }) => isOwnCode(file));
  const found = frames[caller];
  if (found === undefined || found.file.startsWith(PROGRAM)) return null;
  const between = frames.slice(0, caller);
  if (between.some(({ file }) => file.startsWith('node:internal/modules'))) return null;
  return `${basename(found.file)}:${found.line}`;
}

/** Neither Node, nor a package, nor what stands around the strategy. */
function isOwnCode(file: string): boolean {
  if (file.startsWith('node:') || file.includes(PACKAGES)) return false;
  return !WATCHES.some((watch) => file.startsWith(watch));
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
