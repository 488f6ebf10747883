import { BAR_FLAGS } from '../core/bar.ts';
import type { RawCell } from '../ports/bar-file.ts';

/**
 * The flags that travel with a bar from one database to another: where its values come from. That it
 * is an outlier does not travel; that is measured again among the bars it comes to lie with.
 */
export const TRAVELLING_FLAGS = BAR_FLAGS.repaired | BAR_FLAGS.revised;

const WORDS: ReadonlyMap<string, number> = new Map([
  ['', 0],
  ['repaired', BAR_FLAGS.repaired],
  ['revised', BAR_FLAGS.revised],
  ['repaired+revised', BAR_FLAGS.repaired | BAR_FLAGS.revised],
]);
const TEXTS: ReadonlyMap<number, string> = new Map([...WORDS].map(([text, bits]) => [bits, text]));

export const FLAGS_EXPECTED = `nothing or one of ${[...WORDS.keys()].filter(Boolean).join(', ')}`;

/** The text of a text file for flags: `repaired`, empty for none. */
export function flagsText(flags: number): string {
  return TEXTS.get(flags & TRAVELLING_FLAGS) ?? '';
}

/** The flags a cell stands for, words in a text file and bits in a typed one; null for any other. */
export function parseFlags(cell: RawCell): number | null {
  if (typeof cell !== 'number') return WORDS.get((cell ?? '').trim()) ?? null;
  return Number.isInteger(cell) && (cell & TRAVELLING_FLAGS) === cell ? cell : null;
}
