import { describe, expect, it } from 'vitest';
import { OutlierDetector } from '../../../src/data/outliers.ts';
import type { Outlier } from '../../../src/data/outliers.ts';

/** Closes that alternate between +1 % and −1 %: mean return ≈ 0, standard deviation ≈ 1 %. */
function warmedUp(bars: number): OutlierDetector {
  const detector = new OutlierDetector();
  for (let index = 0; index < bars; index += 1) calm(detector, index);
  return detector;
}

function calm(detector: OutlierDetector, index: number): Outlier | null {
  const close = index % 2 === 0 ? 100 : 101;
  return detector.next(101.5, 99.5, close);
}

describe('OutlierDetector', () => {
  it('says nothing while warming up, however wild the bar', () => {
    const detector = warmedUp(20);
    expect(detector.next(1000, 1, 500)).toBeNull();
  });

  it('says nothing of a calm series', () => {
    const detector = warmedUp(0);
    const found = Array.from({ length: 300 }, (_, index) => calm(detector, index));
    expect(found.every((outlier) => outlier === null)).toBe(true);
  });

  it('finds a close more than five sigma away and tells how far', () => {
    const outlier = warmedUp(200).next(112, 100, 110);
    // From 101 to 110 is +8.91 %; sigma is about 1 %.
    expect(outlier?.part).toBe('close');
    expect(outlier?.move).toBeCloseTo(110 / 101 - 1, 12);
    expect(outlier?.sigmas).toBeGreaterThan(8);
    expect(outlier?.sigmas).toBeLessThan(9.5);
  });

  it('leaves a move within five sigma alone', () => {
    // +4 % of the last close, 101, at a sigma of 1 %.
    expect(warmedUp(200).next(105.1, 100, 105.04)).toBeNull();
  });

  it('finds a wick that a calm close hides', () => {
    expect(warmedUp(200).next(101, 0.1, 100)).toMatchObject({ part: 'low' });
    expect(warmedUp(200).next(1010, 99, 100)).toMatchObject({ part: 'high' });
  });

  it('uses a floor where prices do not move at all', () => {
    const detector = new OutlierDetector();
    for (let index = 0; index < 100; index += 1) detector.next(100, 100, 100);
    expect(detector.next(100.4, 100, 100.4), 'within 5 × 0.1 %').toBeNull();
    expect(detector.next(101, 100.4, 101), 'beyond 5 × 0.1 %').toMatchObject({ part: 'close' });
  });

  it('finds the second of two bad prints: the first does not widen the window without bound', () => {
    const detector = warmedUp(200);
    expect(detector.next(1_000_000, 100, 1_000_000)).not.toBeNull();
    expect(detector.next(1_000_000, 100, 100), 'the way back').not.toBeNull();
    calm(detector, 1);
    expect(detector.next(130, 100, 130)).not.toBeNull();
  });

  it('settles on a new level after a split', () => {
    const detector = warmedUp(200);
    expect(detector.next(15, 14, 14.4)).not.toBeNull();
    expect(detector.next(14.6, 14.3, 14.5)).toBeNull();
  });

  it('judges each bar on earlier bars only', () => {
    const [one, other] = [warmedUp(150), warmedUp(150)];
    expect(one.next(120, 100, 119)).toEqual(other.next(120, 100, 119));
    other.next(1, 1, 1);
    expect(one.next(120, 118, 119)).toBeNull();
  });
});
