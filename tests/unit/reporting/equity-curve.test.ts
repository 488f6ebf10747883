import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EquityMark } from '../../../src/core/equity.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/core/time.ts';
import { Drawdown } from '../../../src/reporting/drawdown.ts';
import { EquityCurve } from '../../../src/reporting/equity-curve.ts';
import { MONDAY } from './scripted-run.ts';

function mark(time: number, equity: number, exposure = 0): EquityMark {
  return { time, equity, cash: equity - exposure, exposure, peak: equity, drawdown: 0 };
}

function curveOf(marks: readonly EquityMark[], barMs = HOUR_MS): EquityCurve {
  const curve = new EquityCurve({ initialCapital: 100, barMs });
  for (const each of marks) curve.observe(each);
  return curve;
}

describe('EquityCurve', () => {
  it('knows nothing but the capital before the first mark', () => {
    const curve = curveOf([]);
    expect(curve.finalEquity).toBe(100);
    expect(curve.elapsedDays).toBe(0);
    expect([curve.start, curve.end, curve.exposure, curve.meanEquity]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect([curve.maxDrawdown, curve.maxDrawdownDays]).toEqual([null, null]);
    expect(curve.dailyCloses).toEqual({ days: [], equity: [] });
    expect(curve.columns.time).toEqual([]);
  });

  it('starts when the first marked bar opened', () => {
    const curve = curveOf([mark(MONDAY + HOUR_MS, 100), mark(MONDAY + DAY_MS, 100)]);
    expect(curve.start).toBe(MONDAY);
    expect(curve.end).toBe(MONDAY + DAY_MS);
    expect(curve.elapsedDays).toBe(1);
  });

  describe('daily closes', () => {
    const day = MONDAY / DAY_MS;

    it('count a mark at midnight to the day that ends there', () => {
      const curve = curveOf([
        mark(MONDAY + 23 * HOUR_MS, 101),
        mark(MONDAY + DAY_MS, 102),
        mark(MONDAY + DAY_MS + 1, 103),
      ]);
      expect(curve.dailyCloses).toEqual({ days: [day, day + 1], equity: [102, 103] });
    });

    it('give a daily bar its own day', () => {
      const marks = [mark(MONDAY + DAY_MS, 101), mark(MONDAY + 2 * DAY_MS, 102)];
      expect(curveOf(marks, DAY_MS).dailyCloses).toEqual({
        days: [day, day + 1],
        equity: [101, 102],
      });
    });

    it('leave out days without a mark', () => {
      const curve = curveOf([mark(MONDAY + HOUR_MS, 101), mark(MONDAY + 3 * DAY_MS, 102)]);
      expect(curve.dailyCloses.days).toEqual([day, day + 2]);
    });

    it('take the second of two marks at one time', () => {
      const curve = curveOf([mark(MONDAY + HOUR_MS, 101), mark(MONDAY + HOUR_MS, 99)]);
      expect(curve.dailyCloses.equity).toEqual([99]);
      expect(curve.finalEquity).toBe(99);
      expect(curve.columns.equity).toEqual([99]);
    });
  });

  it('finds drawdowns within an hour that the sampled curve does not show', () => {
    const curve = curveOf(
      [
        mark(MONDAY + MINUTE_MS, 100),
        mark(MONDAY + 2 * MINUTE_MS, 40),
        mark(MONDAY + 3 * MINUTE_MS, 100),
        mark(MONDAY + HOUR_MS, 100),
      ],
      MINUTE_MS,
    );
    expect(curve.maxDrawdown).toBeCloseTo(0.6, 12);
    expect(curve.maxDrawdownDays).toBeCloseTo(2 / (24 * 60), 12);
    expect(curve.columns.drawdown).toEqual([0]);
  });

  it('measures a drawdown from the initial capital, before any mark', () => {
    const curve = curveOf([mark(MONDAY + HOUR_MS, 90), mark(MONDAY + 24 * HOUR_MS, 95)]);
    expect(curve.maxDrawdown).toBeCloseTo(0.1, 12);
    expect(curve.maxDrawdownDays, 'from the open of the first bar, unrecovered').toBe(1);
  });

  it('counts the bar before a mark as exposed when the mark holds a position', () => {
    // four bars, the second and third held
    const exposures = [0, 60, 60, 0];
    const marks = exposures.map((held, bar) => mark(MONDAY + (bar + 1) * HOUR_MS, 100, held));
    expect(curveOf(marks).exposure).toBe(2 / 4);
  });

  it('weighs exposure by time', () => {
    // one hour without, then nine hours with a position
    const curve = curveOf([mark(MONDAY + HOUR_MS, 100, 0), mark(MONDAY + 10 * HOUR_MS, 100, 50)]);
    expect(curve.exposure).toBe(0.9);
  });

  it('averages equity over all marks', () => {
    const curve = curveOf([mark(MONDAY + HOUR_MS, 90), mark(MONDAY + 2 * HOUR_MS, 120)]);
    expect(curve.meanEquity).toBe(105);
  });

  describe('sampled curve', () => {
    it('keeps the last mark of each interval with all its values', () => {
      const curve = new EquityCurve({
        initialCapital: 100,
        barMs: 20 * MINUTE_MS,
        intervalMs: HOUR_MS,
      });
      for (const [minute, equity] of [
        [20, 101],
        [40, 102],
        [60, 104],
        [80, 103],
        [180, 52],
      ] as const) {
        curve.observe(mark(MONDAY + minute * MINUTE_MS, equity, 10));
      }
      expect(curve.columns).toEqual({
        time: [60, 80, 180].map((minute) => MONDAY + minute * MINUTE_MS),
        equity: [104, 103, 52],
        cash: [94, 93, 42],
        exposure: [10, 10, 10],
        drawdown: [0, 1 - 103 / 104, 1 - 52 / 104],
      });
    });

    it('keeps the first mark when time begins at the epoch', () => {
      expect(curveOf([mark(0, 100), mark(1, 101)]).columns.time).toEqual([0, 1]);
    });
  });

  it('holds as many points as hours after a million minutes', () => {
    const curve = new EquityCurve({ initialCapital: 100, barMs: MINUTE_MS });
    for (let minute = 1; minute <= 1_000_000; minute++) {
      curve.observe(mark(minute * MINUTE_MS, 100 + (minute % 7)));
    }
    expect(curve.columns.time).toHaveLength(Math.ceil(1_000_000 / 60));
    expect(curve.dailyCloses.days).toHaveLength(Math.ceil(1_000_000 / 1440));
  });

  it('agrees with all marks kept and measured afterwards', () => {
    const steps = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 50, max: 150 }), fc.boolean()),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, (list) => {
        let time = MONDAY;
        const marks = list.map(([hours, equity, held]) => {
          time += hours * HOUR_MS;
          return mark(time, equity, held ? 10 : 0);
        });
        const curve = curveOf(marks);
        const lastOfDay = new Map(marks.map((m) => [Math.floor((m.time - 1) / DAY_MS), m.equity]));
        expect(curve.dailyCloses.days).toEqual([...lastOfDay.keys()]);
        expect(curve.dailyCloses.equity).toEqual([...lastOfDay.values()]);
        const drawdown = new Drawdown(100, marks[0] === undefined ? 0 : marks[0].time - HOUR_MS);
        for (const m of marks) drawdown.observe(m.time, m.equity);
        expect(curve.maxDrawdown).toBe(drawdown.max);
        expect((curve.maxDrawdownDays ?? 0) * DAY_MS).toBeCloseTo(drawdown.longestMs, 3);
        const sum = marks.reduce((total, m) => total + m.equity, 0);
        expect(curve.meanEquity).toBeCloseTo(sum / marks.length, 9);
      }),
      { seed: 42, numRuns: 100 },
    );
  });
});
