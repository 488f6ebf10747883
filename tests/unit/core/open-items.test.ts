import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OpenItems } from '../../../src/core/open-items.ts';

function itemsOf(...entries: readonly (readonly [string, number])[]): OpenItems<string, number> {
  const items = new OpenItems<string, number>();
  for (const [id, item] of entries) items.set(id, item);
  return items;
}

describe('open items', () => {
  it('hands out in the order of the first setting, a replaced item in its old place', () => {
    const items = itemsOf(['a', 1], ['b', 2], ['a', 3]);
    expect([...items.values()]).toEqual([3, 2]);
  });

  it('forgets the last item and goes on with the next', () => {
    const items = itemsOf(['a', 1]);
    items.delete('a');
    expect([items.size, items.has('a'), items.get('a')]).toEqual([0, false, undefined]);
    items.set('b', 2);
    expect([...items.values()]).toEqual([2]);
  });

  it('keeps its only item when another one is to be forgotten', () => {
    const items = itemsOf(['a', 1]);
    items.delete('b');
    expect(items.get('a')).toBe(1);
  });

  it('holds what a map holds after any sequence of settings and deletions', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd');
    const step = fc.oneof(
      fc.record({ id, item: fc.integer() }),
      fc.record({ id, item: fc.constant(null) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const items = new OpenItems<string, number>();
        const map = new Map<string, number>();
        for (const { id: at, item } of steps) {
          if (item === null) {
            items.delete(at);
            map.delete(at);
          } else {
            items.set(at, item);
            map.set(at, item);
          }
          expect([...items.values()]).toEqual([...map.values()]);
          expect(items.size).toBe(map.size);
          expect(items.get(at)).toBe(map.get(at));
        }
      }),
      { seed: 42, numRuns: 200 },
    );
  });
});
