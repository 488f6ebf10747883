import { describe, expect, it } from 'vitest';
import { CorrelationTracker } from '../../../src/risk/correlation-tracker.ts';
import { HOUR, slice, START } from './risk-builders.ts';

/** A tracker that saw the closes of A and B, hour after hour; null is a missing bar. */
function tracked(
  lookback: number,
  first: readonly (number | null)[],
  second: readonly (number | null)[],
): CorrelationTracker {
  const tracker = new CorrelationTracker(lookback);
  first.forEach((close, hour) => {
    const other = second[hour] ?? null;
    const closes = {
      ...(close === null ? {} : { A: close }),
      ...(other === null ? {} : { B: other }),
    };
    tracker.observe(slice(START + hour * HOUR, closes));
  });
  return tracker;
}

/** Closes from 100 that make these returns. */
function closesOf(returns: readonly number[]): readonly number[] {
  const closes = [100];
  for (const step of returns) closes.push((closes.at(-1) ?? 100) * (1 + step));
  return closes;
}

describe('CorrelationTracker', () => {
  it('correlates simple returns', () => {
    // A: 1, 2, 3 %; B: 2, 1, 3 %. Deviations −1, 0, 1 and 0, −1, 1: r = 1 / √(2 × 2) = 0.5
    const a = closesOf([0.01, 0.02, 0.03]);
    const b = closesOf([0.02, 0.01, 0.03]);
    const { coefficient, returns } = tracked(3, a, b).correlation('A', 'B');
    expect(coefficient).toBeCloseTo(0.5, 10);
    expect(returns).toBe(3);
  });

  it.each([
    ['together', [0.01, -0.02, 0.03], [0.02, -0.04, 0.06], 1],
    ['against each other', [0.01, -0.02, 0.03], [-0.01, 0.02, -0.03], -1],
  ])('gives ±1 to symbols that move %s, and never more', (_title, first, second, expected) => {
    const tracker = tracked(3, closesOf(first), closesOf(second));
    const { coefficient } = tracker.correlation('A', 'B');
    expect(coefficient).toBeCloseTo(expected, 10);
    expect(Math.abs(coefficient ?? 2)).toBeLessThanOrEqual(1);
  });

  it('never exceeds one, where rounding would', () => {
    const found = Array.from({ length: 200 }, (_, seed) => {
      const closes = closesOf(
        Array.from({ length: 9 }, (_, i) => Math.sin(seed * 97 + i * i) / 50),
      );
      return tracked(9, closes, closes).correlation('A', 'B').coefficient ?? 0;
    });
    expect(Math.max(...found)).toBe(1);
  });

  it('is the same from either side', () => {
    const tracker = tracked(3, closesOf([0.01, 0.02, 0.01]), closesOf([0.03, 0.01, 0.02]));
    expect(tracker.correlation('A', 'B')).toEqual(tracker.correlation('B', 'A'));
  });

  it('forgets what lies before the lookback', () => {
    // The last three returns move together, the twenty before moved against each other.
    const before = Array.from({ length: 20 }, (_, hour) => (hour % 2 === 0 ? 0.01 : -0.02));
    const a = closesOf([...before, 0.01, 0.03, 0.02]);
    const b = closesOf([...before.map((step) => -step), 0.01, 0.03, 0.02]);
    expect(tracked(3, a, b).correlation('A', 'B').coefficient).toBeCloseTo(1, 10);
  });

  it('goes on after the ring has wrapped many times', () => {
    const steps = Array.from({ length: 500 }, (_, hour) => Math.sin(hour * hour) / 100);
    const tracker = tracked(3, closesOf(steps), closesOf(steps));
    expect(tracker.correlation('A', 'B').coefficient).toBeCloseTo(1, 10);
  });

  it('does not know the correlation before it has seen the whole lookback', () => {
    const tracker = tracked(4, closesOf([0.01, 0.02, 0.01]), closesOf([0.01, 0.02, 0.01]));
    expect(tracker.correlation('A', 'B')).toEqual({ coefficient: null, returns: 3 });
  });

  it('does not know a symbol it has never seen', () => {
    const tracker = tracked(3, closesOf([0.01, 0.02, 0.01]), []);
    expect(tracker.correlation('A', 'B')).toEqual({ coefficient: null, returns: 0 });
  });

  it('compares only times that both symbols have', () => {
    // Hour 2 is missing from B: the returns run 0→1, 1→3, 3→4 for both, equal by construction.
    const tracker = tracked(3, [100, 101, 555, 104, 103], [50, 50.5, null, 52, 51.5]);
    expect(tracker.correlation('A', 'B').coefficient).toBeCloseTo(1, 10);
  });

  it('spans the gaps of a symbol that trades one hour in five', () => {
    const hours = Array.from({ length: 40 }, (_, hour) => 100 + Math.sin(hour * 7) * 3);
    const sparse = hours.map((close, hour) => (hour % 5 === 0 ? close : null));
    expect(tracked(6, hours, sparse).correlation('A', 'B').coefficient).toBeCloseTo(1, 10);
  });

  it.each([
    ['a flat price', [100, 100, 100, 100]],
    // Every return is 100 %: it varies by rounding at most.
    ['a steady growth', [100, 200, 400, 800]],
    ['a price of zero', [100, 0, 100, 101]],
    ['a price that is no number', [100, Number.NaN, 100, 101]],
    ['a price that explodes', [1e-200, 1, 1.01, 1.02]],
  ])('does not know the correlation with %s', (_title, closes) => {
    const tracker = tracked(3, closesOf([0.01, 0.02, 0.01]), closes);
    expect(tracker.correlation('A', 'B')).toEqual({ coefficient: null, returns: 3 });
  });

  it('takes the first of two bars that close at one time', () => {
    const tracker = tracked(3, closesOf([0.01, 0.02, 0.01]), closesOf([0.01, 0.02, 0.01]));
    tracker.observe(slice(START + 3 * HOUR, { A: 5_000 }));
    expect(tracker.correlation('A', 'B').coefficient).toBeCloseTo(1, 10);
  });
});
