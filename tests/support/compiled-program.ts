import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

const PROJECT = path.resolve(import.meta.dirname, '../..');

export interface CompiledProgram {
  /** The file to run with Node. */
  readonly main: string;
  readonly delete: () => void;
}

/** The program as it is installed: for what starts it so often that compiling it at every start counts. */
export function compileProgram(): CompiledProgram {
  const folder = mkdtempSync(path.join(tmpdir(), 'quantsage-program-'));
  const manifest = createRequire(import.meta.url).resolve('typescript/package.json');
  const compiler = path.join(path.dirname(manifest), 'bin/tsc');
  const out = path.join(folder, 'dist');
  const args = [compiler, '-p', path.join(PROJECT, 'tsconfig.json'), '--outDir', out];
  execFileSync(process.execPath, args);
  for (const part of ['package.json', 'config']) {
    cpSync(path.join(PROJECT, part), path.join(folder, part), { recursive: true });
  }
  symlinkSync(path.join(PROJECT, 'node_modules'), path.join(folder, 'node_modules'));
  return {
    main: path.join(out, 'cli/main.js'),
    delete: () => rmSync(folder, { recursive: true, force: true }),
  };
}
