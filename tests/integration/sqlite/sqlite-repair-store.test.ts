import { describe, expect, it } from 'vitest';
import { PAGE_BARS } from '../../../src/adapters/sqlite/bar-pages.ts';
import { SqliteBarStore } from '../../../src/adapters/sqlite/sqlite-bar-store.ts';
import { SqliteRepairStore } from '../../../src/adapters/sqlite/sqlite-repair-store.ts';
import { BAR_FLAGS } from '../../../src/core/bar.ts';
import type { Repair } from '../../../src/ports/repair-store.ts';
import { repairStoreContract } from '../contract/repair-store.contract.ts';
import { CAME_AT, barRow, barRows, write } from './bar-rows.ts';
import { connect, joined, rowsOf, seriesIdOf, temporaryPath } from './fixtures.ts';

repairStoreContract('one connection', () => {
  const database = connect();
  return { bars: new SqliteBarStore(database), repairs: new SqliteRepairStore(database) };
});

repairStoreContract('two connections', () => {
  const path = temporaryPath();
  return {
    bars: new SqliteBarStore(connect(path)),
    repairs: new SqliteRepairStore(connect(path)),
  };
});

describe('packed blocks', () => {
  it('give way to bars that a repair adds or changes, and to its undoing', () => {
    const database = connect();
    const bars = new SqliteBarStore(database);
    const repairs = new SqliteRepairStore(database);
    const stored = barRows(0, 2 * PAGE_BARS + 1).toSpliced(70, 1);
    bars.save(write(stored));
    const seriesId = seriesIdOf(bars);
    const everything = () => joined(bars.pages(seriesId, -Infinity, Infinity));
    expect(everything()).toEqual(rowsOf(stored));
    const added = barRow(70, { volume: 0 });
    const changed = barRow(PAGE_BARS + 9, { volume: 1 });
    const source = 'coinbase';
    const repair: Repair = {
      seriesId,
      method: 'revision',
      at: CAME_AT,
      source,
      bars: [added, changed],
    };
    repairs.apply(repair);
    const flags = BAR_FLAGS.repaired;
    const repaired = barRows(0, 2 * PAGE_BARS + 1)
      .with(70, { ...added, flags })
      .with(PAGE_BARS + 9, { ...changed, flags });
    expect(everything()).toEqual(rowsOf(repaired));
    repairs.undo(1, CAME_AT);
    expect(everything()).toEqual(rowsOf(stored));
  });

  it('raises the revision of the series each time', () => {
    const database = connect();
    const bars = new SqliteBarStore(database);
    const repairs = new SqliteRepairStore(database);
    bars.save(write(barRows(0, 3)));
    const revision = database.prepare<[], number>('SELECT revision FROM series').pluck();
    const seriesId = seriesIdOf(bars);
    const seen = [revision.get()];
    for (const bar of [barRow(5), barRow(1, { volume: 9 })]) {
      repairs.apply({ seriesId, method: 'revision', at: CAME_AT, source: 'x', bars: [bar] });
      seen.push(revision.get());
    }
    repairs.undo(1, CAME_AT);
    seen.push(revision.get());
    expect(seen).toEqual([1, 2, 3, 4]);
  });
});

describe('a bar changed by hand after a repair', () => {
  it('keeps the repair from being undone', () => {
    const database = connect();
    const bars = new SqliteBarStore(database);
    const repairs = new SqliteRepairStore(database);
    bars.save(write(barRows(0, 3)));
    const seriesId = seriesIdOf(bars);
    repairs.apply({ seriesId, method: 'flat', at: CAME_AT, source: 'x', bars: barRows(3, 6) });
    database
      .prepare('UPDATE market_data SET volume = 5 WHERE open_time = ?')
      .run(barRow(4).openTime);
    expect(() => repairs.undo(1, CAME_AT)).toThrow(
      /bars as it made them were expected, were others \(1, the first at 2024-01-01T04:00:00Z\)/,
    );
  });
});
