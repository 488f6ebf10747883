import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BAR_FLAGS } from '../../../src/core/bar.ts';
import { DataError } from '../../../src/core/errors.ts';
import { HOUR_MS, type TimeSpan } from '../../../src/core/time.ts';
import type { SeriesKey } from '../../../src/ports/bar-store.ts';
import { BTC_1H, START, barRow, barRows, write } from '../sqlite/bar-rows.ts';
import { joined, rowsOf, seriesIdOf } from '../sqlite/fixtures.ts';
import type { Stores } from './bar-store.contract.ts';

function hours(from: number, to: number): TimeSpan {
  return { from: START + from * HOUR_MS, to: START + to * HOUR_MS };
}

/** What every bar store promises of the spans that sources have answered for. */
export function coverageContract(title: string, open: () => Stores): void {
  describe(`${title}, on what sources have answered for`, () => {
    it.each([
      ['nothing where nobody vouches', [null], []],
      ['nothing where the span is empty', [hours(5, 5), hours(7, 3)], []],
      [
        'spans apart from each other, ascending',
        [hours(5, 8), hours(1, 3)],
        [
          [1, 3],
          [5, 8],
        ],
      ],
      ['one span of two that touch', [hours(5, 8), hours(8, 9)], [[5, 9]]],
      ['one span of two that touch, the later first', [hours(8, 9), hours(5, 8)], [[5, 9]]],
      ['one span of two that overlap', [hours(1, 4), hours(3, 9)], [[1, 9]]],
      ['the outer of two, one in the other', [hours(1, 9), hours(3, 4)], [[1, 9]]],
      ['the outer of two, one around the other', [hours(3, 4), hours(1, 9)], [[1, 9]]],
      [
        'one span where the gaps between several close',
        [hours(1, 2), hours(3, 4), hours(5, 6), hours(20, 21), hours(2, 5)],
        [
          [1, 6],
          [20, 21],
        ],
      ],
    ])('keeps %s', (_, spans, expected) => {
      const { writer, reader } = open();
      for (const covers of spans) writer.save(write([], { covers }));
      expect(reader.covered(seriesIdOf(reader))).toEqual(
        expected.map(([from = 0, to = 0]) => hours(from, to)),
      );
    });

    it('keeps the same spans as a set of hours would, whatever their order', () => {
      const span = fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 6 }));
      fc.assert(
        fc.property(fc.array(span, { maxLength: 20 }), (spans) => {
          const { writer, reader } = open();
          writer.save(write([]));
          const covered = new Set<number>();
          for (const [from, length] of spans) {
            writer.save(write([], { covers: hours(from, from + length) }));
            for (let hour = from; hour < from + length; hour++) covered.add(hour);
          }
          const starts = [...covered].filter((hour) => !covered.has(hour - 1));
          const ends = [...covered].filter((hour) => !covered.has(hour + 1));
          const ascending = (one: number, other: number) => one - other;
          ends.sort(ascending);
          expect(reader.covered(seriesIdOf(reader))).toEqual(
            starts.sort(ascending).map((from, at) => hours(from, (ends[at] ?? 0) + 1)),
          );
        }),
        { seed: 7, numRuns: 15 },
      );
    });

    it('keeps those of one series apart from those of another', () => {
      const { writer, reader } = open();
      const other: SeriesKey = { ...BTC_1H, adjustment: 'split' };
      writer.save(write([], { covers: hours(0, 5) }));
      writer.save(write([], { covers: hours(5, 9), key: other }));
      expect(reader.covered(seriesIdOf(reader))).toEqual([hours(0, 5)]);
      expect(reader.covered(seriesIdOf(reader, other))).toEqual([hours(5, 9)]);
    });

    it('covers nothing by a write that failed', () => {
      const { writer, reader } = open();
      writer.save(write(barRows(0, 2), { covers: hours(0, 2) }));
      const broken = write([barRow(2), barRow(3, { close: NaN })], { covers: hours(2, 4) });
      expect(() => writer.save(broken)).toThrow(DataError);
      expect(reader.covered(seriesIdOf(reader))).toEqual([hours(0, 2)]);
    });
  });
}

/** What every bar store promises of values that came later for a stored bar. */
export function revisionContract(title: string, open: () => Stores): void {
  describe(`${title}, on revisions`, () => {
    const { revised, outlier } = BAR_FLAGS;
    const change = (volume: number, at: number) =>
      write([barRow(1, { volume })], { onConflict: 'revise', at, source: 'kraken' });

    it('keep the stored bar, flag it, and stand beside it', () => {
      const { writer, reader } = open();
      writer.save(write(barRows(0, 3).with(1, barRow(1, { flags: outlier }))));
      expect(writer.save(change(99, 1_000))).toEqual({
        inserted: 0,
        unchanged: 0,
        revised: 1,
        conflicting: 0,
      });
      const id = seriesIdOf(reader);
      const flagged = barRow(1, { flags: outlier | revised });
      expect(joined(reader.pages(id, -Infinity, Infinity))).toEqual(
        rowsOf(barRows(0, 3).with(1, flagged)),
      );
      expect(reader.revisions(id)).toEqual([
        {
          openTime: START + HOUR_MS,
          seenAt: 1_000,
          bar: barRow(1, { volume: 99, flags: revised }),
        },
      ]);
      expect(reader.issues(id)).toEqual([]);
      expect(reader.findSeries(BTC_1H)?.bars).toBe(3);
    });

    it('are no new ones where they are known, but what came last is the latest', () => {
      const { writer, reader } = open();
      writer.save(write(barRows(0, 3)));
      const counts = [99, 99, barRow(1).volume, 98, 99].map((volume, index) => {
        const saved = writer.save(change(volume, 1_000 + index));
        return [saved.revised, saved.unchanged];
      });
      expect(counts).toEqual([
        [1, 0],
        [0, 1],
        [0, 1],
        [1, 0],
        [0, 1],
      ]);
      const known = reader.revisions(seriesIdOf(reader));
      expect(known.map(({ seenAt, bar }) => [seenAt, bar.volume])).toEqual([
        // The stored values: the venue had taken the others back.
        [1_002, barRow(1).volume],
        [1_003, 98],
        [1_004, 99],
      ]);
    });

    it('come in the order of their bars, then of when they were seen', () => {
      const { writer, reader } = open();
      writer.save(write(barRows(0, 3)));
      writer.save(change(98, 3_000));
      writer.save(write([barRow(0, { volume: 7 })], { onConflict: 'revise', at: 4_000 }));
      writer.save(change(97, 2_000));
      const known = reader.revisions(seriesIdOf(reader));
      expect(known.map(({ bar }) => bar.volume)).toEqual([7, 97, 98]);
    });

    it('are none where they are no bars', () => {
      const { writer, reader } = open();
      writer.save(write(barRows(0, 3)));
      const broken = write([barRow(1, { low: -1 })], { onConflict: 'revise' });
      expect(() => writer.save(broken)).toThrow(DataError);
      expect(reader.revisions(seriesIdOf(reader))).toEqual([]);
    });

    it('drop what a reader keeps of the bars for the next one', () => {
      const { writer, reader } = open();
      writer.save(write(barRows(0, 9_000)));
      const id = seriesIdOf(reader);
      joined(writer.pages(id, -Infinity, Infinity));
      writer.save(change(99, 1_000));
      expect(joined(reader.pages(id, START, START + 2 * HOUR_MS))).toEqual(
        rowsOf([barRow(0), barRow(1, { flags: revised })]),
      );
    });
  });
}
