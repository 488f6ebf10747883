import { describe, expect, it } from 'vitest';
import { hasStrategyExtension, isStrategyFile } from '../../../src/config/strategy-path.ts';

describe('the name of a strategy', () => {
  it.each([
    ['mean_reversion_crypto', false, false],
    ['momentum', false, false],
    ['', false, false],
    ['./mine.ts', true, true],
    ['mine.ts', true, true],
    ['mine.mjs', true, true],
    ['C:\\mine.cts', true, true],
    ['folder/mine', true, false],
    ['../../etc/passwd', true, false],
    ['mine.py', false, false],
  ])('%s: is meant for a file %s, and can be one %s', (name, isFile, canBe) => {
    expect([isStrategyFile(name), hasStrategyExtension(name)]).toEqual([isFile, canBe]);
  });
});
