import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/adapters/sqlite/database.ts';
import { SqliteRunStore } from '../../../src/adapters/sqlite/sqlite-run-store.ts';
import { present } from '../../../src/core/assert.ts';
import { cycleBars, lived, WARM_UP } from '../../support/trading/cycles.ts';
import { JUMPER } from '../../support/trading/jumper.ts';
import { PerfectVenue } from '../../support/trading/perfect-venue.ts';
import { TradingStage } from '../../support/trading/trading-stage.ts';
import { runEnd, runStart } from '../sqlite/run-events.ts';
import { DATABASE, userDirectories, type UserDirectory } from './command-line.ts';

const makeDirectory = userDirectories();
const BARS = cycleBars(2);

/** A directory with the record of a live run, whose first order was filled half a dollar worse. */
async function livedRun(
  worse: boolean,
): Promise<{ directory: UserDirectory; stage: TradingStage }> {
  const directory = makeDirectory();
  const stage = new TradingStage({
    folder: directory.path,
    mode: 'live',
    settings: ['risk_limits.position.stop_loss.crypto=null'],
  });
  stage.store(BARS);
  const plan = await stage.plan();
  let venue: PerfectVenue | null = null;
  await stage.session(
    lived(BARS, () => present(venue, 'a venue')),
    {
      venue: (links, engine) => {
        venue = new PerfectVenue({
          plan,
          links,
          engine,
          spoiler: (nth) => (worse && nth === 1 ? { kind: 'worse', by: '0.5' } : null),
        });
        return venue;
      },
    },
  );
  return { directory, stage };
}

describe('parity', () => {
  it('says in one line that there is nothing to tell, and how the account fared', async () => {
    const { directory } = await livedRun(false);
    const { code, stdout, stderr } = await directory.run('parity', 'last', '--db', 'run.db');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      [
        'live-1: 0 differences in 8 decisions, 4 orders, 4 fills',
        'live run against its backtest, 2024-01-01 04:00 to 2024-01-01 11:00 UTC, 1 session',
        '',
        'Change of equity (USD)',
        'run                                         -39.74',
        'backtest, from the same start               -39.74',
        'difference                                    0.00',
        '  the costs above                             0.00',
        '  what followed: other sizes, later trades    0.00',
        '',
        "Fills in the bar of the backtest's came 6 s after its open (median), 6 s at most.",
        '',
      ].join('\n'),
    );
  });

  it('tells each difference in a line, and how the costs add up', async () => {
    const { directory } = await livedRun(true);
    const { code, stdout } = await directory.run('parity', 'live-1', '--db', 'run.db');
    expect(code).toBe(0);
    expect(stdout.split('\n').slice(0, -3)).toMatchInlineSnapshot(`
      [
        "live-1: 1 difference in 8 decisions, 4 orders, 4 fills",
        "live run against its backtest, 2024-01-01 04:00 to 2024-01-01 11:00 UTC, 1 session",
        "",
        "Cause  Differences  Cost (USD)",
        "price            1        4.98",
        "",
        "Time (UTC)           Symbol   Strategy  Order  Cause  Cost (USD)  Backtest                                  Run",
        "2024-01-01 04:00:06  BTC/USD  jumper    o1     price        4.98  buy 9.9009 at 101 (2024-01-01T04:00:00Z)  buy 9.9009 at 101.5 (2024-01-01T04:00:06Z)",
        "",
        "Change of equity (USD)",
        "run                                            -44.72",
        "backtest, from the same start                  -39.74",
        "difference                                      -4.98",
        "  the costs above                               -4.98",
        "  what followed: other sizes, later trades  0.0010036",
      ]
    `);
  });

  it('prints the same as JSON, amounts exact', async () => {
    const { directory } = await livedRun(true);
    const { stdout } = await directory.run('parity', 'last', '--db', 'run.db', '--json');
    const report: unknown = JSON.parse(stdout);
    expect(report).toMatchObject({
      run_id: 'live-1',
      mode: 'live',
      currency: 'USD',
      decisions: 8,
      orders: 4,
      fills: 4,
      unjudged_fills: 0,
      differences: [
        {
          time: Date.UTC(2024, 0, 1, 4, 0, 6),
          symbol: 'BTC/USD',
          strategy: 'jumper',
          cause: 'price',
          order: 'o1',
          entry_bar: BARS[WARM_UP]?.openTime,
          cost: '4.9801527',
        },
      ],
      causes: [{ cause: 'price', count: 1, cost: '4.9801527' }],
      bars: [],
      delay_ms: { median: 6_000, most: 6_000 },
      sum: { start: '100000', costs: '4.9801527' },
      notes: [],
    });
  });
});

describe('replay', () => {
  it('says that all came out as recorded', async () => {
    const { directory, stage } = await livedRun(true);
    const { code, stdout, stderr } = await directory.run('replay', 'last', '--db', 'run.db');
    expect([code, stderr]).toEqual([0, '']);
    const events = stage.read('SELECT max(seq) FROM events');
    expect(stdout).toBe(
      `live-1: IDENTICAL, ${events} events and 4 orders came out as recorded in 1 session\n` +
        `  session 1  ${events} events, the state after them is the one stored\n`,
    );
  });

  it('names the first event that differs, and exits 5', async () => {
    const { directory, stage } = await livedRun(true);
    const seq = stage.read("SELECT min(seq) FROM events WHERE type = 'order.requested'");
    stage.tamper(
      `UPDATE events SET payload = json_set(payload, '$.quantity."$decimal"', '1') WHERE seq = ${seq}`,
    );
    const { code, stdout } = await directory.run('replay', 'last', '--db', 'run.db');
    expect(code).toBe(5);
    expect(stdout).toContain(
      `session 1  DIFFERENT from event ${seq} on (2024-01-01T04:00:05Z): order.requested: ` +
        'quantity is 1 on record, came out as 9.9009\n',
    );
    const json = await directory.run('replay', 'last', '--db', 'run.db', '--json');
    expect(json.code).toBe(5);
    expect(JSON.parse(json.stdout)).toMatchObject({
      run_id: 'live-1',
      is_identical: false,
      sessions: [{ session: 1, difference: { seq, type: 'order.requested' }, problem: null }],
    });
  });
});

describe('a run that saw no bar', () => {
  it('differs in nothing, and has nothing to replay', async () => {
    const directory = makeDirectory();
    const stage = new TradingStage({ folder: directory.path });
    stage.store(BARS);
    await stage.session([]);
    const { code, stdout } = await directory.run('parity', 'last', '--db', 'run.db');
    expect(code).toBe(0);
    expect(stdout).toBe(
      'paper-1: 0 differences in 0 decisions, 0 orders, 0 fills\npaper, no bar was traded\n',
    );
    const replayed = await directory.run('replay', 'last', '--db', 'run.db');
    expect([replayed.code, replayed.stdout]).toEqual([
      0,
      'paper-1: IDENTICAL, 0 events and 0 orders came out as recorded in 1 session\n' +
        '  session 1  0 events, no state on record\n',
    ]);
  });
});

describe('a strategy that was changed', () => {
  it('is refused by parity, with exit 5', async () => {
    const { directory, stage } = await livedRun(false);
    writeFileSync(stage.strategy, JUMPER.replace("'it rose'", "'it jumped'"));
    const { code, stdout, stderr } = await directory.run('parity', 'last', '--db', 'run.db');
    expect([code, stdout]).toEqual([5, '']);
    expect(stderr).toMatch(/strategy jumper: .* but its file .*jumper\.ts was changed since/);
  });
});

describe('a record that contradicts itself', () => {
  it('is refused by parity, with where to look, and exit 5', async () => {
    const { directory, stage } = await livedRun(false);
    const seq = stage.read("SELECT min(seq) FROM events WHERE type = 'equity.marked'");
    stage.tamper(`UPDATE events SET payload = json_set(payload, '$.equity', 1) WHERE seq = ${seq}`);
    const { code, stdout, stderr } = await directory.run('parity', 'last', '--db', 'run.db');
    expect([code, stdout]).toEqual([5, '']);
    expect(stderr).toContain(`event ${seq}: the engine was expected to do again what is on record`);
    expect(stderr).toContain('"quantsage replay" and "quantsage verify" tell more');
  });
});

describe.each(['replay', 'parity'])('%s of a run that keeps no journal', (name) => {
  it('is refused with exit 2, whether it is a backtest or not there', async () => {
    const directory = makeDirectory();
    const none = await directory.run(name, 'last');
    expect([none.code, none.stdout]).toEqual([2, '']);
    const database = openDatabase(directory.at(DATABASE));
    new SqliteRunStore(database).begin(runStart()).finish(runEnd());
    database.close();
    const { code, stderr } = await directory.run(name, 'bt-1');
    expect(code).toBe(2);
    expect(stderr).toMatch(/a paper or live run was expected, was bt-1, which keeps no journal/);
  });
});
