import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../src/config/canonical-json.ts';

describe('canonical JSON', () => {
  it('sorts keys at every depth by code unit and leaves lists in their order', () => {
    expect(canonicalJson({ b: [{ z: 1, a: 2 }, 1], a_b: null, aB: 'x' })).toBe(
      '{"aB":"x","a_b":null,"b":[{"a":2,"z":1},1]}',
    );
  });

  it('is the same whatever order keys were added in', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).toReversed());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { seed: 42, numRuns: 200 },
    );
  });
});
