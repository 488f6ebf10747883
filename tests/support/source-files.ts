import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface SourceFile {
  /** Path below the project root with forward slashes, e.g. `src/core/bar.ts`. */
  readonly path: string;
  readonly text: string;
  /** First folder below `src`, e.g. `core`. */
  readonly layer: string;
  readonly imports: readonly Import[];
}

export interface Import {
  /** As written: a relative path, `node:fs` or a package. */
  readonly specifier: string;
  /** Path below the project root for a relative import, null otherwise. */
  readonly target: string | null;
  readonly typeOnly: boolean;
}

/** `import … from 'x'`, `export … from 'x'`, `import 'x'` and `import('x')`, one statement each. */
const IMPORT =
  /^(?:import|export)\s+(type\s)?[^;'"]*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm;

/** All TypeScript files below a folder of the project but declarations, which hold no code. */
export function sourceFiles(root: string): readonly SourceFile[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => path.posix.join(root, name.split(path.sep).join('/')))
    .sort()
    .map(readSource);
}

function readSource(file: string): SourceFile {
  const text = readFileSync(file, 'utf8');
  return { path: file, text, layer: file.split('/')[1] ?? '', imports: importsOf(file, text) };
}

function importsOf(file: string, text: string): readonly Import[] {
  return [...text.matchAll(IMPORT)].map(([, type, fixed, bare, dynamic]) => {
    const specifier = fixed ?? bare ?? dynamic ?? '';
    const target = specifier.startsWith('.')
      ? path.posix.join(path.posix.dirname(file), specifier)
      : null;
    return { specifier, target, typeOnly: type !== undefined };
  });
}

/** The source without comments, so that prose about a rule does not break it. */
export function codeOf({ text }: SourceFile): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '$1');
}

/** The source without comments and without the texts of strings. */
export function bareCodeOf(file: SourceFile): string {
  return codeOf(file)
    .replaceAll(/'(?:[^'\\\n]|\\.)*'/g, "''")
    .replaceAll(/"(?:[^"\\\n]|\\.)*"/g, '""')
    .replaceAll(/`(?:[^`\\]|\\.)*`/g, '``');
}
