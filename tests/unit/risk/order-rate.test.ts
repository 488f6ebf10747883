import { describe, expect, it } from 'vitest';
import { OrderRate } from '../../../src/risk/order-rate.ts';
import { DAY, START } from './risk-builders.ts';

function rated(...times: readonly number[]): OrderRate {
  const rate = new OrderRate();
  for (const time of times) rate.record(START + time, 100);
  return rate;
}

describe('OrderRate', () => {
  it.each([
    ['nothing yet', [], 0, { lastMinute: 0, today: 0 }],
    ['all of one instant', [0, 0, 0], 0, { lastMinute: 3, today: 3 }],
    ['an order 59.999 seconds old', [0, 30_000], 59_999, { lastMinute: 2, today: 2 }],
    ['no order sixty seconds old', [0, 30_000], 60_000, { lastMinute: 1, today: 2 }],
    ['a minute over midnight', [DAY - 1_000, DAY], DAY, { lastMinute: 2, today: 1 }],
    ['the day before in no count', [DAY - 1_000], DAY + 60_000, { lastMinute: 0, today: 0 }],
  ])('counts %s', (_title, times, now, counts) => {
    const rate = rated(...times);
    const lastMinute = rate.lastMinute(START + now);
    expect({ lastMinute, today: rate.today(START + now) }).toEqual(counts);
  });

  it('goes on counting after a restart', () => {
    const text = JSON.stringify(rated(0, 30_000).snapshot());
    const snapshot: unknown = JSON.parse(text);
    expect(snapshot).toEqual({
      day: START,
      today: 2,
      notional: 200,
      recent: [START, START + 30_000],
    });
    const restored = new OrderRate(rated(0, 30_000).snapshot());
    restored.record(START + 70_000, 50);
    expect(restored.notionalToday(START + 70_000)).toBe(250);
    expect(restored.notionalToday(START + DAY)).toBe(0);
    expect(restored.lastMinute(START + 70_000)).toBe(2);
    expect(restored.today(START + 70_000)).toBe(3);
  });

  it('remembers no more than the last minute', () => {
    const rate = rated(...Array.from({ length: 1_000 }, (_, index) => index * 10_000));
    expect(rate.snapshot().recent).toHaveLength(6);
    expect(rate.snapshot().today).toBe(1_000);
  });
});
