import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capitalShares } from '../../../src/app/capital-shares.ts';
import { strategyId } from '../../support/orders.ts';

const ids = (...names: readonly string[]) => names.map((name) => strategyId(name));

describe('capitalShares', () => {
  it.each([
    { of: ['a'], configured: {}, shares: [1] },
    { of: ['a', 'b', 'c', 'd'], configured: {}, shares: [0.25, 0.25, 0.25, 0.25] },
    { of: ['a', 'b', 'c'], configured: { b: 0.5 }, shares: [0.25, 0.5, 0.25] },
    { of: ['a', 'b'], configured: { a: 0.25, b: 0.5 }, shares: [0.25, 0.5] },
    { of: ['a', 'b'], configured: { a: 1 }, shares: [1, 0] },
    { of: ['a', 'b'], configured: { absent: 0.9 }, shares: [0.5, 0.5] },
  ])('are $shares of $of with $configured', ({ of, configured, shares }) => {
    expect([...capitalShares(ids(...of), configured)]).toEqual(
      of.map((id, index) => [id, shares[index]]),
    );
  });

  it('never add up to more than everything', () => {
    const named = fc.dictionary(
      fc.constantFrom('a', 'b', 'c'),
      fc.double({ min: 0, max: 0.3, noNaN: true }),
    );
    fc.assert(
      fc.property(named, (configured) => {
        const shares = [...capitalShares(ids('a', 'b', 'c', 'd'), configured).values()];
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
      }),
    );
  });
});
