import { InvariantError } from '../core/errors.ts';
import type { BarStore } from '../ports/bar-store.ts';
import type { RunStore } from '../ports/run-store.ts';

/** What stands for a database that does not exist: reading must not make one. */
export const EMPTY_BARS: BarStore = {
  save: () => refuse(),
  drop: () => refuse(),
  series: () => [],
  findSeries: () => null,
  instruments: () => [],
  recordInstrument: () => refuse(),
  covered: () => [],
  revisions: () => [],
  issues: () => [],
  pages: () => [],
  openTimeBefore: () => null,
};

export const EMPTY_RUNS: RunStore = { begin: () => refuse(), list: () => [], find: () => null };

function refuse(): never {
  throw new InvariantError('a database was expected to be opened for writing, was none');
}
