import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/core/time.ts';
import { PriceCarrier } from '../../../src/data/carried-prices.ts';
import {
  issueOfSplit,
  ratioText,
  splitDetectorFor,
  SplitDetector,
  type Split,
} from '../../../src/data/splits.ts';

interface Day {
  readonly open: number;
  readonly close: number;
  readonly volume: number;
}

/** Thirty ordinary days at 100, a hundred thousand shares each, then the given ones. */
function splitsOf(days: readonly Day[], ordinary = 30): readonly Split[] {
  const detector = new SplitDetector('1d');
  const calm = Array.from({ length: ordinary }, (_, day) => ({
    open: 100,
    close: 100 + (day % 3) - 1,
    volume: 100_000,
  }));
  return [...calm, ...days].flatMap(({ open, close, volume }, day) => {
    const [high, low] = [Math.max(open, close), Math.min(open, close)];
    return detector.next(Float64Array.of(day * DAY_MS, open, high, low, close, volume, 0), 0) ?? [];
  });
}

/** The last ordinary close is 101. */
const LAST = 101;

describe('SplitDetector', () => {
  it.each([
    [2, 1],
    [3, 1],
    [3, 2],
    [4, 1],
    [5, 1],
    [5, 2],
    [7, 1],
    [10, 1],
    [20, 1],
    [50, 1],
    [1, 2],
    [1, 8],
    [1, 10],
    [1, 100],
  ])('finds a split %i:%i, three percent off after the night', (numerator, denominator) => {
    for (const night of [1.03, 0.97]) {
      const open = (LAST * denominator * night) / numerator;
      const volume = (130_000 * numerator) / denominator;
      const found = splitsOf([{ open, close: open * 1.05, volume }]);
      expect(found).toEqual([{ openTime: 30 * DAY_MS, numerator, denominator, close: LAST, open }]);
    }
  });

  it('calls a fall by half a crash when turnover is several times that of any recent day', () => {
    const crash = { open: 50, close: 48, volume: 1_200_000 };
    expect(splitsOf([crash])).toEqual([]);
    expect(splitsOf([{ ...crash, volume: 200_000 }])).toHaveLength(1);
  });

  it.each([
    ['an opening print that the close does not hold', { open: 202, close: 101, volume: 90_000 }],
    ['a fall by a quarter', { open: 76, close: 76, volume: 100_000 }],
    ['a fall between two ratios', { open: 58, close: 58, volume: 100_000 }],
    ['an ordinary day', { open: 100, close: 100, volume: 100_000 }],
    ['an opening at zero', { open: 0, close: 0, volume: 0 }],
  ])('finds none in %s', (_, day) => {
    expect(splitsOf([day])).toEqual([]);
  });

  it('judges nothing without five days of turnover before', () => {
    const split = { open: 50, close: 50, volume: 200_000 };
    expect(splitsOf([split], 4)).toEqual([]);
    expect(splitsOf([split], 5)).toHaveLength(1);
  });

  it('finds the split of bars within a day at the first bar of the day alone', () => {
    const minutes = (opens: readonly number[], day: number) =>
      opens.map((price, minute) => {
        const openTime = day * DAY_MS + 14 * HOUR_MS + (30 + minute) * MINUTE_MS;
        return Float64Array.of(openTime, price, price, price, price, 100_000 / price, 0);
      });
    const found = (bars: readonly Float64Array[]) => {
      const detector = new SplitDetector('1m');
      return bars.flatMap((bar) => detector.next(bar, 0) ?? []);
    };
    const before = minutes([100, 100, 100, 100, 100, 100], 0);
    expect(found([...before, ...minutes([50, 50], 1)])).toMatchObject([
      { openTime: DAY_MS + 14.5 * HOUR_MS, numerator: 2 },
    ]);
    expect(found([...before, ...minutes([100, 50], 1)])).toEqual([]);
  });

  it('takes trading after midnight UTC for the evening before', () => {
    const detector = new SplitDetector('1h');
    const bar = (hour: number, price: number) =>
      detector.next(Float64Array.of(hour * HOUR_MS, price, price, price, price, 100, 0), 0);
    for (let hour = 19; hour < 25; hour += 1) bar(hour, 100);
    expect(bar(24 + 9, 50)).not.toBeNull();
  });

  it('is for raw prices of stocks', () => {
    const stock = { assetClass: 'stock', adjustment: 'raw', timeframe: '1d' } as const;
    expect(splitDetectorFor(stock)).not.toBeNull();
    expect(splitDetectorFor({ ...stock, adjustment: 'split' })).toBeNull();
    expect(splitDetectorFor({ ...stock, assetClass: 'crypto' })).toBeNull();
  });
});

const SEVEN: Split = { openTime: DAY_MS, numerator: 7, denominator: 1, close: 645.57, open: 92.69 };

describe('issueOfSplit', () => {
  it('names ratio and prices', () => {
    expect(ratioText(SEVEN)).toBe('7:1');
    expect(issueOfSplit(SEVEN)).toEqual({
      openTime: DAY_MS,
      rule: 'split',
      detail: '7:1, close 645.57 before, open 92.69 on 1970-01-02T00:00:00Z',
      quarantined: false,
    });
  });
});

describe('PriceCarrier', () => {
  const bar = () => Float64Array.of(DAY_MS, 92.69, 93.88, 91.75, 93.7, 72_880_000, 1);

  it('leaves bars before the first split as they are', () => {
    const page = bar();
    new PriceCarrier().write(page, 0);
    expect(page).toEqual(bar());
  });

  it('multiplies prices and divides volume from a split on, without noise in the last digits', () => {
    const carrier = new PriceCarrier();
    carrier.cross(SEVEN);
    const page = bar();
    carrier.write(page, 0);
    expect([...page]).toEqual([DAY_MS, 648.83, 657.16, 642.25, 655.9, 72_880_000 / 7, 1]);
  });

  it('multiplies the ratios of several splits', () => {
    const carrier = new PriceCarrier();
    carrier.cross(SEVEN);
    carrier.cross({ ...SEVEN, numerator: 1, denominator: 2 });
    carrier.read(bar(), 0);
    expect(carrier).toMatchObject({ factor: 3.5, close: 327.95, volume: 72_880_000 / 3.5 });
  });
});
