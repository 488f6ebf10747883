import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { faultOf } from './mutants/plant.ts';
import { PLANTED_BUGS } from './mutants/planted-bugs.ts';

describe('a planted bug', () => {
  it.each(PLANTED_BUGS)('still has its place in the program: $name', ({ edits }) => {
    for (const edit of edits) {
      const source = readFileSync(
        new URL(`../../src/${edit.file}.ts`, import.meta.url),
        'utf8',
      ).replaceAll(/\s+/g, ' ');
      expect(faultOf(edit, source)).toBeNull();
    }
  });

  it('is refused where its place is not there once', () => {
    const edit = { file: 'a', from: 'x', to: 'y' };
    expect(faultOf(edit, 'x and x')).toBe('"x" was expected once in a, was there 2 times');
    expect(faultOf(edit, 'nothing')).toMatch(/was there 0 times/);
  });
});
