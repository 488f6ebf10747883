import { beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/adapters/sqlite/database.ts';
import { present } from '../../../src/core/assert.ts';
import { DATABASE, refusalOf, userDirectories } from '../cli/command-line.ts';

const makeDirectory = userDirectories();
const WEEKS = ['--timerange', '20230101-20230701'] as const;

describe('explain', () => {
  const directory = makeDirectory();

  beforeAll(async () => {
    await directory.prepare('data', 'sample');
    const strategy = ['--strategy', 'mean_reversion_crypto', ...WEEKS] as const;
    await directory.prepare('backtest', ...strategy);
    // A cap below what an entry comes to: every one is refused.
    const cap = 'risk_limits.system.max_order_notional=5000';
    await directory.prepare(
      'backtest',
      ...strategy,
      '--set',
      cap,
      '--set',
      'risk_limits.portfolio.correlation.threshold=null',
    );
  }, 60_000);

  const explain = (run: string, at: string, ...flags: readonly string[]) =>
    directory.run('explain', run, '--at', at, ...flags);

  /** The first row as text or numbers, by column. */
  const rowOf = (sql: string, value: string): Readonly<Record<string, unknown>> => {
    const database = openDatabase(directory.at(DATABASE), { readonly: true });
    try {
      const row = database.prepare<[string], Record<string, unknown>>(sql).get(value);
      return present(row, 'such a row');
    } finally {
      database.close();
    }
  };

  /** Bar, symbol and id of the fifth order of which that is true. */
  const orderThat = (where: string, run: string) => {
    const { at, symbol, id } = rowOf(
      `SELECT s.bar_open_time AS at, o.symbol, o.order_id AS id
       FROM orders AS o JOIN signals AS s ON s.run_id = o.run_id AND s.seq = o.signal_seq
       WHERE o.run_id = ? AND ${where} ORDER BY o.requested_seq LIMIT 1 OFFSET 4`,
      run,
    );
    return { at: Number(at), symbol: String(symbol), order: String(id) };
  };

  it.each([
    ['a-silent-bar', 'bt-1', '2023-03-05T14:20', 'BTC/USD'],
    ['a-bar-of-the-warm-up', 'bt-1', '2023-01-02', 'ETH/USD'],
  ])('tells of %s', async (name, run, at, symbol) => {
    const { code, stdout, stderr } = await explain(run, at, '--symbol', symbol);
    expect([code, stderr]).toEqual([0, '']);
    await expect(stdout).toMatchFileSnapshot(`golden/${name}.txt`);
  });

  it('tells of a trade from its rules to the end of its position', async () => {
    const { at, symbol } = orderThat(`o.role = 'entry' AND o.state = 'filled'`, 'bt-1');
    const { code, stdout } = await explain('bt-1', String(at), '--symbol', symbol);
    expect(code).toBe(0);
    await expect(stdout).toMatchFileSnapshot('golden/a-trade.txt');
  });

  it('tells of a refused order which check failed, its limit and what it found', async () => {
    const { at, symbol, order } = orderThat(`o.state = 'rejected'`, 'bt-2');
    const { code, stdout } = await explain('last', String(at), '--symbol', symbol, '--json');
    expect(code).toBe(0);
    const told = JSON.parse(stdout) as Told;
    const { signals, verdict } = present(told.strategies[0], 'the strategy');
    const refused = present(signals[0]?.orders[0], 'the order');
    const failed = refused.checks.at(-1);
    expect(refused.id).toBe(order);
    expect(failed).toMatchObject({
      layer: 'system',
      check: 'order-notional',
      limit: 5_000,
      passed: false,
    });
    expect(failed?.actual).toBeGreaterThan(5_000);
    expect(refused.checks.slice(0, -1).every(({ passed }) => passed)).toBe(true);
    expect(refused.checks.find(({ check }) => check === 'correlated-group')).toMatchObject({
      limit: null,
      actual: null,
      passed: true,
    });
    expect(refused.refusal).toContain('a value of at most 5000 was expected');
    expect(verdict).toContain(`order ${order} was refused by risk: `);
    expect(refused.path.map(({ state }) => state)).toEqual(['requested', 'rejected']);
  });

  it('tells the way of a filled order as the run recorded it', async () => {
    const { at, symbol, order } = orderThat(`o.role = 'entry' AND o.state = 'filled'`, 'bt-1');
    const { stdout } = await explain('bt-1', String(at), '--symbol', symbol, '--json');
    const told = JSON.parse(stdout) as Told;
    const { orders, position } = present(told.strategies[0]?.signals[0], 'the signal');
    const [entry, ...guards] = orders;
    expect(entry?.id).toBe(order);
    expect(entry?.path.map(({ state }) => state)).toEqual([
      'requested',
      'approved',
      'submitted',
      'accepted',
      'filled',
    ]);
    const trade = rowOf(
      `SELECT CAST(quantity AS REAL) AS quantity, CAST(price AS REAL) AS price,
         CAST(raw_price AS REAL) AS raw_price, CAST(fee AS REAL) AS fee, liquidity
       FROM trades WHERE run_id = 'bt-1' AND order_id = ?`,
      order,
    );
    expect(entry?.path.at(-1)?.fill).toMatchObject(trade);
    expect(guards.map(({ role }) => role)).toEqual(
      expect.arrayContaining(['stop-loss', 'take-profit']),
    );
    const closing = guards.filter(({ state }) => state === 'filled');
    const reasons = closing.map(({ role, reason }) => (role === 'exit' ? reason : role));
    expect(reasons).toContain(position?.exit_reason);
    const canceled = guards.filter(({ state }) => state === 'canceled');
    for (const { path } of canceled) {
      expect(path.at(-1)).toMatchObject({ state: 'canceled', reason: 'group filled' });
    }
  });

  it('prints the whole model as JSON', async () => {
    const { stdout } = await explain('bt-1', '2023-03-05', '--json');
    const told = JSON.parse(stdout) as Record<string, unknown> & Told;
    expect(Object.keys(told)).toEqual([
      'run_id',
      'mode',
      'exchange',
      'timeframe',
      'asked',
      'data',
      'notes',
      'halt',
      'bars',
      'strategies',
    ]);
    expect(told['bars']).toMatchObject([
      { symbol: 'BTC/USD', open_time: '2023-03-05T00:00:00Z', close_time: '2023-03-05T01:00:00Z' },
      { symbol: 'ETH/USD', flags: [] },
    ]);
    expect(told.strategies.map((each) => Object.keys(each).toSorted())).toEqual(
      ['BTC/USD', 'ETH/USD'].map(() => [
        'kind',
        'open_orders',
        'position',
        'rules',
        'rules_note',
        'signals',
        'strategy',
        'symbol',
        'verdict',
        'warmup',
      ]),
    );
  });

  it.each([
    ['2022-12-31T23:59', [], '--at: a time within run bt-1, from 2023-01-01T00:00:00Z to before'],
    ['2023-07-01', [], '--at: a time within run bt-1, from 2023-01-01T00:00:00Z to before'],
    ['noon', [], '--at: a time such as 2024-03-05T14:00'],
    ['2023-03-05', ['--symbol', 'SOL/USD'], '--symbol: a symbol of run bt-1 (BTC/USD, ETH/USD)'],
    ['2023-03-05', ['--symbol', '?'], '--symbol: '],
    ['2023-03-05', ['--strategy', 'momentum'], '--strategy: a strategy of run bt-1 (mean_rev'],
  ])('refuses %s %j with exit 2', async (at, flags, sentence) => {
    const outcome = await explain('bt-1', at, ...flags);
    expect(outcome.code).toBe(2);
    expect(refusalOf(outcome)).toContain(sentence);
  });

  it('refuses a run there is not with exit 2', async () => {
    const outcome = await explain('bt-9', '2023-03-05');
    expect([outcome.code, refusalOf(outcome)]).toEqual([
      2,
      'a run was expected, was "bt-9"; the last ones are bt-1, bt-2',
    ]);
  });

  it('refuses an interrupted run that came to no bar, with exit 2', async () => {
    const other = makeDirectory();
    await other.prepare('data', 'sample');
    await other.runInterrupted('backtest', '--strategy', 'mean_reversion_crypto', ...WEEKS);
    const outcome = await other.run('explain', 'last', '--at', '2023-03-05');
    expect([outcome.code, refusalOf(outcome)]).toEqual([
      2,
      'a run with bars was expected, was bt-1, which was interrupted before its first one',
    ]);
  });

  it('refuses to look where nothing was ever run, and makes no database', async () => {
    const empty = makeDirectory();
    const outcome = await empty.run('explain', 'last', '--at', '2023-03-05');
    expect(outcome.code).toBe(2);
    expect(refusalOf(outcome)).toContain('a run was expected, there is none yet');
    expect(empty.has(DATABASE)).toBe(false);
  });
});

interface Told {
  readonly strategies: readonly {
    readonly verdict: string;
    readonly signals: readonly {
      readonly position: { readonly exit_reason: string } | null;
      readonly orders: readonly {
        readonly id: string;
        readonly role: string;
        readonly state: string;
        readonly reason: string;
        readonly refusal: string | null;
        readonly checks: readonly {
          readonly check: string;
          readonly limit: number | null;
          readonly actual: number | null;
          readonly passed: boolean;
        }[];
        readonly path: readonly {
          readonly state: string;
          readonly reason: string | null;
          readonly fill: object | null;
        }[];
      }[];
    }[];
  }[];
}
