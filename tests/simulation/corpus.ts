import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Relative to the repository: the compiled program runs elsewhere. */
const FILE = join('tests', 'simulation', 'corpus.txt');

/** Seeds that once broke something, or reach what others seldom do; each once, in order. */
export function readCorpus(): readonly number[] {
  const lines = readFileSync(FILE, 'utf8').split('\n');
  const seeds = lines
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '')
    .map((line) => {
      const seed = Number(line);
      if (!Number.isSafeInteger(seed)) throw new Error(`a seed was expected, was "${line}"`);
      return seed;
    });
  return [...new Set(seeds)];
}
