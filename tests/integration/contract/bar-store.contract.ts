import { describe, expect, it } from 'vitest';
import { DataError } from '../../../src/core/errors.ts';
import { HOUR_MS } from '../../../src/core/time.ts';
import type { BarRow, BarStore, SeriesKey } from '../../../src/ports/bar-store.ts';
import { BTC_1H, START, barRow, barRows, instrumentOf, write } from '../sqlite/bar-rows.ts';
import { joined, rowsOf, seriesIdOf } from '../sqlite/fixtures.ts';

export interface Stores {
  readonly writer: BarStore;
  /** Reads what the writer wrote; may be the writer itself. */
  readonly reader: BarStore;
}

/** What every bar store promises. `open` makes an empty one. */
export function barStoreContract(title: string, open: () => Stores): void {
  describe(`${title}, as a bar store`, () => {
    it('is empty at first', () => {
      const { reader } = open();
      expect(reader.series()).toEqual([]);
      expect(reader.findSeries(BTC_1H)).toBeNull();
      expect(reader.instruments('test', 'BTC/USD')).toEqual([]);
    });

    it('gives back the doubles it was given, to the bit', () => {
      const { writer, reader } = open();
      const odd = barRow(0, {
        open: 0.1 + 0.2,
        high: 1e300,
        low: 5e-324,
        close: 2.3e-8,
        volume: 0,
        flags: 7,
      });
      writer.save(write([odd]));
      const page = joined(reader.pages(seriesIdOf(reader), -Infinity, Infinity));
      expect(Buffer.from(page.buffer).equals(Buffer.from(rowsOf([odd]).buffer))).toBe(true);
    });

    it('orders bars by time however they arrived', () => {
      const { writer, reader } = open();
      writer.save(write([barRow(5), barRow(1), barRow(3)]));
      writer.save(write([barRow(4), barRow(2)]));
      expect(joined(reader.pages(seriesIdOf(reader), -Infinity, Infinity))).toEqual(
        rowsOf(barRows(1, 6)),
      );
    });

    it('tells extent and number of bars of every series, sorted by exchange, symbol, timeframe', () => {
      const { writer, reader } = open();
      writer.save(write(barRows(3, 10)));
      writer.save(write([barRow(1)], { key: { ...BTC_1H, exchange: 'a' } }));
      writer.save(write([], { key: { ...BTC_1H, symbol: 'ADA/USD' } }));
      expect(
        reader
          .series()
          .map(({ exchange, symbol, bars, firstOpen, lastOpen }) => [
            exchange,
            symbol,
            bars,
            firstOpen,
            lastOpen,
          ]),
      ).toEqual([
        ['a', 'BTC/USD', 1, START + HOUR_MS, START + HOUR_MS],
        ['test', 'ADA/USD', 0, null, null],
        ['test', 'BTC/USD', 7, START + 3 * HOUR_MS, START + 9 * HOUR_MS],
      ]);
    });

    it('drops all of a series but a note that says so, and nothing of another one', () => {
      const { writer, reader } = open();
      const issues = [{ openTime: START, rule: 'gap', detail: 'a bar', quarantined: false }];
      const covers = { from: START, to: START + 20 * HOUR_MS };
      writer.save(write(barRows(0, 20), { issues, covers }));
      writer.save(write([barRow(3, { volume: 99 })], { onConflict: 'revise' }));
      writer.save(write(barRows(0, 5), { key: { ...BTC_1H, symbol: 'ETH/USD' }, covers }));
      const id = seriesIdOf(reader);
      const note = { openTime: null, rule: 'restart', detail: '20 bars', quarantined: false };
      writer.drop(id, note, 'test');
      expect(reader.findSeries(BTC_1H)).toMatchObject({ id, bars: 0, firstOpen: null });
      expect([...reader.pages(id, 0, Infinity)]).toEqual([]);
      expect([reader.covered(id), reader.revisions(id)]).toEqual([[], []]);
      expect(reader.issues(id)).toEqual([note]);
      const other = reader.findSeries({ ...BTC_1H, symbol: 'ETH/USD' });
      expect([other?.bars, reader.covered(other?.id ?? 0)]).toEqual([5, [covers]]);
      expect(writer.save(write(barRows(0, 20)))).toMatchObject({ inserted: 20 });
    });

    it('adds nothing the second time', () => {
      const { writer, reader } = open();
      const issues = [{ openTime: null, rule: 'gap', detail: 'three bars', quarantined: false }];
      const first = writer.save(write(barRows(0, 20), { issues }));
      const second = writer.save(write(barRows(0, 21), { issues, source: 'again.csv' }));
      expect(first).toEqual({ inserted: 20, unchanged: 0, revised: 0, conflicting: 0 });
      expect(second).toEqual({ inserted: 1, unchanged: 20, revised: 0, conflicting: 0 });
      expect(reader.findSeries(BTC_1H)?.bars).toBe(21);
      expect(reader.issues(seriesIdOf(reader))).toEqual(issues);
    });

    it('keeps the stored bar where another one claims its place, and says so', () => {
      const { writer, reader } = open();
      writer.save(write(barRows(0, 3)));
      const saved = writer.save(write([barRow(1, { volume: 99 }), barRow(2, { flags: 2 })]));
      expect(saved).toEqual({ inserted: 0, unchanged: 1, revised: 0, conflicting: 1 });
      const id = seriesIdOf(reader);
      expect(joined(reader.pages(id, -Infinity, Infinity))).toEqual(rowsOf(barRows(0, 3)));
      expect(reader.issues(id)).toEqual([
        expect.objectContaining({ openTime: START + HOUR_MS, quarantined: true }),
      ]);
      expect(reader.issues(id)[0]?.detail).toContain('99');
    });

    it.each([
      ['NaN', { close: NaN }],
      ['an infinite high', { high: Infinity }],
      ['an infinite volume', { volume: Infinity }],
      ['a negative volume', { volume: -1 }],
      ['a price of zero', { low: 0 }],
      ['low above open', { open: 1 }],
      ['close above high', { close: 1_000 }],
      ['a fraction of a millisecond', { openTime: START + 0.5 }],
      ['an unknown flag', { flags: 8 }],
    ])('saves nothing at all when one bar has %s', (_, change) => {
      const { writer, reader } = open();
      const bars = [barRow(0), barRow(1, change), barRow(2)];
      expect(() => writer.save(write(bars))).toThrow(DataError);
      expect(reader.series()).toEqual([]);
      expect(reader.instruments('test', 'BTC/USD')).toEqual([]);
    });

    it('saves nothing at all when the bars end in an error', () => {
      const { writer, reader } = open();
      function* broken() {
        yield barRow(0);
        throw new DataError('row 2 is no bar');
      }
      expect(() => writer.save(write(broken()))).toThrow('row 2 is no bar');
      expect(reader.series()).toEqual([]);
    });

    it.each([
      ['within the bars', 2, 5],
      ['past both ends', -100, 100],
      ['empty', 5, 5],
      ['turned round', 6, 2],
      ['after the last bar', 50, 60],
    ])('reads from the start, inclusive, to the end, exclusive: %s', (_, from, to) => {
      const { writer, reader } = open();
      writer.save(write(barRows(0, 10)));
      const pages = reader.pages(seriesIdOf(reader), START + from * HOUR_MS, START + to * HOUR_MS);
      expect(joined(pages)).toEqual(
        rowsOf(barRows(0, 10).slice(Math.max(from, 0), Math.max(to, 0))),
      );
    });

    it('hands out no empty page', () => {
      const { writer, reader } = open();
      writer.save(write(barRows(0, 10)));
      const id = seriesIdOf(reader);
      expect([...reader.pages(id, START + 10 * HOUR_MS, Infinity)]).toEqual([]);
      expect([...reader.pages(id + 1, -Infinity, Infinity)]).toEqual([]);
    });

    it.each([
      ['so many bars back', 8, 3, 5],
      ['over a gap, counting bars and not hours', 20, 2, 8],
      ['the first bar when there are fewer', 8, 500, 0],
      ['the first bar when none is earlier', -5, 1, 0],
      ['the time itself for no bars at all', 8, 0, 8],
    ])('finds the bar to begin with: %s', (_, time, count, expected) => {
      const { writer, reader } = open();
      writer.save(write(barRows(0, 10)));
      expect(reader.openTimeBefore(seriesIdOf(reader), START + time * HOUR_MS, count)).toBe(
        START + expected * HOUR_MS,
      );
    });

    it('finds no bar to begin with in an empty series', () => {
      const { writer, reader } = open();
      writer.save(write([]));
      expect(reader.openTimeBefore(seriesIdOf(reader), START, 1)).toBeNull();
    });

    it('refuses to take a coin for a stock', () => {
      const { writer, reader } = open();
      writer.save(write(barRows(0, 2)));
      expect(() => writer.save(write(barRows(2, 4), { assetClass: 'stock' }))).toThrow(
        /asset class "crypto" was expected, was "stock"/,
      );
      const key = { ...BTC_1H, timeframe: '4h' } as const;
      const instrument = instrumentOf('BTC/USD', { quoteCurrency: 'EUR' });
      expect(() => writer.save(write([], { key, instrument }))).toThrow(/crypto in USD/);
      expect(reader.series().map(({ bars }) => bars)).toEqual([2]);
    });

    it('never mixes prices as traded with adjusted ones', () => {
      const { writer, reader } = open();
      const adjusted: SeriesKey = { ...BTC_1H, adjustment: 'all' };
      writer.save(write(barRows(0, 20)));
      writer.save(write(barRows(0, 20).map(doubled), { key: adjusted }));
      expect(reader.series().map(({ adjustment, bars }) => [adjustment, bars])).toEqual([
        ['all', 20],
        ['raw', 20],
      ]);
      const pages = reader.pages(seriesIdOf(reader), -Infinity, Infinity);
      expect(joined(pages)).toEqual(rowsOf(barRows(0, 20)));
    });

    it('learns the calendar of a series once, and keeps it', () => {
      const { writer, reader } = open();
      const seen = (['unknown', 'us', 'always', 'unknown'] as const).map((calendar) => {
        writer.save(write([], { calendar }));
        return reader.findSeries(BTC_1H)?.calendar;
      });
      expect(seen).toEqual(['unknown', 'us', 'us', 'us']);
    });
  });
}

function doubled(bar: BarRow): BarRow {
  const { open, high, low, close } = bar;
  return { ...bar, open: 2 * open, high: 2 * high, low: 2 * low, close: 2 * close };
}
