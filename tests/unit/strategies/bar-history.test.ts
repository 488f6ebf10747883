import { describe, expect, it } from 'vitest';
import { BarHistory } from '../../../src/strategies/bar-history.ts';
import { barAt } from './market-fixtures.ts';

function historyOf(size: number, bars: number): BarHistory {
  const history = new BarHistory(size);
  for (let i = 0; i < bars; i++) history.push(barAt(i, { close: i }));
  return history;
}

describe('a bar history', () => {
  it.each([
    [3, 2, 2, [0, 1]],
    [3, 3, 3, [0, 1, 2]],
    [3, 4, 3, [1, 2, 3]],
    [3, 5, 2, [3, 4]],
    [3, 6, 3, [3, 4, 5]],
    [3, 7, 1, [6]],
    [3, 7, 0, []],
    [1, 5, 1, [4]],
  ])('of %d after %d bars gives the last %d, oldest first', (size, bars, count, closes) => {
    expect(
      historyOf(size, bars)
        .last(count)
        .map(({ close }) => close),
    ).toEqual(closes);
  });

  it.each([
    ['more than it keeps', 3, 4],
    ['a negative number', 3, -1],
    ['half a bar', 3, 1.5],
    ['anything when it keeps nothing', 0, 1],
  ])('refuses %s', (_, size, count) => {
    expect(() => historyOf(size, 10).last(count)).toThrow(`was "${count}"`);
  });

  it('says how to keep more', () => {
    expect(() => historyOf(2, 10).last(5)).toThrow('declare "history: 5" beside onBar');
  });

  it.each([-1, 0.5, NaN, 100_001])('of %d bars is refused', (size) => {
    expect(() => new BarHistory(size)).toThrow('a whole number of bars from 0 to 100000');
  });
});
