import { describe, expect, it } from 'vitest';
import type { Bar } from '../../../../src/core/bar.ts';
import { HAS_SHARED, randomWalk, realBars, seededRandom } from '../market-fixtures.ts';
import { LIBRARY_CASES } from './library-cases.ts';
import type { LibraryStream } from './library-cases.ts';

const CASES = LIBRARY_CASES.map(({ name, start }) => [name, start] as const);
/** Those whose warm-up is more than a window, which needs no proof on every series. */
const RECURSIVE = CASES.filter(([, make]) => make().warmup > make().firstValue);
const STARTS = 20;
const BARS_COMPARED = 120;
const SEED = 20_180_101;

type Readings = Readonly<Record<string, number>>;

/** Readings of the bars from `start` on that come after `warmup` bars. */
function readings(bars: readonly Bar[], make: () => LibraryStream, warmup: number): Readings[] {
  const stream = make();
  const found: Readings[] = [];
  for (const [at, bar] of bars.entries()) {
    stream.update(bar);
    if (at + 1 >= warmup) found.push(stream.reading());
  }
  return found;
}

function isSame(one: Readings, other: Readings | undefined): boolean {
  return Object.entries(one).every(([field, value]) => Object.is(value, other?.[field]));
}

/** Random starts whose stream, its warm-up over, differs from the one that began at the start. */
function startsThatDiffer(
  bars: readonly Bar[],
  make: () => LibraryStream,
  warmup = make().warmup,
): number[] {
  const whole = readings(bars, make, 1);
  const random = seededRandom(SEED);
  const room = bars.length - warmup - BARS_COMPARED;
  if (room <= 0) throw new Error(`a longer series was expected, was ${bars.length} bars`);
  const starts = Array.from({ length: STARTS }, () => 1 + Math.floor(random() * room));
  return starts.filter((start) => {
    const stretch = bars.slice(start, start + warmup + BARS_COMPARED);
    return readings(stretch, make, warmup).some(
      (reading, at) => !isSame(reading, whole[start + warmup - 1 + at]),
    );
  });
}

describe('a stream of a library indicator that began later', () => {
  const walk = randomWalk({ seed: 7, bars: 4_000 });

  it.each(CASES)('has bit-equal readings after the warm-up of %s: random walk', (_, make) => {
    expect(startsThatDiffer(walk, make)).toEqual([]);
  });

  it.each(RECURSIVE.filter(([, make]) => make().warmup > 100))(
    'differs after an eighth of the warm-up of %s, so that equality means something',
    (_, make) => {
      expect(startsThatDiffer(walk, make, Math.ceil(make().warmup / 8)).length).toBeGreaterThan(0);
    },
  );

  describe
    .skipIf(!HAS_SHARED)
    .each([
      'coinbase_BTC-USD_1h.csv.gz',
      'kraken_BTC-USD_1h.csv.gz',
      'bitfinex-201811_ETH-USD_1m.csv.gz',
      'lean_SPY_1d.csv',
    ])('on %s (skipped where ../shared is absent)', (file) => {
    const bars = HAS_SHARED ? realBars(file).slice(0, 5_000) : [];

    it.each(RECURSIVE)('has bit-equal readings after the warm-up of %s', (_, make) => {
      expect(startsThatDiffer(bars, make)).toEqual([]);
    });
  });
});

describe('first values of a library indicator', () => {
  it.each(CASES)('are all defined on the bar %s promises, and none before', (_, make) => {
    const { firstValue } = make();
    const told = readings(randomWalk({ seed: 3, bars: firstValue }), make, 1);
    expect(told.slice(0, -1).flatMap(Object.values).every(Number.isNaN)).toBe(true);
    expect(Object.values(told.at(-1) ?? { none: NaN }).some(Number.isNaN)).toBe(false);
  });
});
