import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  altered,
  FIELDS,
  FUTURES,
  truncated,
} from '../../../../src/app/check-strategy/altered-bars.ts';
import { BAR_STRIDE } from '../../../../src/ports/bar-store.ts';
import { HOUR, seriesOf } from './traces.ts';

const closes = fc.array(fc.integer({ min: 10, max: 1_000 }), { minLength: 2, maxLength: 30 });
const futures = fc.constantFrom(...FUTURES);
const ALL = { symbol: null, field: null, until: Infinity };

describe('another future', () => {
  it('leaves everything up to the decision as it was, and changes every field after it', () => {
    fc.assert(
      fc.property(closes, futures, fc.nat(), (prices, future, seed) => {
        const known = seed % prices.length;
        const decidedOn = known * HOUR;
        const series = seriesOf('BTC/USD', prices);
        const [other] = altered([series], { ...ALL, future, decidedOn, after: decidedOn });
        const end = (known + 1) * BAR_STRIDE;
        expect(other?.rows.slice(0, end)).toEqual(series.rows.slice(0, end));
        for (let at = end; at < series.rows.length; at += BAR_STRIDE) {
          expect(other?.rows[at]).toBe(series.rows[at]);
          expect(other?.rows[at + 5]).not.toBe(series.rows[at + 5]);
          const [open = 0, high = 0, low = 0, close = 0] = other?.rows.subarray(at + 1) ?? [];
          expect(low).toBeLessThanOrEqual(Math.min(open, close));
          expect(high).toBeGreaterThanOrEqual(Math.max(open, close));
        }
      }),
    );
  });

  it('turns every rise from the last known close into a fall when it is mirrored', () => {
    const series = seriesOf('BTC/USD', [100, 150, 80]);
    const [mirrored] = altered([series], { ...ALL, future: 'mirrored', decidedOn: 0, after: 0 });
    const closesOf = (rows: Float64Array) => [4, 11, 18].map((at) => rows[at] ?? 0);
    const [known = 0, ...rest] = closesOf(mirrored?.rows ?? new Float64Array());
    expect(known).toBe(101);
    expect(rest.map((close) => Math.sign(close - known))).toEqual([-1, 1]);
  });

  it.each(FIELDS)('changes the %s alone where that is asked for', (field) => {
    const series = seriesOf('BTC/USD', [100, 150, 80]);
    const alone = { after: HOUR - 1, until: HOUR, symbol: 'BTC/USD', field };
    const [other] = altered([series], { future: 'raised', decidedOn: 0, ...alone });
    const changed = [...series.rows.keys()].filter((at) => other?.rows[at] !== series.rows[at]);
    expect(changed).toEqual([BAR_STRIDE + 1 + FIELDS.indexOf(field)]);
  });

  it('leaves other symbols alone', () => {
    const series = [seriesOf('BTC/USD', [1, 2, 3]), seriesOf('ETH/USD', [1, 2, 3])];
    const change = { future: 'raised', decidedOn: 0, after: 0, until: Infinity } as const;
    const [btc, eth] = altered(series, { ...change, symbol: 'ETH/USD', field: null });
    expect(btc).toBe(series[0]);
    expect(eth?.rows).not.toEqual(series[1]?.rows);
  });

  it('is missing where bars are cut off, and the series says so', () => {
    const [cut] = truncated([seriesOf('BTC/USD', [1, 2, 3, 4])], 2 * HOUR);
    expect(cut?.rows.length).toBe(3 * BAR_STRIDE);
    expect([cut?.series.bars, cut?.series.lastOpen]).toEqual([3, 2 * HOUR]);
  });
});
