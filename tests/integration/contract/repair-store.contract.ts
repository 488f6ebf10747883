import { describe, expect, it } from 'vitest';
import { BAR_FLAGS } from '../../../src/core/bar.ts';
import { DataError, InvariantError } from '../../../src/core/errors.ts';
import { HOUR_MS } from '../../../src/core/time.ts';
import type { BarStore } from '../../../src/ports/bar-store.ts';
import type { Repair, RepairStore } from '../../../src/ports/repair-store.ts';
import { BTC_1H, CAME_AT, START, barRow, barRows, write } from '../sqlite/bar-rows.ts';
import { joined, rowsOf, seriesIdOf } from '../sqlite/fixtures.ts';

interface Stores {
  readonly bars: BarStore;
  readonly repairs: RepairStore;
}

const { outlier, repaired, revised } = BAR_FLAGS;
const AT = CAME_AT + HOUR_MS;

/** What every repair store promises. `open` makes one that is empty, and the store of its bars. */
export function repairStoreContract(title: string, open: () => Stores): void {
  /** Ten hours, the fourth of them missing, the first an outlier. */
  function withGap() {
    const { bars, repairs } = open();
    const stored = barRows(0, 10).toSpliced(3, 1);
    bars.save(write(stored, { covers: { from: START, to: START + 10 * HOUR_MS } }));
    const seriesId = seriesIdOf(bars);
    const repair = (changes: Partial<Repair> = {}): Repair => {
      return { seriesId, method: 'flat', at: AT, source: 'close before', bars: [], ...changes };
    };
    const everything = () => joined(bars.pages(seriesId, -Infinity, Infinity));
    return { bars, repairs, seriesId, repair, stored, everything };
  }

  describe(`${title}, as a repair store`, () => {
    it('adds a missing bar and flags it as repaired', () => {
      const { bars, repairs, repair, everything } = withGap();
      const batch = repairs.apply(repair({ bars: [barRow(3)] }));
      expect(batch).toEqual({
        id: 1,
        seriesId: seriesIdOf(bars),
        method: 'flat',
        at: AT,
        bars: 1,
        source: 'close before',
        undoneAt: null,
      });
      const expected = barRows(0, 10).with(3, barRow(3, { flags: repaired }));
      expect(everything()).toEqual(rowsOf(expected));
      expect(bars.findSeries(BTC_1H)?.bars).toBe(10);
    });

    it('puts a bar in place of a stored one, with the flags it was given', () => {
      const { repairs, repair, stored, everything } = withGap();
      const batch = repairs.apply(
        repair({ method: 'revision', bars: [barRow(0, { volume: 99, flags: outlier })] }),
      );
      expect(batch?.bars).toBe(1);
      const changed = barRow(0, { volume: 99, flags: outlier | repaired });
      expect(everything()).toEqual(rowsOf(stored.with(0, changed)));
    });

    it('leaves a stored bar alone unless it is by a revision: it came in the meantime', () => {
      const { repairs, repair, stored, everything } = withGap();
      for (const method of ['flat', 'finer', 'refetch'] as const) {
        expect(repairs.apply(repair({ method, bars: [barRow(0, { volume: 99 })] }))).toBeNull();
      }
      expect(everything()).toEqual(rowsOf(stored));
    });

    it('changes nothing where the values are stored already', () => {
      const { repairs, repair, stored, everything } = withGap();
      expect(
        repairs.apply(repair({ bars: [barRow(5), barRow(6, { flags: outlier })] })),
      ).toBeNull();
      expect(repairs.apply(repair())).toBeNull();
      expect(repairs.batches()).toEqual([]);
      expect(everything()).toEqual(rowsOf(stored));
    });

    it('counts only the bars that it changed', () => {
      const { repairs, repair } = withGap();
      expect(repairs.apply(repair({ bars: barRows(0, 12) }))?.bars).toBe(3);
    });

    it.each([
      ['NaN', { close: NaN }],
      ['low above open', { open: 1 }],
      ['an unknown flag', { flags: 8 }],
    ])('repairs nothing at all when one bar has %s', (_, change) => {
      const { repairs, repair, stored, everything } = withGap();
      const request = repair({ bars: [barRow(3), barRow(11, change)] });
      expect(() => repairs.apply(request)).toThrow(DataError);
      expect(() => repairs.apply(request)).toThrow(/BTC\/USD 1h at 2024-01-01T11:00:00Z/);
      expect(everything()).toEqual(rowsOf(stored));
      expect(repairs.batches()).toEqual([]);
    });

    it('takes two bars of one time, or a series there is not, for a fault of the program', () => {
      const { repairs, repair, seriesId } = withGap();
      const twice = repair({ bars: [barRow(3), barRow(3, { volume: 1 })] });
      expect(() => repairs.apply(twice)).toThrow(InvariantError);
      const nowhere = repair({ seriesId: seriesId + 1, bars: [barRow(3)] });
      expect(() => repairs.apply(nowhere)).toThrow(InvariantError);
      expect(repairs.batches()).toEqual([]);
    });

    it('leaves what is covered as it is', () => {
      const { bars, repairs, repair, seriesId } = withGap();
      const before = bars.covered(seriesId);
      repairs.apply(repair({ bars: [barRow(3), barRow(20)] }));
      expect(bars.covered(seriesId)).toEqual(before);
    });

    it('takes a batch back to the last bit: added bars go, changed ones are what they were', () => {
      const { bars, repairs, repair, stored, everything } = withGap();
      const changes = [barRow(0, { volume: 1, flags: 0 }), barRow(3), barRow(9, { volume: 2 })];
      repairs.apply(repair({ method: 'revision', bars: changes }));
      expect(everything()).not.toEqual(rowsOf(stored));
      expect(repairs.undo(1, AT + 5)).toMatchObject({ id: 1, bars: 3, undoneAt: AT + 5 });
      expect(everything()).toEqual(rowsOf(stored));
      expect(bars.findSeries(BTC_1H)?.bars).toBe(9);
      expect(repairs.batches()).toEqual([expect.objectContaining({ id: 1, undoneAt: AT + 5 })]);
    });

    it('numbers batches from 1 on and lists them in that order, undone ones too', () => {
      const { repairs, repair } = withGap();
      repairs.apply(repair({ bars: [barRow(3)] }));
      repairs.undo(1, AT);
      repairs.apply(repair({ method: 'refetch', source: 'coinbase', bars: [barRow(3)] }));
      repairs.apply(repair({ method: 'finer', source: '1m bars', bars: [barRow(10)] }));
      expect(repairs.batches().map(({ id, method, undoneAt }) => [id, method, undoneAt])).toEqual([
        [1, 'flat', AT],
        [2, 'refetch', null],
        [3, 'finer', null],
      ]);
    });

    it('never gives the number of a repair again, even where a series is dropped with its repairs', () => {
      const { bars, repairs, repair, seriesId } = withGap();
      repairs.apply(repair({ bars: [barRow(3)] }));
      bars.drop(
        seriesId,
        { openTime: null, rule: 'restated', detail: '', quarantined: false },
        'x',
      );
      bars.save(write(barRows(0, 3)));
      expect(repairs.apply(repair({ bars: [barRow(3)] }))?.id).toBe(2);
      expect(() => repairs.undo(1, AT)).toThrow(/repair 1: .* those made are 2 to 2; nothing/);
    });

    it('refuses to undo what it does not know, or what is undone already', () => {
      const { repairs, repair } = withGap();
      expect(() => repairs.undo(1, AT)).toThrow(/repair 1: .* none was made yet; nothing was/);
      repairs.apply(repair({ bars: [barRow(3)] }));
      expect(() => repairs.undo(2, AT)).toThrow(/repair 2: .* those made are 1 to 1; nothing/);
      repairs.undo(1, AT);
      expect(() => repairs.undo(1, AT)).toThrow(DataError);
      expect(() => repairs.undo(1, AT)).toThrow(/was undone at 2025-06-15T16:06:40Z/);
    });

    it('refuses to undo what a later repair built upon, until that one is undone', () => {
      const { repairs, repair, stored, everything } = withGap();
      repairs.apply(repair({ bars: [barRow(3), barRow(10)] }));
      repairs.apply(repair({ method: 'revision', bars: [barRow(3, { volume: 77 })] }));
      repairs.apply(repair({ bars: [barRow(11)] }));
      const before = everything();
      expect(() => repairs.undo(1, AT)).toThrow(/were changed by repair 2; undo that one first/);
      expect(everything()).toEqual(before);
      repairs.undo(2, AT);
      repairs.undo(1, AT);
      expect(everything()).toEqual(rowsOf([...stored, barRow(11, { flags: repaired })]));
    });

    it.each(['report', 'revise'] as const)(
      'keeps the real values of a bar that it made as a revision: on conflict %s',
      (onConflict) => {
        const { bars, repairs, repair, seriesId, everything } = withGap();
        repairs.apply(repair({ method: 'revision', bars: [barRow(3, { volume: 0 })] }));
        const real = write([barRow(3)], { onConflict, at: AT + 7, source: 'coinbase' });
        expect(bars.save(real)).toMatchObject({ unchanged: 0, revised: 1, conflicting: 0 });
        expect(bars.save(real)).toMatchObject({ unchanged: 1, revised: 0, conflicting: 0 });
        const kept = barRow(3, { volume: 0, flags: repaired | revised });
        expect(everything()).toEqual(rowsOf(barRows(0, 10).with(3, kept)));
        expect(bars.revisions(seriesId)).toEqual([
          { openTime: kept.openTime, seenAt: AT + 7, bar: barRow(3, { flags: revised }) },
        ]);
        expect(bars.issues(seriesId)).toEqual([]);
      },
    );

    it('takes many real bars in place of repaired ones for the same market', () => {
      const { bars, repairs, repair } = withGap();
      const flat = barRows(10, 60).map((bar) => ({ ...bar, volume: 0 }));
      repairs.apply(repair({ bars: flat }));
      expect(bars.save(write(barRows(10, 60))).revised).toBe(50);
    });

    it('takes the values that it replaced for known when they come again', () => {
      const { bars, repairs, repair } = withGap();
      repairs.apply(repair({ method: 'revision', bars: [barRow(5, { volume: 99 })] }));
      expect(bars.save(write([barRow(5)]))).toMatchObject({ unchanged: 1, revised: 0 });
    });

    it('can be undone after a revision came: the flag stays with a bar that does', () => {
      const { bars, repairs, repair, stored, everything } = withGap();
      repairs.apply(repair({ method: 'revision', bars: [barRow(3), barRow(5, { volume: 99 })] }));
      bars.save(write([barRow(3, { volume: 98 }), barRow(5, { volume: 98 })]));
      repairs.undo(1, AT);
      const again = barRow(5, { flags: revised });
      expect(everything()).toEqual(rowsOf(stored.with(4, again)));
      expect(bars.save(write([barRow(3)])).inserted).toBe(1);
    });
  });
}
