import { describe, expect, it } from 'vitest';
import { restatedBar } from '../../../../src/data/collect/restated-bar.ts';

const stored = [Float64Array.from([1, 2, 3].flatMap((t) => [t, 10, 10, 10, 10 * t, 5, 0]))];
const sent = (...closes: readonly number[]) =>
  closes.map((close, index) => ({
    openTime: index + 1,
    open: 1,
    high: 1,
    low: 1,
    close,
    volume: 1,
  }));

describe('restatedBar', () => {
  it('names the first bar when all closes have moved', () => {
    expect(restatedBar(sent(5, 10, 15), stored)).toEqual({ openTime: 1, stored: 10, sent: 5 });
  });

  it('takes one late correction for no restatement', () => {
    expect(restatedBar(sent(10, 20, 31), stored)).toBeNull();
    expect(restatedBar(sent(10, 20, 30), stored)).toBeNull();
  });

  it('draws no conclusion from bars that were not sent, or make no sense', () => {
    expect(restatedBar([], stored)).toBeNull();
    expect(restatedBar(sent(Number.NaN, 20), stored)).toBeNull();
  });
});
