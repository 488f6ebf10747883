import { formatTime } from '../core/time.ts';
import type { BarPage } from '../ports/bar-store.ts';
import { BAR_STRIDE } from '../ports/bar-store.ts';
import { flagsText } from './flag-text.ts';

const FLAGS = 6;

/** The first line of an exported CSV file. */
export function barHeader(hasFlags: boolean): string {
  return `timestamp,open,high,low,close,volume${hasFlags ? ',flags' : ''}\n`;
}

/**
 * The bars of a page as lines of CSV. A double is written with the fewest digits that are read back
 * as the same double, which may mean an exponent (`1e-7`). No cell is free text, so that none can
 * be a formula to a spreadsheet.
 */
export function barLines(page: BarPage, hasFlags: boolean): string {
  const lines: string[] = [];
  for (let at = 0; at < page.length; at += BAR_STRIDE) {
    let line = formatTime(page[at] ?? Number.NaN);
    for (let cell = 1; cell < FLAGS; cell += 1) line += `,${page[at + cell] ?? ''}`;
    lines.push(hasFlags ? `${line},${flagsText(page[at + FLAGS] ?? 0)}\n` : `${line}\n`);
  }
  return lines.join('');
}
