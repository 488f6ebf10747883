import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlantedBug } from './planted-bugs.ts';

/** Why an edit cannot be made in a text; null where it can. */
export function faultOf({ file, from }: PlantedBug['edits'][number], text: string): string | null {
  const times = text.split(from).length - 1;
  return times === 1 ? null : `"${from}" was expected once in ${file}, was there ${times} times`;
}

/** Copies a compiled program, with edits made to it. Throws where one of them cannot be made. */
export function plant(
  compiled: string,
  edits: PlantedBug['edits'],
  into: string,
): { readonly directory: string; readonly remove: () => void } {
  cpSync(compiled, into, { recursive: true });
  const remove = (): void => rmSync(into, { recursive: true, force: true });
  for (const edit of edits) {
    const path = join(into, 'src', `${edit.file}.js`);
    const text = readFileSync(path, 'utf8');
    const fault = faultOf(edit, text);
    if (fault !== null) {
      remove();
      throw new Error(fault);
    }
    writeFileSync(
      path,
      text.replace(edit.from, () => edit.to),
    );
  }
  return { directory: into, remove };
}
