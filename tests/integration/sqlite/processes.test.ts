import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { damageOf } from '../../../src/adapters/sqlite/database.ts';
import { SqliteBarStore } from '../../../src/adapters/sqlite/sqlite-bar-store.ts';
import { SqliteRepairStore } from '../../../src/adapters/sqlite/sqlite-repair-store.ts';
import { HOUR_MS } from '../../../src/core/time.ts';
import { START, barRow, barRows, write } from './bar-rows.ts';
import { connect, joined, rowsOf, seriesIdOf, temporaryPath } from './fixtures.ts';

const STEPS = join(import.meta.dirname, 'process-steps.ts');

function start(...args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', STEPS, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

function outputOf({ stdout }: ChildProcess) {
  if (stdout === null) throw new Error('no stdout');
  return stdout;
}

describe('several processes on one database', () => {
  it('create it together and each save their own series', async () => {
    const path = temporaryPath();
    const symbols = ['AAA/USD', 'BBB/USD', 'CCC/USD'];
    const children = symbols.map((symbol) => start('save', path, symbol));
    const exits = await Promise.all(children.map((child) => once(child, 'exit')));
    expect(exits.map(([code]) => Number(code))).toEqual([0, 0, 0]);
    const series = new SqliteBarStore(connect(path)).series();
    expect(series.map(({ symbol, bars }) => `${symbol} ${bars}`)).toEqual(
      symbols.map((symbol) => `${symbol} 2000`),
    );
  });

  it('save overlapping ranges page by page and end with every bar once', async () => {
    const path = temporaryPath();
    const database = connect(path);
    const store = new SqliteBarStore(database);
    // Nobody writes before both are there.
    database.exec('BEGIN IMMEDIATE');
    const children = [start('collect', path, '0', '1500'), start('collect', path, '1000', '2500')];
    const exits = children.map((child) => once(child, 'exit'));
    await Promise.all(children.map((child) => once(outputOf(child), 'data')));
    database.exec('COMMIT');
    expect((await Promise.all(exits)).map(([code]) => Number(code))).toEqual([0, 0]);
    const id = seriesIdOf(store);
    expect(joined(store.pages(id, -Infinity, Infinity))).toEqual(rowsOf(barRows(0, 2_500)));
    expect(store.series().map(({ bars }) => bars)).toEqual([2_500]);
    expect(store.covered(id)).toEqual([{ from: START, to: START + 2_500 * HOUR_MS }]);
    expect(store.revisions(id)).toEqual([]);
    expect(damageOf(database)).toEqual([]);
  });

  it('leave the old state behind when one is killed in the middle of a save', async () => {
    const path = temporaryPath();
    const old = [barRow(0), barRow(1, { volume: 5 })];
    connect(path).close();
    const child = start('hang', path);
    const store = new SqliteBarStore(connect(path));
    store.save(write(old));
    await once(outputOf(child), 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const reader = new SqliteBarStore(connect(path));
    expect(joined(reader.pages(seriesIdOf(reader), -Infinity, Infinity))).toEqual(rowsOf(old));
    expect(reader.issues(seriesIdOf(reader))).toEqual([]);
    expect(reader.save(write(barRows(0, 2_000)))).toMatchObject({ inserted: 1_998 });
  });
});

describe('a write lock held by somebody else', () => {
  it('ends the save with one sentence once five seconds are over', () => {
    const path = temporaryPath();
    const store = new SqliteBarStore(connect(path));
    const other = connect(path);
    other.exec('BEGIN IMMEDIATE');
    expect(() => store.save(write(barRows(0, 5)))).toThrow(
      `database ${path}: the write lock was expected for saving BTC/USD 1h, was held by another ` +
        `process for 5 seconds; end that process or wait for it, then try again`,
    );
    other.exec('ROLLBACK');
    expect(store.save(write(barRows(0, 5))).inserted).toBe(5);
  });

  it('ends a repair with the same sentence', () => {
    const path = temporaryPath();
    const database = connect(path);
    const bars = new SqliteBarStore(database);
    const repairs = new SqliteRepairStore(database);
    bars.save(write(barRows(0, 5)));
    const seriesId = seriesIdOf(bars);
    const other = connect(path);
    other.exec('BEGIN IMMEDIATE');
    const repair = () =>
      repairs.apply({ seriesId, method: 'flat', at: START, source: 'x', bars: [barRow(5)] });
    expect(repair).toThrow(/the write lock was expected for repairing bars, was held by another/);
    other.exec('ROLLBACK');
    expect(repair()?.bars).toBe(1);
  });
});
