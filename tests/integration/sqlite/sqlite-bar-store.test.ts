import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PAGE_BARS } from '../../../src/adapters/sqlite/bar-pages.ts';
import { SqliteBarStore } from '../../../src/adapters/sqlite/sqlite-bar-store.ts';
import { HOUR_MS } from '../../../src/core/time.ts';
import { BAR_STRIDE } from '../../../src/ports/bar-store.ts';
import { barStoreContract } from '../contract/bar-store.contract.ts';
import { instrumentContract } from '../contract/instruments.contract.ts';
import { coverageContract, revisionContract } from '../contract/sources.contract.ts';
import { BTC_1H, START, barRow, barRows, write } from './bar-rows.ts';
import { connect, joined, rowsOf, seriesIdOf, temporaryPath } from './fixtures.ts';
import type { Database } from '../../../src/adapters/sqlite/database.ts';

function oneConnection() {
  const store = new SqliteBarStore(connect());
  return { writer: store, reader: store };
}

function readerBeside() {
  const path = temporaryPath();
  const writer = new SqliteBarStore(connect(path));
  return { writer, reader: new SqliteBarStore(connect(path, true)) };
}

barStoreContract('one connection', oneConnection);
barStoreContract('a read-only connection beside the writing one', readerBeside);
coverageContract('one connection', oneConnection);
revisionContract('a read-only connection beside the writing one', readerBeside);
instrumentContract('one connection', () => new SqliteBarStore(connect()));

const TWO_AND_A_HALF = Math.floor(PAGE_BARS * 2.5);

function openBoth() {
  const path = temporaryPath();
  const database = connect(path);
  const packing = new SqliteBarStore(database);
  const rowsOnly = new SqliteBarStore(connect(path, true));
  return { path, database, packing, rowsOnly };
}

function blocksIn(database: Database): number {
  const count = database.prepare<[], number>('SELECT count(*) FROM bar_blocks').pluck().get();
  return count ?? 0;
}

function everything(store: SqliteBarStore): Float64Array {
  return joined(store.pages(seriesIdOf(store), -Infinity, Infinity));
}

describe('packed blocks', () => {
  it('are made of full pages while a writable store reads, and never by a read-only one', () => {
    const { database, packing, rowsOnly } = openBoth();
    packing.save(write(barRows(0, TWO_AND_A_HALF)));
    everything(rowsOnly);
    expect(blocksIn(database)).toBe(0);
    everything(packing);
    expect(blocksIn(database)).toBe(2);
  });

  it('deliver the same bytes as the rows they were made of', () => {
    const { packing, rowsOnly } = openBoth();
    const bars = barRows(0, TWO_AND_A_HALF);
    packing.save(write(bars));
    const fromRows = everything(rowsOnly);
    const whilePacking = everything(packing);
    const fromBlocks = everything(rowsOnly);
    expect(fromRows).toEqual(rowsOf(bars));
    expect(whilePacking).toEqual(fromRows);
    expect(fromBlocks).toEqual(fromRows);
  });

  it.each([
    ['on a border', PAGE_BARS, 2 * PAGE_BARS],
    ['one bar before a border', PAGE_BARS - 1, PAGE_BARS],
    ['one bar after a border', PAGE_BARS, PAGE_BARS + 1],
    ['across a border', PAGE_BARS - 3, PAGE_BARS + 3],
    ['inside one block', 100, 200],
    ['from a block into the rows behind the last one', 2 * PAGE_BARS - 2, 2 * PAGE_BARS + 2],
    ['between two bars', 10.5, 20.5],
  ])('are cut to the range asked for: %s', (_, from, to) => {
    const { packing } = openBoth();
    const bars = barRows(0, TWO_AND_A_HALF);
    packing.save(write(bars));
    everything(packing);
    const pages = packing.pages(seriesIdOf(packing), START + from * HOUR_MS, START + to * HOUR_MS);
    expect(joined(pages)).toEqual(rowsOf(bars.slice(Math.ceil(from), Math.ceil(to))));
  });

  it('give way to bars that are saved into their midst', () => {
    const { database, packing } = openBoth();
    const late = PAGE_BARS + 77;
    const bars = barRows(0, TWO_AND_A_HALF);
    packing.save(write(bars.toSpliced(late, 1)));
    everything(packing);
    packing.save(write([barRow(late)]));
    expect(blocksIn(database)).toBe(1);
    expect(everything(packing)).toEqual(rowsOf(bars));
    // Once more: the first reading packed the rows again.
    expect(everything(packing)).toEqual(rowsOf(bars));
  });

  it('stay when bars are appended, and the new ones follow them', () => {
    const { database, packing } = openBoth();
    packing.save(write(barRows(0, TWO_AND_A_HALF)));
    everything(packing);
    packing.save(write(barRows(TWO_AND_A_HALF, 3 * PAGE_BARS + 1)));
    expect(blocksIn(database)).toBe(2);
    expect(everything(packing)).toEqual(rowsOf(barRows(0, 3 * PAGE_BARS + 1)));
    expect(blocksIn(database)).toBe(3);
  });

  it.each([
    ['changed', 'UPDATE market_data SET volume = 7 WHERE open_time = ?', { volume: 7 }],
    ['deleted', 'DELETE FROM market_data WHERE open_time = ?', null],
  ])('give way to a row %s by hand', (_, sql, change) => {
    const { database, packing } = openBoth();
    const bars = barRows(0, PAGE_BARS);
    packing.save(write(bars));
    everything(packing);
    expect(blocksIn(database)).toBe(1);
    database.prepare(sql).run(START + 5 * HOUR_MS);
    expect(blocksIn(database)).toBe(0);
    const replaced = change === null ? [] : [barRow(5, change)];
    expect(everything(packing)).toEqual(rowsOf(bars.toSpliced(5, 1, ...replaced)));
    expect(packing.findSeries(BTC_1H)?.bars).toBe(bars.length - 1 + replaced.length);
  });

  it('are not made while another process holds the write lock; the rows serve at once', () => {
    const { path, database, packing } = openBoth();
    packing.save(write(barRows(0, PAGE_BARS)));
    const other = connect(path);
    other.exec('BEGIN IMMEDIATE');
    const before = performance.now();
    expect(everything(packing)).toEqual(rowsOf(barRows(0, PAGE_BARS)));
    expect(performance.now() - before).toBeLessThan(2_000);
    other.exec('ROLLBACK');
    expect(blocksIn(database)).toBe(0);
  });

  it('miss no bar that another connection saves ahead of the reader', () => {
    const { path, packing } = openBoth();
    const other = new SqliteBarStore(connect(path));
    const bars = barRows(0, TWO_AND_A_HALF);
    packing.save(write(bars.toSpliced(2 * PAGE_BARS, 1)));
    everything(packing);
    const pages = [];
    for (const page of packing.pages(seriesIdOf(packing), -Infinity, Infinity)) {
      if (pages.length === 0) other.save(write([barRow(2 * PAGE_BARS)]));
      pages.push(page);
    }
    expect(joined(pages)).toEqual(rowsOf(bars));
  });

  it('read the same as rows after any order of saving and reading', () => {
    const step = fc.record({
      from: fc.integer({ min: 0, max: 3 * PAGE_BARS }),
      bars: fc.integer({ min: 1, max: 2 * PAGE_BARS }),
      reads: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), (steps) => {
        const { packing } = openBoth();
        const saved = new Set<number>();
        for (const { from, bars, reads } of steps) {
          packing.save(write(barRows(from, from + bars)));
          for (let index = from; index < from + bars; index++) saved.add(index);
          const start = START + (from + 1) * HOUR_MS;
          if (reads) joined(packing.pages(seriesIdOf(packing), start, Infinity));
        }
        const indices = [...saved].sort((one, other) => one - other);
        const expected = rowsOf(indices.map((index) => barRow(index)));
        const actual = everything(packing);
        expect(Buffer.from(actual.buffer).equals(Buffer.from(expected.buffer))).toBe(true);
      }),
      { seed: 42, numRuns: 15 },
    );
  });
});

describe('pages', () => {
  it('hold at most so many bars that reading needs little memory', () => {
    const { packing, rowsOnly } = openBoth();
    packing.save(write(barRows(0, TWO_AND_A_HALF)));
    for (const store of [rowsOnly, packing, packing]) {
      for (const page of store.pages(seriesIdOf(store), -Infinity, Infinity)) {
        expect(page.length).toBeLessThanOrEqual(PAGE_BARS * BAR_STRIDE);
      }
    }
  });
});
