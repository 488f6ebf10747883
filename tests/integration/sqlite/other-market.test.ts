import { describe, expect, it } from 'vitest';
import { SqliteBarStore } from '../../../src/adapters/sqlite/sqlite-bar-store.ts';
import { DataError } from '../../../src/core/errors.ts';
import { barRow, barRows, write } from './bar-rows.ts';
import { connect } from './fixtures.ts';

/** The same bars with another volume for the first `count` of them. */
function revised(count: number, to: number) {
  return barRows(0, to).map((bar, index) =>
    index < count ? { ...bar, volume: bar.volume + 1 } : bar,
  );
}

function storeOf(bars: number): SqliteBarStore {
  const store = new SqliteBarStore(connect());
  store.save(write(barRows(0, bars)));
  return store;
}

describe('bars that differ from those stored', () => {
  it('are kept out, and counted, where they are a few of many', () => {
    // 15 of 300 are five per cent.
    expect(storeOf(300).save(write(revised(15, 300)))).toEqual({
      inserted: 0,
      unchanged: 285,
      revised: 0,
      conflicting: 15,
    });
  });

  it('are kept out, and counted, where they are ten in all', () => {
    expect(storeOf(10).save(write(revised(10, 10))).conflicting).toBe(10);
  });

  it('refuse the whole file where they are many: it is of another market', () => {
    const store = storeOf(300);
    const file = write([...revised(16, 300), barRow(300)]);
    expect(() => store.save(file)).toThrow(DataError);
    expect(() => store.save(file)).toThrow(/16 of 300 that are stored already differ/);
    expect(store.series()[0]?.bars).toBe(300);
  });

  it('refuse what a venue sends as revisions all the same', () => {
    const store = storeOf(300);
    const page = write([...revised(16, 300), barRow(300)], { onConflict: 'revise' });
    expect(() => store.save(page)).toThrow(/16 of 300 that are stored already differ/);
    expect(store.revisions(1)).toEqual([]);
    expect(store.save(write(revised(15, 300), { onConflict: 'revise' }))).toMatchObject({
      unchanged: 285,
      revised: 15,
    });
  });

  it('are no longer counted once they are known as revisions', () => {
    const store = storeOf(300);
    store.save(write(revised(15, 300), { onConflict: 'revise' }));
    const page = write(revised(20, 300), { onConflict: 'revise' });
    expect(store.save(page)).toMatchObject({ unchanged: 295, revised: 5 });
  });
});
