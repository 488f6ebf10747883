import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../src/core/time.ts';
import { BadPrintJudge, issueOfOutlier, type JudgedOutlier } from '../../../src/data/bad-prints.ts';

interface Cells {
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** A true range of two percent, a volume of 1,000. */
const CALM: Cells = { high: 101, low: 99, close: 100, volume: 1000 };

/** Forty calm bars, then an outlier and what follows it. */
function judge(outlier: Partial<Cells>, ...after: readonly Partial<Cells>[]): JudgedOutlier | null {
  const judge = new BadPrintJudge();
  const calm = Array.from({ length: 40 }, () => CALM);
  const bars = [...calm, { ...CALM, ...outlier }, ...after.map((bar) => ({ ...CALM, ...bar }))];
  const judged = bars.flatMap(
    (bar, index) =>
      judge.next({ ...bar, openTime: index * HOUR_MS, factor: 1 }, index === calm.length) ?? [],
  );
  return judged[0] ?? judge.finish();
}

describe('BadPrintJudge', () => {
  it('calls a wick that the bars around know nothing of a bad print', () => {
    // 99 / 90 = 1.10: more than 4 × 2 %.
    expect(judge({ low: 90 }, {})).toEqual({
      openTime: 40 * HOUR_MS,
      kind: 'bad-print',
      part: 'low',
      price: 90,
      beyond: 99 / 90 - 1,
      previousClose: 100,
      close: 100,
    });
    expect(judge({ high: 112 }, {})).toMatchObject({ kind: 'bad-print', part: 'high', price: 112 });
  });

  it.each([
    ['a wick of less than four usual ranges', { low: 93 }, [{}]],
    ['a wick on more than twice the usual volume', { low: 90, volume: 2001 }, [{}]],
    ['a fall that holds', { low: 89, close: 90 }, [{ high: 91, low: 88, close: 90 }]],
    ['a wick that the next bar trades at again', { low: 90 }, [{ low: 91 }]],
    ['a rise that holds', { high: 160, close: 160 }, [{ high: 161, low: 150, close: 155 }]],
    ['the last bar: nothing has taken it back', { low: 1 }, []],
  ])('calls %s a large move', (_, outlier, after) => {
    expect(judge(outlier, ...after)?.kind).toBe('large-move');
  });

  it('calls half above or a third below everything around it bad, whatever traded', () => {
    expect(judge({ low: 65, volume: 1e6 }, {})?.kind).toBe('bad-print');
    expect(judge({ low: 67, volume: 1e6 }, {})?.kind).toBe('large-move');
    expect(judge({ high: 152, volume: 1e6 }, {})?.kind).toBe('bad-print');
    expect(judge({ high: 151, volume: 1e6 }, {})?.kind).toBe('large-move');
  });

  it('calls a bar bad whose close the next bar takes back', () => {
    expect(judge({ high: 200, low: 190, close: 195 }, {})).toMatchObject({
      kind: 'bad-print',
      price: 200,
    });
  });

  it('needs three percent even where bars hardly move', () => {
    const judge = new BadPrintJudge();
    const bar = (index: number, low: number, isOutlier = false) =>
      judge.next(
        { openTime: index, high: 100, low, close: 100, volume: 1000, factor: 1 },
        isOutlier,
      );
    for (let index = 0; index < 30; index += 1) bar(index, 99.99);
    bar(30, 98, true);
    expect(bar(31, 99.99)?.kind).toBe('large-move');
    bar(32, 97, true);
    expect(bar(33, 99.99)?.kind).toBe('bad-print');
  });

  it('judges nothing but outliers', () => {
    const judge = new BadPrintJudge();
    for (const low of [99, 99, 1, 99, 99]) {
      expect(judge.next({ ...CALM, low, openTime: 0, factor: 1 }, false)).toBeNull();
    }
    expect(judge.finish()).toBeNull();
  });

  it('tells prices as they were traded, not as they are carried across splits', () => {
    const judge = new BadPrintJudge();
    for (let index = 0; index < 30; index += 1) {
      judge.next({ ...CALM, openTime: index, factor: 4 }, false);
    }
    judge.next({ ...CALM, low: 42.36, openTime: 30, factor: 4 }, true);
    expect(judge.next({ ...CALM, openTime: 31, factor: 4 }, false)).toMatchObject({
      price: 10.59,
      previousClose: 25,
      close: 25,
    });
  });
});

describe('issueOfOutlier', () => {
  it('says what was taken back, and what held', () => {
    const bad = judge({ low: 90 }, {});
    const large = judge({ low: 89, close: 90 }, { high: 91, low: 88, close: 90 });
    if (bad === null || large === null) throw new Error('outliers must be judged');
    expect(issueOfOutlier(bad, false)).toEqual({
      openTime: 40 * HOUR_MS,
      rule: 'bad-print',
      detail: 'low 90, -10.00 % from the close before, taken back (close 100)',
      quarantined: false,
    });
    expect(issueOfOutlier(large, true)).toMatchObject({
      rule: 'large-move',
      detail: 'close 90, -10.00 % from the close before (low 89)',
      quarantined: true,
    });
  });
});
