import { beforeAll, describe, expect, it } from 'vitest';
import { refusalOf, userDirectories } from './command-line.ts';

const makeDirectory = userDirectories();

/** Buys on the first bar of every `every`-th day and sells `hold` bars later. */
function timer(id: string, reason = 'time'): string {
  return `import { defineStrategy, z } from 'quantsage';
export default defineStrategy({
  id: '${id}',
  params: z.object({ every: z.int().default(7), hold: z.int().default(30) }),
  create({ params }) {
    let bars = 0;
    return {
      onBar(bar, { position, enter, exit }) {
        bars += 1;
        if (position === null && bars % (params.every * 24) === 1) {
          return enter({ side: 'buy', reason: '${reason}' });
        }
        return position !== null && bars % params.hold === 0 ? exit({ reason: '${reason}' }) : null;
      },
    };
  },
});
`;
}

/** Neither limits, nor volume, nor cash make one strategy's trades depend on the other's. */
const LONE = [
  '--symbols',
  'BTC/USD',
  '--no-risk-limits',
  '--set',
  'execution.max_volume_share=null',
] as const;
const QUARTER = ['--timerange', '20230101-20230401'] as const;

interface Results {
  readonly trades: number;
  readonly net_pnl: number;
  readonly open_pnl: number;
  readonly contribution: number;
  readonly capital_share: number;
  readonly return_on_share: number;
}

interface Report {
  readonly run_id: string;
  readonly strategy: string;
  readonly symbols: readonly string[];
  readonly timeframe: string;
  readonly result_hash: string;
  readonly config_hash: string;
  readonly initial_capital: number;
  readonly final_equity: number;
  readonly open_positions: number;
  readonly metrics: { readonly total_trades: number };
  readonly per_strategy: Readonly<Record<string, Results>>;
}

const FILES = {
  'weekly.ts': timer('weekly'),
  'daily.ts': timer('daily'),
  'config/strategies/mean_reversion_crypto.yaml': 'strategy: mean_reversion\nsymbols: [BTC/USD]\n',
  'config/strategies/momentum_crypto.yaml': 'strategy: momentum\nsymbols: [ETH/USD]\n',
  'config/strategies/slow.yaml': 'strategy: momentum\ntimeframe: 4h\n',
};

describe('several strategies on one account', () => {
  const directory = makeDirectory(FILES);
  beforeAll(() => directory.prepare('data', 'sample'));

  const reportOf = async (list: string, ...more: readonly string[]): Promise<Report> => {
    const flags = list === '' ? [] : ['--strategy', list];
    const run = ['backtest', ...flags, '--json', ...QUARTER, ...more];
    const { code, stdout, stderr } = await directory.run(...run);
    expect([code, stderr]).toEqual([0, '']);
    return JSON.parse(stdout) as Report;
  };
  const refusal = async (list: string, ...more: readonly string[]) => {
    const outcome = await directory.run('backtest', '--strategy', list, ...QUARTER, ...more);
    expect(outcome.code).toBe(2);
    return refusalOf(outcome);
  };

  it('are ids and files in one list, each on its own symbols', async () => {
    const report = await reportOf('momentum_crypto, ./weekly.ts,mean_reversion_crypto');
    expect(report).toMatchObject({
      strategy: 'momentum_crypto, weekly, mean_reversion_crypto',
      symbols: ['ETH/USD', 'BTC/USD'],
      timeframe: '1h',
    });
    const ids = ['momentum_crypto', 'weekly', 'mean_reversion_crypto'];
    expect(Object.keys(report.per_strategy)).toEqual(ids);
    expect(report.per_strategy['weekly']?.trades).toBeGreaterThan(5);
  });

  it.each([
    ['closed at the end', []],
    [
      'left open at the end',
      [
        '--no-risk-limits',
        '--set',
        'execution.close_at_end=false',
        '--set',
        'daily.params.hold=5000',
      ],
    ],
  ])('together make what the account makes, %s', async (_, settings) => {
    const report = await reportOf(
      './weekly.ts,./daily.ts',
      '--set',
      'daily.params.every=1',
      ...settings,
    );
    const results = Object.values(report.per_strategy);
    const made = report.final_equity - report.initial_capital;
    const sum = results.reduce((total, { contribution }) => total + contribution, 0);
    expect(sum).toBeCloseTo(made, 6);
    expect(results.reduce((total, { trades }) => total + trades, 0)).toBe(
      report.metrics.total_trades,
    );
    for (const { net_pnl, open_pnl, contribution, capital_share, return_on_share } of results) {
      expect(contribution).toBeCloseTo(net_pnl + open_pnl, 9);
      expect(capital_share).toBe(0.5);
      expect(return_on_share).toBeCloseTo(contribution / 50_000, 12);
    }
    const isOpen = settings.length > 0;
    expect(report.open_positions > 0).toBe(isOpen);
    expect(results.some(({ open_pnl }) => open_pnl !== 0)).toBe(isOpen);
  });

  it('hold positions of their own in one symbol', async () => {
    const alone = await reportOf('./weekly.ts', ...LONE);
    const both = await reportOf('./weekly.ts,./daily.ts', ...LONE, '--set', 'daily.params.every=1');
    expect(both.per_strategy['weekly']?.trades).toBe(alone.metrics.total_trades);
    expect(both.per_strategy['daily']?.trades).toBeGreaterThan(alone.metrics.total_trades);
  });

  it('are told apart by the beginning of a setting', async () => {
    const plain = await reportOf('./weekly.ts,./daily.ts');
    const short = await reportOf('./weekly.ts,./daily.ts', '--set', 'daily.params.every=1');
    const long = await reportOf(
      './weekly.ts,./daily.ts',
      '--set',
      'strategies.daily.params.every=1',
    );
    expect(short.config_hash).toBe(long.config_hash);
    expect(short.result_hash).toBe(long.result_hash);
    expect(short.config_hash).not.toBe(plain.config_hash);
    expect(short.per_strategy['daily']?.trades).not.toBe(plain.per_strategy['daily']?.trades);
    const one = await reportOf(
      './weekly.ts,./daily.ts',
      '--set',
      'daily.symbols=[ETH/USD]',
      '--set',
      'weekly.symbols=[ETH/USD]',
    );
    expect(one.symbols).toEqual(['ETH/USD']);
  });

  it('come from the configuration where the command line names none', async () => {
    const list = 'portfolio.strategies=[mean_reversion_crypto, ./weekly.ts]';
    const { strategy } = await reportOf('', '--set', list);
    expect(strategy).toBe('mean_reversion_crypto, weekly');
    expect((await reportOf('./daily.ts', '--set', list)).strategy).toBe('daily');
  });

  it('stand in tables and records by their ids', async () => {
    const run = ['backtest', '--strategy', './weekly.ts,./daily.ts', ...QUARTER];
    const { stdout } = await directory.run(...run);
    expect(stdout).toContain('Backtest of weekly, daily on BTC/USD, ETH/USD 1h');
    expect(stdout).toMatch(/By strategy\n +Strategy +Trades .* Share +Return\n/);
    expect(stdout).toMatch(/\n {2}weekly .* 50\.00 % /);
    const listed = await directory.run('runs', 'list', '--limit', '1');
    expect(listed.stdout).toContain('daily,weekly');
    expect((await directory.run('runs', 'show', 'last')).stdout).toBe(stdout);
    expect(directory.runs().at(-1)?.strategyIds).toEqual(['daily', 'weekly']);
  });

  it('show no table of strategies where one has the account for itself', async () => {
    const { stdout } = await directory.run('backtest', '--strategy', './weekly.ts', ...QUARTER);
    expect(stdout).not.toContain('By strategy');
  });

  it('run on the timeframe of the command line where their own differ', async () => {
    expect(await refusal('momentum_crypto,slow')).toBe(
      'strategies of one timeframe were expected, was "momentum_crypto" on 1h and "slow" on 4h; ' +
        'give one with --timeframe, or run them one by one',
    );
    const { timeframe } = await reportOf('momentum_crypto,slow', '--timeframe', '4h');
    expect(timeframe).toBe('4h');
  });

  it.each([
    [
      './weekly.ts,./weekly.ts',
      'strategies of different ids were expected, was "./weekly.ts" twice, both "weekly"; to run ' +
        'one twice with other parameters, write config/strategies/<id>.yaml with "strategy: ' +
        './weekly.ts" under a second id',
    ],
    [
      'slow,slow',
      'strategies of different ids were expected, was "slow" twice, both "slow"; to run one twice ' +
        'with other parameters, write config/strategies/<id>.yaml with "the same strategy" under ' +
        'a second id',
    ],
    [
      'slow,',
      'a strategy id of at most 64 lower-case letters, digits and underscores that begins with a ' +
        'letter was expected, was ""',
    ],
  ])('are refused as %s', async (list, said) => {
    expect(await refusal(list)).toBe(said);
  });

  it.each([
    [
      'params.every=1',
      '--set params.every=1: the strategy it is for was expected before "params", was none of ' +
        'weekly, daily; write for example --set weekly.params.…=…',
    ],
    [
      'allow_short=true',
      '--set allow_short=true: the strategy it is for was expected before "allow_short", was none ' +
        'of weekly, daily; write for example --set weekly.allow_short=…',
    ],
    [
      'dayly.params.every=1',
      '--set dayly.params.every=1: a configured strategy was expected, was "dayly"; did you mean ' +
        '"daily"?',
    ],
    [
      'daily.params.evry=1',
      './daily.ts: --set daily.params.evry=1: unknown key "evry"; did you mean "every"?',
    ],
    [
      'daily.parms.every=1',
      '--set daily.parms.every=1: unknown key "daily"; known keys: system, database, data, ' +
        'portfolio, execution, live, monitoring, risk_limits, transaction_costs, position_sizing',
    ],
  ])('are refused with the setting %s', async (setting, said) => {
    expect(await refusal('./weekly.ts,./daily.ts', '--set', setting)).toBe(said);
  });
});

describe('one strategy', () => {
  const directory = makeDirectory(FILES);
  beforeAll(() => directory.prepare('data', 'sample'));

  it('takes symbols, timeframe and short selling from settings without its id', async () => {
    const settings = ['symbols=[ETH/USD]', 'timeframe=4h', 'allow_short=true'].flatMap((each) => [
      '--set',
      each,
    ]);
    const sells = timer('seller').replaceAll("'buy'", "'sell'");
    directory.write('seller.ts', sells);
    const run = ['backtest', '--strategy', './seller.ts', '--json', ...QUARTER];
    const { stdout } = await directory.run(...run, ...settings);
    const report = JSON.parse(stdout) as Report;
    expect(report).toMatchObject({ symbols: ['ETH/USD'], timeframe: '4h' });
    expect(report.metrics.total_trades).toBeGreaterThan(0);
    const { stdout: long } = await directory.run(...run);
    expect((JSON.parse(long) as Report).metrics.total_trades).toBe(0);
  });

  it('is not spoken of by plain settings where none is run', async () => {
    const outcome = await directory.run('data', 'list', '--set', 'allow_short=true');
    expect(refusalOf(outcome)).toMatch(/^--set allow_short=true: unknown key "allow_short"/);
    expect(outcome.code).toBe(2);
  });
});
