import { readFileSync } from 'node:fs';

export const README = readFileSync('README.md', 'utf8');

/** A file that the README writes out; empty where there is none of that name. */
export function writtenOut(name: string): string {
  const start = README.indexOf(`<!-- file: ${name} -->`);
  const [, text = ''] = /```ts\n([\s\S]*?)```/.exec(README.slice(start)) ?? [];
  return start === -1 ? '' : text;
}
