import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { IndicatorSet } from '../../../../src/strategies/indicators/indicator-set.ts';

function isLibraryLoaded(): boolean {
  const files = Object.keys(createRequire(import.meta.url).cache);
  return files.some((file) => file.includes('technicalindicators'));
}

it('loads the package of the library indicators when the first one is made, and not before', () => {
  const set = new IndicatorSet();
  set.sma({ period: 3 });
  expect(isLibraryLoaded()).toBe(false);
  set.library('wma', { period: 3 });
  expect(isLibraryLoaded()).toBe(true);
});
