import { describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../../src/adapters/sqlite/database.ts';
import { SqliteRunStore } from '../../../src/adapters/sqlite/sqlite-run-store.ts';
import { runId } from '../../../src/core/ids.ts';
import {
  begunRun,
  inputOf,
  lastingRuns,
  paperStart,
  tradedSlices,
} from '../sqlite/lasting-inputs.ts';
import { runEnd, runStart } from '../sqlite/run-events.ts';
import { DATABASE, userDirectories, type UserDirectory } from './command-line.ts';

const makeDirectory = userDirectories();
const EVENTS = tradedSlices(2);

function write(directory: UserDirectory, work: (database: Database) => void): void {
  const database = openDatabase(directory.at(DATABASE));
  work(database);
  database.close();
}

/** A directory with a paper run of two sessions, 29 events each, the second of which is open. */
function twoSessions(): UserDirectory {
  const directory = makeDirectory();
  write(directory, (database) => {
    const first = begunRun(database);
    first.commit(inputOf(EVENTS.slice(0, 29)));
    first.endSession(1_750_000_060_000, 'shutdown');
    const start = paperStart({ startedAt: 1_750_000_120_000, configHash: 'beef' });
    lastingRuns(database)
      .resume(first.runId, start)
      .commit(inputOf(EVENTS.slice(29)));
  });
  return directory;
}

function change(directory: UserDirectory, sql: string): void {
  write(directory, (database) => database.exec(sql));
}

describe('verify', () => {
  it('says that all is as it was written', async () => {
    const { code, stdout, stderr } = await twoSessions().run('verify', 'last');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      [
        'paper-1: 58 events in 2 sessions',
        '  journal   every link holds',
        '  rows      as the journal says',
        '  database  sound',
        '',
      ].join('\n'),
    );
  });

  it('names the first broken link, and exits 5', async () => {
    const directory = twoSessions();
    change(directory, 'UPDATE events SET ts = ts + 1 WHERE seq IN (17, 40)');
    const { code, stdout } = await directory.run('verify', 'paper-1');
    expect(code).toBe(5);
    expect(stdout).toMatch(
      /journal {3}BROKEN at event 17: hash [0-9a-f]{12}… was expected by what it/,
    );
    expect(stdout).toContain('rows      not compared: the journal is broken');
  });

  it('names rows that are not what the journal says, and exits 5', async () => {
    const directory = twoSessions();
    change(directory, `UPDATE trades SET price = '1' WHERE trade_id = 't2'`);
    change(directory, `DELETE FROM positions WHERE position_id = 'p3'`);
    change(directory, `UPDATE risk_events SET seq = 99 WHERE seq = 27`);
    const { code, stdout } = await directory.run('verify', 'paper-1');
    expect(code).toBe(5);
    expect(stdout).toContain('DIFFERENT in trades t2, price: 103 was expected, was 1\n');
    expect(stdout).toContain('rows      MISSING from risk_events: 27\n');
    change(directory, `UPDATE trades SET price = '103' WHERE trade_id = 't2'`);
    change(directory, `UPDATE risk_events SET seq = 27 WHERE seq = 99`);
    expect((await directory.run('verify', 'paper-1')).code).toBe(0);
  });

  it('prints the same as JSON', async () => {
    const directory = twoSessions();
    expect(JSON.parse((await directory.run('verify', 'last', '--json')).stdout)).toEqual({
      run_id: 'paper-1',
      intact: true,
      sessions: 2,
      events: 58,
      broken_link: null,
      row_differences: [],
      database_damage: [],
    });
    change(directory, 'DELETE FROM events WHERE seq = 58');
    const { code, stdout } = await directory.run('verify', 'last', '--json');
    expect(code).toBe(5);
    expect(JSON.parse(stdout)).toMatchObject({
      intact: false,
      broken_link: { seq: 58, problem: 'events up to 58 were expected, was no more' },
      row_differences: null,
    });
  });

  it('refuses a run that keeps no journal, or that is not there, with exit 2', async () => {
    const directory = makeDirectory();
    const none = await directory.run('verify', 'last');
    expect([none.code, none.stdout]).toEqual([2, '']);
    write(directory, (database) => new SqliteRunStore(database).begin(runStart()).finish(runEnd()));
    const backtest = await directory.run('verify', 'bt-1');
    expect(backtest.code).toBe(2);
    expect(backtest.stderr).toMatch(
      /a paper or live run was expected, was bt-1, which keeps no jour/,
    );
  });
});

describe('runs list', () => {
  const statusOf = async (directory: UserDirectory): Promise<string> => {
    const { stdout } = await directory.run('runs', 'list');
    const line = stdout.split('\n').find((each) => each.startsWith('paper-1')) ?? '';
    return line.split(/ {2,}/)[2] ?? '';
  };

  it('tells a run that stopped from one that runs, and its sessions', async () => {
    const directory = makeDirectory();
    write(directory, (database) => void begunRun(database));
    expect(await statusOf(directory)).toBe('running');
    const resume = (database: Database) =>
      lastingRuns(database).resume(runId('paper', 1), paperStart());
    write(directory, (database) => resume(database).endSession(5, 'shutdown'));
    expect(await statusOf(directory)).toBe('stopped (shutdown), session 2');
    write(directory, (database) => void resume(database));
    expect(await statusOf(directory)).toBe('running, session 3');
    write(directory, (database) => resume(database).finish(runEnd({ report: null })));
    expect(await statusOf(directory)).toBe('completed, session 4');
  });

  it('gives mode and last session as JSON', async () => {
    const { stdout } = await twoSessions().run('runs', 'list', '--json');
    expect(JSON.parse(stdout)).toMatchObject([
      {
        run_id: 'paper-1',
        mode: 'paper',
        status: 'running',
        last_session: { number: 2, ended_at: null },
      },
    ]);
  });
});

describe('runs show', () => {
  it('has the sessions of a run that outlives its processes', async () => {
    const { code, stdout } = await twoSessions().run('runs', 'show', 'last');
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        'paper-1: running, session 2',
        'mean_reversion on BTC/USD, ETH/USD 1h, test, begun with 10000 USD',
        '',
        'Session  Started (UTC)     Ended (UTC)       Outcome    Events  Config hash  Version',
        '      1  2025-06-15 15:06  2025-06-15 15:07  shutdown       29  c0ffee       0.1.0',
        '      2  2025-06-15 15:08                    not ended      29  beef         0.1.0',
        '',
      ].join('\n'),
    );
  });

  it('prints the same as JSON', async () => {
    const { stdout } = await twoSessions().run('runs', 'show', 'paper-1', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      run_id: 'paper-1',
      mode: 'paper',
      status: 'running',
      sessions: [
        { number: 1, ended_at: 1_750_000_060_000, outcome: 'shutdown', events: 29 },
        { number: 2, ended_at: null, outcome: null, events: 29, config_hash: 'beef' },
      ],
    });
  });
});
