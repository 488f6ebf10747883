import { extname } from 'node:path';
import { ConfigError, QuantSageError } from '../../core/errors.ts';

interface ModuleSource {
  /** Absolute, without links: what the module imports is looked for beside it. */
  readonly path: string;
  /** How the user named it: what errors call it. */
  readonly name: string;
  readonly text: string;
  /** Packages it gets from the program itself, wherever the file lies. */
  readonly provided: Readonly<Record<string, unknown>>;
}

/**
 * Runs the text of a JavaScript or TypeScript module and gives what it exports. No build step: types
 * are stripped, not checked. Throws a `ConfigError` with the place where it cannot be read or throws.
 */
export async function loadModule({ path, name, text, provided }: ModuleSource): Promise<unknown> {
  const { createJiti } = await import('jiti');
  const jiti = createJiti(path, {
    // Neither another run nor another directory shall decide what is run.
    fsCache: false,
    moduleCache: false,
    interopDefault: false,
    virtualModules: { ...provided },
  });
  try {
    const options = { filename: path, ext: extname(path), async: true, forceTranspile: true };
    return await jiti.evalModule(text, options);
  } catch (error) {
    throw new ConfigError(unloadable(error, { path, name }), { cause: error });
  }
}

type Named = Pick<ModuleSource, 'path' | 'name'>;

/** The compiler's message: `ParseError: what`, and on the next line the file, line and column. */
const SYNTAX = /^ParseError: ([^\n]*?)\.?\s*\n\s*(.+):(\d+):(\d+)/;

function unloadable(error: unknown, { path, name }: Named): string {
  const message = error instanceof Error ? error.message : String(error);
  const [, what, file = '', line, column] = SYNTAX.exec(message) ?? [];
  if (what !== undefined) {
    const place = `${file === path ? name : file}:${line}:${Number(column) + 1}`;
    return `${place}: a TypeScript or JavaScript module was expected: ${lowerFirst(what)}`;
  }
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const place = `${name}${lineIn(stack, path)}`;
  // What the program itself refused says what is wrong with it.
  if (error instanceof QuantSageError) return `${place}: ${message}`;
  return `${place}: threw while it was loaded: ${message.split('\n')[0]}`;
}

/** `:line` of the innermost call that the file itself made, or nothing; stripping types moves columns. */
function lineIn(stack: string, path: string): string {
  const start = stack.indexOf(`${path}:`);
  if (start === -1) return '';
  return /^:\d+/.exec(stack.slice(start + path.length))?.[0] ?? '';
}

function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}
