import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SqliteBarStore } from '../../../src/adapters/sqlite/sqlite-bar-store.ts';
import { barRow, barRows, write } from './bar-rows.ts';
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

  it('leave the old state behind when one is killed in the middle of a save', async () => {
    const path = temporaryPath();
    const old = [barRow(0), barRow(1, { volume: 5 })];
    connect(path).close();
    const child = start('hang', path);
    if (child.stdout === null) throw new Error('no stdout');
    const store = new SqliteBarStore(connect(path));
    store.save(write(old));
    await once(child.stdout, 'data');
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
});
