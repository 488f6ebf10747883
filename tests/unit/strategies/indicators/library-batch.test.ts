import { describe, expect, it } from 'vitest';
import type { Bar } from '../../../../src/core/bar.ts';
import { libraryIndicator } from '../../../../src/strategies/indicators/library-indicator.ts';
import { PATTERNS } from '../../../../src/strategies/indicators/library-patterns.ts';
import type { PatternName } from '../../../../src/strategies/indicators/library-patterns.ts';
import { HAS_SHARED, randomWalk, realBars } from '../market-fixtures.ts';
import { columnsOf, fieldsOf, LIBRARY_CASES, libraryFunction } from './library-cases.ts';
import type { LibraryCase } from './library-cases.ts';

const walk = randomWalk({ seed: 11, bars: 400 });
const PATTERN_NAMES = Object.keys(PATTERNS).filter(isPattern);

function isPattern(name: string): name is PatternName {
  return Object.hasOwn(PATTERNS, name);
}

/** Every bar on which the stream is not what the library makes of the whole series. */
function differences(bars: readonly Bar[], tested: LibraryCase): string[] {
  const stream = tested.start();
  const whole = tested.window === null ? tested.batch(bars) : [];
  const found: string[] = [];
  for (const [at, bar] of bars.entries()) {
    stream.update(bar);
    if (at + 1 < stream.firstValue) continue;
    const row =
      tested.window === null
        ? whole[whole.length - bars.length + at]
        : tested.batch(bars.slice(at + 1 - tested.window, at + 1)).at(-1);
    const expected = fieldsOf(row);
    for (const [field, value] of Object.entries(stream.reading())) {
      const wanted = expected[field] ?? NaN;
      const allowed = Math.max(tested.tolerance, 1e-9 * Math.max(1, Math.abs(wanted)));
      if (!(Math.abs(value - wanted) <= allowed)) found.push(`${at} ${field} ${value} ${wanted}`);
    }
  }
  return found;
}

/** Bars on which the pattern ends: told by the stream, and by the library of all bars so far. */
function patternBars(bars: readonly Bar[], name: PatternName) {
  const indicator = libraryIndicator(name, {});
  const streamed: number[] = [];
  const whole: number[] = [];
  for (const [at, bar] of bars.entries()) {
    indicator.update(bar);
    if (indicator.value) streamed.push(at);
    const soFar = columnsOf(bars.slice(0, at + 1));
    if (at + 1 >= indicator.firstValue && libraryFunction(name)(soFar) === true) whole.push(at);
  }
  return { streamed, whole };
}

describe('an indicator of the library, fed bar by bar', () => {
  it.each(LIBRARY_CASES.map((tested) => [tested.name, tested] as const))(
    'is what the library makes of a whole random walk: %s',
    (_, tested) => {
      expect(differences(walk, tested)).toEqual([]);
    },
  );

  it.each(PATTERN_NAMES)(
    'finds the pattern where the library does in a random walk: %s',
    (name) => {
      const { streamed, whole } = patternBars(walk, name);
      expect(streamed).toEqual(whole);
    },
  );

  it('finds most patterns somewhere, so that equality means something', () => {
    const found = PATTERN_NAMES.filter((name) => patternBars(walk, name).streamed.length > 0);
    expect(found.length).toBeGreaterThan(PATTERN_NAMES.length / 2);
  });

  describe.skipIf(!HAS_SHARED)('on SPY by day (skipped where ../shared is absent)', () => {
    const bars = HAS_SHARED ? realBars('skender-default_SPY_1d.csv') : [];

    it.each(LIBRARY_CASES.map((tested) => [tested.name, tested] as const))(
      'is what the library makes of the whole series: %s',
      (_, tested) => {
        expect(differences(bars, tested)).toEqual([]);
      },
    );

    it.each(PATTERN_NAMES)('finds the pattern where the library does: %s', (name) => {
      const { streamed, whole } = patternBars(bars, name);
      expect(streamed).toEqual(whole);
    });
  });
});
