import { describe, expect, it } from 'vitest';
import { SqliteJournalArchive } from '../../../src/adapters/sqlite/sqlite-journal-archive.ts';
import { SqliteRunStore } from '../../../src/adapters/sqlite/sqlite-run-store.ts';
import type { Database } from '../../../src/adapters/sqlite/database.ts';
import { ConfigError, DataError, InvariantError } from '../../../src/core/errors.ts';
import { runId } from '../../../src/core/ids.ts';
import { connect, temporaryPath } from './fixtures.ts';
import {
  begunRun,
  inputOf,
  inputsOf,
  lastingRuns,
  LIVE,
  PAPER,
  paperStart,
  tradedSlices,
} from './lasting-inputs.ts';
import { runEnd, runStart } from './run-events.ts';

const TABLES = ['signals', 'orders', 'trades', 'positions', 'risk_events', 'risk_checks'];

/** All rows a run's events made. */
function rowsOf(database: Database): unknown {
  return TABLES.map((table) => database.prepare(`SELECT * FROM ${table} ORDER BY 1, 2, 3`).all());
}

describe('a database', () => {
  it('belongs to nobody until it is claimed, then for ever to whom claimed it', () => {
    const path = temporaryPath();
    const runs = lastingRuns(connect(path));
    expect(runs.owner()).toBeNull();
    runs.claim(LIVE);
    runs.claim(LIVE);
    expect(lastingRuns(connect(path)).owner()).toEqual(LIVE);
  });

  it.each([
    ['paper', PAPER, LIVE, /live on test account acc-1 was expected, was one for paper on test,/],
    [
      'live',
      LIVE,
      PAPER,
      /one for paper on test was expected, was one for live on test account acc/,
    ],
    ['of one account', LIVE, { ...LIVE, account: 'acc-2' }, /account acc-2 was .* account acc-1,/],
    ['of one exchange', PAPER, { ...PAPER, exchange: 'kraken' }, /paper on kraken .* on test,/],
  ])('%s is refused by any other', (_, first, second, message) => {
    const runs = lastingRuns(connect());
    runs.claim(first);
    expect(() => runs.claim(second)).toThrow(ConfigError);
    expect(() => runs.claim(second)).toThrow(message);
    expect(runs.owner()).toEqual(first);
  });

  it('takes no run of a mode that is not its own', () => {
    const runs = lastingRuns(connect());
    expect(() => runs.begin(paperStart())).toThrow(InvariantError);
    runs.claim(LIVE);
    expect(() => runs.begin(paperStart())).toThrow(/the claim of paper on .* must be present/);
  });

  it('holds backtests beside either', () => {
    const database = connect();
    begunRun(database);
    const backtests = new SqliteRunStore(database);
    backtests.begin(runStart()).finish(runEnd());
    expect(backtests.list().map((run) => run.runId)).toEqual(['paper-1', 'bt-2']);
  });
});

describe('a run that begins', () => {
  it('has a nonce of its own, no state and a first session', () => {
    const database = connect();
    const runs = lastingRuns(database);
    runs.claim(PAPER);
    const [one, two] = [runs.begin(paperStart()), runs.begin(paperStart())];
    expect([one.nonce, two.nonce]).toEqual(['nonce-1', 'nonce-2']);
    expect(one.restored).toBeNull();
    expect(one.session).toEqual({
      number: 1,
      startedAt: 1_750_000_000_000,
      config: '{}',
      configHash: 'c0ffee',
      version: '0.1.0',
      firstSeq: 1,
      startState: null,
      warmUp: null,
      endedAt: null,
      outcome: null,
    });
  });

  it('is the one to go on with until it is finished', () => {
    const runs = lastingRuns(connect());
    runs.claim(PAPER);
    expect(runs.unfinished('paper')).toBeNull();
    const run = runs.begin(paperStart());
    expect(runs.unfinished('paper')).toBe(run.runId);
    expect(runs.unfinished('live')).toBeNull();
    run.endSession(5, 'shutdown');
    expect(runs.unfinished('paper')).toBe(run.runId);
    runs.resume(run.runId, paperStart()).finish(runEnd());
    expect(runs.unfinished('paper')).toBeNull();
  });

  it('is not taken for one to go on with where a backtest has died', () => {
    const database = connect();
    new SqliteRunStore(database).begin(runStart({ mode: 'paper' }));
    expect(lastingRuns(database).unfinished('paper')).toBeNull();
  });
});

describe('a commit', () => {
  it('puts events, rows, equity and state on record at once', () => {
    const database = connect();
    const run = begunRun(database);
    const events = tradedSlices(2);
    const point = { time: 5, equity: 1.5, cash: 1, exposure: 0.5, drawdown: 0 };
    run.commit({ events, equity: [point], state: '{"a":1}', at: 99 });
    expect([...new SqliteJournalArchive(database).events(run.runId, 1)]).toEqual(events);
    expect(database.prepare('SELECT count(*) FROM trades').pluck().get()).toBe(4);
    expect(database.prepare('SELECT time, equity FROM equity').all()).toEqual([
      { time: 5, equity: 1.5 },
    ]);
    expect(database.prepare('SELECT seq, saved_at, state FROM engine_state').all()).toEqual([
      { seq: 58, saved_at: 99, state: '{"a":1}' },
    ]);
  });

  it('refuses events whose numbers do not go on where they stopped', () => {
    const run = begunRun(connect());
    expect(() => run.commit(inputOf(tradedSlices(1).slice(1)))).toThrow(
      /event 1 of run paper-1 was due, was 2/,
    );
  });

  it('is refused once the session or the run is over', () => {
    const ended = begunRun(connect());
    ended.endSession(1, 'shutdown');
    expect(() => ended.commit(inputOf(tradedSlices(1)))).toThrow(InvariantError);
    const finished = begunRun(connect());
    finished.finish(runEnd());
    expect(() => finished.commit(inputOf(tradedSlices(1)))).toThrow(InvariantError);
  });

  it.each([1, 3, 1000])('leaves the same rows in inputs of at most %i events', (most) => {
    const events = tradedSlices(3);
    const [whole, cut] = [connect(), connect()];
    begunRun(whole).commit(inputOf(events));
    const run = begunRun(cut);
    for (const input of inputsOf(events, most)) run.commit(input);
    expect(rowsOf(cut)).toEqual(rowsOf(whole));
  });
});

describe('a run that is resumed', () => {
  it.each([1, 4, 7])('leaves the rows of one that never stopped, after each input: %i', (most) => {
    const events = tradedSlices(3);
    const [whole, path] = [connect(), temporaryPath()];
    const calm = begunRun(whole);
    for (const input of inputsOf(events, most)) calm.commit(input);
    begunRun(connect(path));
    for (const input of inputsOf(events, most)) {
      lastingRuns(connect(path)).resume(runId('paper', 1), paperStart()).commit(input);
    }
    expect(rowsOf(connect(path))).toEqual(rowsOf(whole));
    const archive = new SqliteJournalArchive(connect(path));
    expect([...archive.events('paper-1', 1)]).toEqual(events);
    expect(archive.verify('paper-1')).toBeNull();
  });

  it('goes on with nonce, state and number, in a session under its own configuration', () => {
    const path = temporaryPath();
    const [first, second] = [tradedSlices(2).slice(0, 40), tradedSlices(2).slice(40)];
    const begun = begunRun(connect(path));
    begun.warmedUp('[1]');
    begun.commit({ ...inputOf(first), state: '{"cash":{"$decimal":"1.5"}}' });
    begun.endSession(77, 'shutdown');
    const database = connect(path);
    const start = paperStart({ config: '{"b":2}', configHash: 'beef', startedAt: 88 });
    const run = lastingRuns(database).resume(begun.runId, start);
    expect(run.nonce).toBe(begun.nonce);
    expect(run.restored).toEqual({
      seq: 40,
      savedAt: first.at(-1)?.ts,
      state: '{"cash":{"$decimal":"1.5"}}',
    });
    run.commit(inputOf(second));
    expect(new SqliteJournalArchive(database).sessions(run.runId)).toMatchObject([
      { number: 1, firstSeq: 1, startState: null, warmUp: '[1]', endedAt: 77, outcome: 'shutdown' },
      { number: 2, firstSeq: 41, configHash: 'beef', startedAt: 88, warmUp: null, endedAt: null },
    ]);
    expect(run.session.startState).toBe('{"cash":{"$decimal":"1.5"}}');
  });

  it('goes on from nothing where its process died before the first input', () => {
    const path = temporaryPath();
    begunRun(connect(path));
    const run = lastingRuns(connect(path)).resume(runId('paper', 1), paperStart());
    expect(run.restored).toBeNull();
    run.commit(inputOf(tradedSlices(1)));
    expect(new SqliteJournalArchive(connect(path)).verify('paper-1')).toBeNull();
  });

  it.each([
    ['never was', 'paper-9', /a recorded run was expected, was none/],
    ['has ended', 'paper-1', /has not ended was expected, was a paper run that is completed/],
  ])('is refused where it %s', (_, id, message) => {
    const database = connect();
    begunRun(database).finish(runEnd());
    const resume = () => lastingRuns(database).resume(id as ReturnType<typeof runId>, paperStart());
    expect(resume).toThrow(DataError);
    expect(resume).toThrow(message);
  });

  it.each([
    ['a state that was changed', `UPDATE engine_state SET state = '{"seq":9}'`],
    ['a state of another time', `UPDATE engine_state SET saved_at = saved_at + 1`],
    ['no state', 'DELETE FROM engine_state'],
    ['a journal cut short', 'DELETE FROM events WHERE seq = 29'],
  ])('is refused with %s', (_, sql) => {
    const database = connect();
    begunRun(database).commit(inputOf(tradedSlices(1)));
    database.exec(sql);
    const resume = () => lastingRuns(database).resume(runId('paper', 1), paperStart());
    expect(resume).toThrow(DataError);
    expect(resume).toThrow(/run "quantsage verify paper-1"/);
  });

  it('stops a process that believes it still runs it', () => {
    const path = temporaryPath();
    const events = tradedSlices(1);
    const left = begunRun(connect(path));
    left.commit(inputOf(events.slice(0, 5)));
    const taken = lastingRuns(connect(path)).resume(left.runId, paperStart());
    taken.commit(inputOf(events.slice(5)));
    expect(() => left.commit(inputOf(events.slice(5)))).toThrow(DataError);
  });
});
