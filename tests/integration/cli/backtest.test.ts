import { beforeAll, describe, expect, it } from 'vitest';
import { DATABASE, userDirectories, type Outcome } from './command-line.ts';

const makeDirectory = userDirectories();
const BACKTEST = ['backtest', '--strategy', 'mean_reversion_crypto'] as const;
const SAMPLE_BARS = 17_544;

/** A report as a script reads it: nothing is known of it but that it is JSON. */
type Json = Readonly<Record<string, unknown>>;

/** The whole of stdout must be one JSON object. */
function documentOf({ stdout }: Outcome): Json {
  return objectOf(JSON.parse(stdout));
}

function objectOf(value: unknown): Json {
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value));
  throw new Error(`an object was expected, was ${JSON.stringify(value)}`);
}

/** What does not change from run to run. */
function lasting(report: Json): Json {
  const passing = new Set(['run_id', 'bars_per_second', 'trades_file', 'equity_file']);
  return Object.fromEntries(Object.entries(report).filter(([key]) => !passing.has(key)));
}

const METRICS = [
  'total_return',
  'cagr',
  'annual_volatility',
  'sharpe_ratio',
  'sortino_ratio',
  'calmar_ratio',
  'max_drawdown',
  'max_drawdown_duration_days',
  'win_rate',
  'profit_factor',
  'expectancy',
  'avg_win',
  'avg_loss',
  'best_trade',
  'worst_trade',
  'total_trades',
  'exposure',
  'turnover',
  'total_fees',
  'total_slippage',
  'buy_and_hold_return',
  'ulcer_index',
  'sqn',
  'var_95',
  'cvar_95',
];

const KEYS = [
  'run_id',
  'result_hash',
  'data_fingerprint',
  'config_hash',
  'version',
  'strategy',
  'symbols',
  'timeframe',
  'start',
  'end',
  'bars',
  'bars_per_second',
  'initial_capital',
  'final_equity',
  'metrics',
  'per_symbol',
  'per_strategy',
  'risk',
  'fees',
  'data_quality',
  'trades_file',
  'equity_file',
  'report_file',
];

describe('the first backtest in a fresh directory', () => {
  const directory = makeDirectory();
  let first: Outcome;

  beforeAll(async () => {
    first = await directory.run(...BACKTEST);
  });

  it('fills the database with the sample market and says that it is synthetic', () => {
    expect(first.code).toBe(0);
    expect(first.stderr).toBe(
      'no market data yet: filled the database with the synthetic sample market (35,088 bars); ' +
        'for real candles run "quantsage collect"\n',
    );
    expect(first.stdout).toMatch(
      /^Backtest of mean_reversion_crypto on BTC\/USD, ETH\/USD 1h \(sample\)\n! SYNTHETIC DATA: /,
    );
    expect(directory.has(DATABASE)).toBe(true);
  });

  it('prints every section with labels and values in two columns', () => {
    const lines = first.stdout.split('\n');
    const titles = lines.filter((line) => /^[A-Z][a-z ]+$/.test(line));
    expect(titles).toEqual([
      'Run',
      'Return',
      'Risk',
      'Trades',
      'Costs',
      'By symbol',
      'Decisions',
      'Data',
      'Proof',
    ]);
    const rows = lines.filter(
      (line) => /^ {2}\S/.test(line) && !/^ {2}(?:Symbol|\w+\/USD) /.test(line),
    );
    expect(rows.length).toBeGreaterThan(40);
    expect(rows.filter((row) => row.length !== 58)).toEqual([]);
    expect(first.stdout).not.toMatch(/NaN|Infinity|undefined|null|\[object/);
  });

  it('is followed by others on the same database, which ends as large as it began', async () => {
    const bars = directory.rows('market_data');
    const again = await directory.run(...BACKTEST, '--json');
    expect([again.code, again.stderr]).toEqual([0, '']);
    expect(documentOf(again)).toMatchObject({ synthetic_data: true, bars: 2 * SAMPLE_BARS });
    expect(directory.rows('market_data') === bars, 'the bars are as they were').toBe(true);
  });

  it('gives what "runs show" shows: the same text', async () => {
    const [{ runId } = { runId: 'none' }] = directory.runs();
    const shown = await directory.run('runs', 'show', runId);
    expect(shown).toEqual({ code: 0, stdout: first.stdout, stderr: '' });
  });
});

describe('backtest --json', () => {
  const directory = makeDirectory();
  let report: Json;

  beforeAll(async () => {
    report = documentOf(await directory.run(...BACKTEST, '--json'));
  });

  it('has the keys of the design', () => {
    expect(Object.keys(report)).toEqual(expect.arrayContaining(KEYS));
    expect(Object.keys(objectOf(report['metrics'])).toSorted()).toEqual(METRICS.toSorted());
    expect(report).toMatchObject({
      strategy: 'mean_reversion_crypto',
      symbols: ['BTC/USD', 'ETH/USD'],
      timeframe: '1h',
      start: '2023-01-01T00:00:00Z',
      end: '2025-01-01T00:00:00Z',
      initial_capital: 100_000,
      trades_file: null,
      equity_file: null,
      report_file: null,
    });
    const { approved, refused } = objectOf(report['risk']);
    expect(approved).toBeGreaterThan(0);
    expect(report['bars_per_second']).toBeGreaterThan(0);
    expect(Object.values(objectOf(refused)).every(Number.isInteger)).toBe(true);
    for (const key of ['result_hash', 'data_fingerprint', 'config_hash']) {
      expect(report[key], `the ${key}`).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it('has finite numbers for all metrics of a run that won and lost', () => {
    const metrics = Object.entries(objectOf(report['metrics']));
    expect(metrics.filter(([, value]) => !Number.isFinite(value))).toEqual([]);
  });

  it('has null, not a sentinel, for metrics of a run that did not trade', async () => {
    const flags = ['--timerange', '20230101-20230103', '--json'];
    const idle = objectOf(documentOf(await directory.run(...BACKTEST, ...flags))['metrics']);
    expect(idle['total_trades']).toBe(0);
    const undefinedOnes = ['win_rate', 'profit_factor', 'expectancy', 'avg_win', 'avg_loss', 'sqn'];
    expect(undefinedOnes.map((name) => [name, idle[name]])).toEqual(
      undefinedOnes.map((name) => [name, null]),
    );
  });

  it('is what "runs show --json" prints', async () => {
    const { stdout } = await directory.run('runs', 'show', 'bt-1', '--json');
    expect(JSON.parse(stdout)).toEqual(report);
  });

  it('ignores time zone and language of the machine', async () => {
    const command = directory.start([...BACKTEST, '--json'], {
      TZ: 'Pacific/Chatham',
      LANG: 'tr_TR.UTF-8',
      LC_ALL: 'tr_TR.UTF-8',
    });
    expect(lasting(documentOf(await command.outcome()))).toEqual(lasting(report));
  });
});

describe('backtest with flags', () => {
  const directory = makeDirectory();
  const reportWith = async (...flags: readonly string[]) =>
    documentOf(await directory.run(...BACKTEST, '--json', ...flags));
  let plain: Json;

  beforeAll(async () => {
    plain = await reportWith();
  });

  it('trades the capital of --capital, to the cent', async () => {
    expect(await reportWith('--capital', '2500.75')).toMatchObject({ initial_capital: 2500.75 });
  });

  it('trades the symbols of --symbols alone', async () => {
    const report = await reportWith('--symbols', 'ETH/USD');
    expect(report).toMatchObject({ symbols: ['ETH/USD'], bars: SAMPLE_BARS });
    expect(Object.keys(objectOf(report['per_symbol']))).toEqual(['ETH/USD']);
  });

  it('trades --timerange from its start on and not its end', async () => {
    // 31 days of 24 hours of two symbols; half a year of bars before them warms indicators up.
    const report = await reportWith('--timerange', '20240301-20240401', '--export', 'march');
    expect(report).toMatchObject({
      bars: 31 * 24 * 2,
      start: '2024-03-01T00:00:00Z',
      end: '2024-04-01T00:00:00Z',
      trading_starts: '2024-03-01T00:00:00Z',
    });
    const times = directory
      .read('march/signals.csv')
      .split('\n')
      .slice(1, -1)
      .map((line) => line.split(',')[2] ?? '');
    expect(times.length).toBeGreaterThan(5);
    expect(times.filter((time) => time < '2024-03-01' || time >= '2024-04-01')).toEqual([]);
  });

  it('joins at the boundary of two ranges without a bar lost or doubled', async () => {
    const first = await reportWith('--timerange', '-20240101');
    const second = await reportWith('--timerange', '20240101-');
    expect(Number(first['bars']) + Number(second['bars'])).toBe(plain['bars']);
    expect([first['end'], second['start']]).toEqual([
      '2024-01-01T00:00:00Z',
      '2024-01-01T00:00:00Z',
    ]);
  });

  it('cuts a range to the data there are, and says so', async () => {
    const report = await reportWith('--timerange', '20200101-20260101');
    const said =
      'there are bars from 2023-01-01T00:00:00Z to 2025-01-01T00:00:00Z of what was asked for';
    expect(report['labels']).toEqual([said]);
    const { config_hash, labels } = plain;
    expect(lasting({ ...report, config_hash, labels })).toEqual(lasting(plain));
  });

  it('takes --capital for the setting that it is, in the configuration hash too', async () => {
    const flag = await reportWith('--capital', '5000');
    const setting = await reportWith('--set', 'portfolio.initial_capital=5000');
    expect(lasting(flag)).toEqual(lasting(setting));
    expect(flag['config_hash']).not.toBe(plain['config_hash']);
  });

  it('says which strategy never warmed up', async () => {
    const report = await reportWith('--timerange', '-20230103');
    expect(report).toMatchObject({ trading_starts: null });
    expect(report['labels']).toContain(
      'mean_reversion_crypto never decided on BTC/USD: its indicators need 646 bars to warm up, ' +
        'there were 48; choose a later start, or collect or import earlier bars',
    );
  });

  it('changes with --set what it names, and the configuration hash with it', async () => {
    const report = await reportWith('--set', 'params.rsi_oversold=20');
    expect(report['config_hash']).not.toBe(plain['config_hash']);
    expect(report['result_hash']).not.toBe(plain['result_hash']);
    expect(report['data_fingerprint']).toBe(plain['data_fingerprint']);
  });

  it('takes --set before the environment, and the environment before files', async () => {
    directory.write('.env', 'QUANTSAGE_PORTFOLIO__INITIAL_CAPITAL=7\n');
    directory.write('more.yaml', 'portfolio: { initial_capital: 6 }\n');
    const { initial_capital: fromFile } = await reportWith('-c', 'more.yaml');
    const setting = 'portfolio.initial_capital=8';
    const { initial_capital: fromFlag } = await reportWith('-c', 'more.yaml', '--set', setting);
    directory.write('.env', '');
    const { initial_capital: fromOverlay } = await reportWith('-c', 'more.yaml');
    expect([fromFile, fromFlag, fromOverlay]).toEqual([7, 8, 6]);
  });

  it('reads bars of another --timeframe where there are any', async () => {
    const days = Array.from({ length: 40 }, (_, day) => {
      const time = new Date(Date.UTC(2024, 0, 1 + day)).toISOString();
      return `${time},100,101,99,${100 + (day % 2)},5`;
    });
    directory.write('d.csv', `timestamp,open,high,low,close,volume\n${days.join('\n')}\n`);
    await directory.run('import', 'd.csv', '--symbol', 'BTC/USD', '--timeframe', '1d');
    const report = await reportWith('--symbols', 'BTC/USD', '--timeframe', '1d');
    expect(report).toMatchObject({ timeframe: '1d', bars: 40, synthetic_data: false });
  });

  it('says in the report what makes a result incomparable', async () => {
    const settings = ['execution.fill_at=close', 'execution.max_volume_share=null'];
    const flags = settings.flatMap((setting) => ['--set', setting]);
    const { stdout } = await directory.run(...BACKTEST, ...flags);
    expect(stdout).toContain('\n! fills at the close a decision was made on: not possible live\n');
    expect(stdout).toContain('\n! fills ignore volume\n');
  });

  it('says when and why trading was halted', async () => {
    const flags = ['--set', 'risk_limits.system.max_drawdown=0.02'];
    const { code, stdout } = await directory.run(...BACKTEST, ...flags);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /\n! HALTED 2023-\d\d-\d\d \d\d:00 \(drawdown\), no entries from there on: a loss of at most 2 % of the peak of equity was expected, was 2\.\d+ % \(\d+\.?\d* after \d+\.?\d*\)\n/,
    );
    expect(stdout).toMatch(/\n {4}refused: halted +\d+\n/);
    const listed = await directory.run('runs', 'list', '--limit', '1');
    expect(listed.stdout).toMatch(/ completed, halted {2}mean_reversion_crypto /);
  });
});

describe('backtest --export', () => {
  const directory = makeDirectory();
  let report: Json;

  beforeAll(async () => {
    report = documentOf(await directory.run(...BACKTEST, '--json', '--export', 'out/deep'));
  });

  function table(name: string): readonly Readonly<Record<string, string>>[] {
    const [head = '', ...lines] = directory.read(`out/deep/${name}`).trimEnd().split('\n');
    const names = head.split(',');
    return lines.map((line) => {
      // None of the columns read here is quoted or stands behind one that is.
      const fields = line.split(',');
      return Object.fromEntries(names.map((column, index) => [column, fields[index] ?? '']));
    });
  }

  const sum = (name: string, column: string) =>
    table(name).reduce((total, row) => total + Number(row[column]), 0);

  it.each([
    [
      'trades.csv',
      'strategy,symbol,side,quantity,entry_time,entry_price,exit_time,exit_price,gross_pnl,fees,' +
        'slippage,net_pnl,return,exit_reason,entry_order,exit_order,' +
        'spread_cost,impact_cost,financing',
    ],
    ['equity.csv', 'timestamp,equity,cash,exposure,drawdown'],
    ['orders.csv', 'order,requested_at,strategy,symbol,position,role,side,type,quantity,'],
    ['fills.csv', 'trade,time,order,strategy,symbol,role,side,quantity,price,raw_price,'],
    ['signals.csv', 'signal,time,bar_open_time,strategy,symbol,intent,side,price,'],
  ])('writes %s with its columns', (name, columns) => {
    const text = directory.read(`out/deep/${name}`);
    expect(text.indexOf(columns)).toBe(0);
    expect(text.split('\n').length).toBeGreaterThan(100);
    expect(text).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });

  it('names the files in the report', () => {
    expect(report).toMatchObject({
      trades_file: 'out/deep/trades.csv',
      equity_file: 'out/deep/equity.csv',
    });
  });

  it('writes as many trades, fills and signals as the report counts', () => {
    const metrics = objectOf(report['metrics']);
    expect(table('trades.csv')).toHaveLength(Number(metrics['total_trades']));
    expect(table('signals.csv')).toHaveLength(Number(objectOf(report['signals'])['raised']));
    const { approved, refused } = objectOf(report['risk']);
    const refusals = Object.values(objectOf(refused)).reduce<number>(
      (all, n) => all + Number(n),
      0,
    );
    expect(table('orders.csv')).toHaveLength(Number(approved) + refusals);
  });

  it('writes results that add up to those of the report', () => {
    const metrics = objectOf(report['metrics']);
    const gain = Number(report['final_equity']) - Number(report['initial_capital']);
    // Every position was closed at the end, so that trades make up all of the gain.
    expect(report['open_positions']).toBe(0);
    expect(sum('trades.csv', 'net_pnl')).toBeCloseTo(gain, 6);
    expect(sum('trades.csv', 'fees')).toBeCloseTo(Number(metrics['total_fees']), 6);
    expect(sum('fills.csv', 'fee')).toBeCloseTo(Number(metrics['total_fees']), 6);
    expect(sum('fills.csv', 'slippage')).toBeCloseTo(Number(metrics['total_slippage']), 6);
    const wins = table('trades.csv').filter((row) => Number(row['net_pnl']) > 0).length;
    expect(wins / Number(metrics['total_trades'])).toBeCloseTo(Number(metrics['win_rate']), 12);
  });

  it('writes an equity curve that ends where the report ends', () => {
    const rows = table('equity.csv');
    expect(Number(rows.at(-1)?.['equity'])).toBeCloseTo(Number(report['final_equity']), 6);
    const deepest = Math.max(...rows.map((row) => Number(row['drawdown'])));
    expect(deepest).toBeCloseTo(Number(objectOf(report['metrics'])['max_drawdown']), 12);
  });

  it('writes the same bytes again', async () => {
    const files = ['trades.csv', 'orders.csv', 'fills.csv', 'signals.csv', 'equity.csv'];
    await directory.run(...BACKTEST, '--export', 'again');
    const differing = files.filter(
      (name) => directory.read(`again/${name}`) !== directory.read(`out/deep/${name}`),
    );
    expect(differing).toEqual([]);
  });
});

describe('runs', () => {
  const directory = makeDirectory();
  let second: Outcome;

  beforeAll(async () => {
    await directory.run(...BACKTEST);
    second = await directory.run('backtest', '--strategy', 'momentum_crypto');
  });

  it('are none at first, and the list says how to make one', async () => {
    const empty = makeDirectory();
    expect(await empty.run('runs', 'list')).toEqual({
      code: 0,
      stdout: 'no runs yet; run "quantsage backtest --strategy mean_reversion_crypto"\n',
      stderr: '',
    });
    const { code, stderr } = await empty.run('runs', 'show', 'last');
    expect(code).toBe(2);
    expect(stderr).toBe(
      'error: a run was expected, there is none yet; run "quantsage backtest --strategy …"\n',
    );
  });

  it('are listed with the latest first, as many as asked for', async () => {
    const { stdout } = await directory.run('runs', 'list');
    const [head = '', latest = '', earlier = ''] = stdout.split('\n');
    expect(head.split(/ {2,}/).join(', ')).toBe(
      'Run, Started (UTC), Status, Strategy, Symbols, Timeframe, Return, Sharpe, Trades, ' +
        'Final equity, Result hash',
    );
    expect(latest).toMatch(/^bt-2 .* completed, halted +momentum_crypto +BTC\/USD,ETH\/USD +1h /);
    expect(earlier).toMatch(/^bt-1 .* completed +mean_reversion_crypto /);
    const one = await directory.run('runs', 'list', '--limit', '1', '--json');
    expect(JSON.parse(one.stdout)).toMatchObject([{ run_id: 'bt-2', status: 'completed' }]);
    expect((await directory.run('runs', 'show', 'last')).stdout).toBe(second.stdout);
  });

  it('that are not there are refused with the last ones that are', async () => {
    const { code, stdout, stderr } = await directory.run('runs', 'show', 'nonsense');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      'error: a run was expected, was "nonsense"; the last ones are bt-1, bt-2\n',
    );
  });
});
