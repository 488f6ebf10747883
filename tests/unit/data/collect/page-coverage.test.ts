import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../../src/core/time.ts';
import { coverageOf } from '../../../../src/data/collect/page-coverage.ts';

const NOW = 1000 * HOUR_MS;

/** Minutes before now, in and out. */
function covered(from: number, to: number, lastOpen: number | null) {
  const at = (minutes: number) => NOW - minutes * MINUTE_MS;
  const span = coverageOf({
    timeframe: '1m',
    answered: { from: at(from), to: at(to) },
    lastOpen: lastOpen === null ? null : at(lastOpen),
    now: NOW,
  });
  return span === null ? null : [(NOW - span.from) / MINUTE_MS, (NOW - span.to) / MINUTE_MS];
}

describe('coverageOf', () => {
  it('takes the venue at its word for what is long past, bars or none', () => {
    expect(covered(500, 200, null)).toEqual([500, 200]);
  });

  it('ends with the last bar received where more of them may still come', () => {
    expect(covered(500, 0, 10)).toEqual([500, 9]);
  });

  it('leaves only the last hour open when bars ceased before it', () => {
    expect(covered(500, 0, 300)).toEqual([500, 60]);
    expect(covered(500, 0, null)).toEqual([500, 60]);
  });

  it('vouches for nothing when nothing came of the last hour', () => {
    expect(covered(30, 0, null)).toBeNull();
  });

  it('leaves three bars open where an hour is shorter', () => {
    const answered = { from: 900 * HOUR_MS, to: NOW };
    const facts = { timeframe: '1h', answered, lastOpen: null, now: NOW } as const;
    expect(coverageOf(facts)).toEqual({ from: 900 * HOUR_MS, to: 997 * HOUR_MS });
  });
});
