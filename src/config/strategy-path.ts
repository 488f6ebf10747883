import { extname } from 'node:path';

const EXTENSIONS: ReadonlySet<string> = new Set(['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs']);

/** Whether a name is meant for a file rather than an id: ids have neither dots nor separators. */
export function isStrategyFile(text: string): boolean {
  return /[/\\]/.test(text) || hasStrategyExtension(text);
}

/** Whether a file of that name can hold a strategy. */
export function hasStrategyExtension(file: string): boolean {
  return EXTENSIONS.has(extname(file));
}
