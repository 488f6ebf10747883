import { mkdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/adapters/sqlite/database.ts';
import { fewCandles } from './candles.ts';
import { DATABASE, refusalOf, userDirectories } from './command-line.ts';

const makeDirectory = userDirectories();
const BACKTEST = ['backtest', '--strategy', 'mean_reversion_crypto'] as const;
const TABLES = ['series', 'market_data', 'data_issues', 'runs', 'orders', 'trades'] as const;
const TIMEFRAMES = '1m, 3m, 5m, 15m, 30m, 1h, 2h, 4h, 6h, 8h, 12h, 1d, 1w';
const STRATEGY_ID =
  'a strategy id of at most 64 lower-case letters, digits and underscores that begins with a ' +
  'letter was expected, was ';
const capital = (text: string) =>
  `--capital: a positive amount such as 50000 was expected, was "${text}"`;

type Row = readonly [args: readonly string[], sentence: string];

describe('a command line that makes no sense', () => {
  it.each<Row>([
    [['bactest'], "unknown command 'bactest'; did you mean backtest?"],
    [['frobnicate'], 'unknown command \'frobnicate\'; see "quantsage --help"'],
    [['data', 'list', '--bogus'], 'unknown option \'--bogus\'; see "quantsage data list --help"'],
    [['data', 'lst'], "unknown command 'lst'; did you mean list?"],
    [['--bogus'], 'unknown option \'--bogus\'; see "quantsage --help"'],
    [[...BACKTEST, '--simbols', 'x'], "unknown option '--simbols'; did you mean --symbols?"],
    [
      ['backtest'],
      '--strategy: an id or a file was expected, was nothing; name one, e.g. --strategy ' +
        'mean_reversion_crypto, or list some in portfolio.strategies of config.yaml',
    ],
    [
      [...BACKTEST, '--capital'],
      'option \'--capital <amount>\' argument missing; see "quantsage backtest --help"',
    ],
    [
      [...BACKTEST, 'extra'],
      "too many arguments for 'backtest': expected 0 arguments but got 1; " +
        'see "quantsage backtest --help"',
    ],
    [['runs', 'show'], 'missing required argument \'run\'; see "quantsage runs show --help"'],
    [
      ['runs', 'list', '--limit', '0'],
      '--limit: a whole number of at least 1 was expected, was "0"',
    ],
    [['data', 'list', '--db', ''], '--db: a path to a file was expected, was ""'],
  ])('is refused in one sentence with the next step: %j', async (args, said) => {
    const directory = makeDirectory();
    const outcome = await directory.run(...args);
    expect(refusalOf(outcome)).toBe(said);
    expect(outcome.code).toBe(2);
    expect(directory.has('data')).toBe(false);
  });

  it.each([[[]], [['data']], [['runs']]])(
    'gets the help it needs where a command is missing: %j',
    async (args) => {
      const { code, stdout, stderr } = await makeDirectory().run(...args);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/^Usage: quantsage .*\[command\]/);
    },
  );
});

describe('backtest with a flag that makes no sense', () => {
  it.each<Row>([
    [['--symbols', ''], '--symbols: a symbol was expected, was ""'],
    [['--symbols', 'BTC/USD,,ETH/USD'], '--symbols: a symbol was expected, was "BTC/USD,,ETH/USD"'],
    [
      ['--symbols', 'btc/usd'],
      '--symbols: a symbol such as BTC/USD or AAPL was expected, was "btc/usd"; ' +
        'did you mean "BTC/USD"?',
    ],
    [
      ['--symbols', 'BTC/USD/EUR'],
      '--symbols: a symbol such as BTC/USD or AAPL was expected, was "BTC/USD/EUR"',
    ],
    [
      ['--symbols', 'BTC/USD,BTC/USD'],
      '--symbols: each symbol once was expected, was "BTC/USD" twice',
    ],
    [
      ['--timeframe', '1M'],
      `--timeframe: one of ${TIMEFRAMES} was expected, was "1M"; ` +
        '1m is a minute, months are not supported',
    ],
    [['--timeframe', '7m'], `--timeframe: one of ${TIMEFRAMES} was expected, was "7m"`],
    [['--timeframe', 'toString'], `--timeframe: one of ${TIMEFRAMES} was expected, was "toString"`],
    [['--timerange', '20240230-'], '--timerange: 20240230 is not a calendar date'],
    [['--timerange', '20230229-'], '--timerange: 20230229 is not a calendar date'],
    [
      ['--timerange', '20240201-20240101'],
      '--timerange: an end after 2024-02-01T00:00:00Z was expected, was 2024-01-01T00:00:00Z',
    ],
    [
      ['--timerange', '20240101-20240101'],
      '--timerange: an end after 2024-01-01T00:00:00Z was expected, was 2024-01-01T00:00:00Z',
    ],
    [
      ['--timerange', '2024'],
      '--timerange: a range such as 20230101-20240101 (also 20230101- or -20240101) was expected, ' +
        'was "2024"',
    ],
    [['--timerange', '19690101-'], '--timerange: a time from 1970 on was expected, was 19690101'],
    [['--exchange', 'Kraken!'], '--exchange: an id such as coinbase was expected, was "Kraken!"'],
    [['--capital', '0'], capital('0')],
    [['--capital', '-5'], capital('-5')],
    [['--capital', 'abc'], capital('abc')],
    [['--capital', '1e5'], capital('1e5')],
    [['--capital', 'NaN'], capital('NaN')],
    [['--capital', 'Infinity'], capital('Infinity')],
    [['--capital', '10,000'], capital('10,000')],
    [['--capital', ''], capital('')],
    [
      ['--set', 'nonsense'],
      '--set nonsense: path=value was expected, was "nonsense"; ' +
        'write for example --set portfolio.initial_capital=50000',
    ],
    [['--set', '=1'], '--set =1: a path such as portfolio.initial_capital was expected, was ""'],
    [
      ['--set', '__proto__.polluted=1'],
      '--set __proto__.polluted=1: a path such as portfolio.initial_capital was expected, ' +
        'was "__proto__.polluted"',
    ],
    [
      ['--set', 'portfolio.initial_capitol=1'],
      '--set portfolio.initial_capitol=1: unknown key "initial_capitol"; ' +
        'did you mean "initial_capital"?',
    ],
    [
      ['--set', 'risk_limits.position.max_fraction=10'],
      '--set risk_limits.position.max_fraction=10: risk_limits.position.max_fraction: ' +
        'a fraction between 0 and 1 was expected, was 10 (write 0.10 for 10 %)',
    ],
    [
      ['--set', 'params.rsi_oversold=low'],
      '--set params.rsi_oversold=low: params.rsi_oversold: a finite number was expected, was "low"',
    ],
    [
      ['--set', 'strategies.nobody.params.rsi_period=10'],
      '--set strategies.nobody.params.rsi_period=10: a configured strategy was expected, ' +
        'was "nobody"; known strategies: mean_reversion_crypto, momentum_crypto',
    ],
  ])('exits 2, says why and writes nothing: %j', async (flags, said) => {
    const directory = makeDirectory();
    const outcome = await directory.run(...BACKTEST, ...flags);
    expect(refusalOf(outcome)).toBe(said);
    expect(outcome.code).toBe(2);
    expect(directory.has('data'), 'no database').toBe(false);
  });

  it('refuses a range that begins in the future', async () => {
    const year = new Date().getUTCFullYear() + 2;
    const outcome = await makeDirectory().run(...BACKTEST, '--timerange', `${year}0101-`);
    expect(refusalOf(outcome)).toMatch(/^--timerange: a start before .* was expected, was 2/);
    expect(outcome.code).toBe(2);
  });

  it.each([
    ['__proto__', `${STRATEGY_ID}"__proto__"`],
    ['CON', `${STRATEGY_ID}"CON"`],
    ['', `${STRATEGY_ID}""`],
    ['a\0b', `${STRATEGY_ID}"a\\u0000b"`],
    ['\u{1f4b0}', `${STRATEGY_ID}"\u{1f4b0}"`],
    ['a'.repeat(300), `${STRATEGY_ID}"${'a'.repeat(80)}"`],
  ])('refuses a strategy called %j before it becomes a path', async (id, said) => {
    const directory = makeDirectory();
    const outcome = await directory.run('backtest', '--strategy', id);
    expect(refusalOf(outcome)).toBe(said);
    expect(outcome.code).toBe(2);
    expect(directory.has('data')).toBe(false);
  });

  it.each([
    ['constructor', '; known strategies: mean_reversion_crypto, momentum_crypto'],
    ['mean_reversion_cripto', '; did you mean "mean_reversion_crypto"?'],
  ])('names the strategies there are when it does not know %s', async (id, hint) => {
    const outcome = await makeDirectory().run('backtest', '--strategy', id);
    expect(refusalOf(outcome)).toContain(`was expected, was "${id}"${hint}`);
    expect(outcome.code).toBe(2);
  });
});

describe('a place to write to that is none', () => {
  const filled = makeDirectory({ 'bars.csv': fewCandles('2018-01-01T00:00:00Z') });
  const SERIES = ['--symbol', 'BTC/USD', '--timeframe', '1h'] as const;

  beforeAll(async () => {
    await filled.prepare('import', 'bars.csv', ...SERIES);
  });

  it.each([
    ['a file', 'taken', '"taken": it is a file'],
    ['below a file', 'taken/deep', '"taken/deep": a part of the path is a file'],
    ['where nothing can be made', '/proc/nowhere', '"/proc/nowhere": '],
    ['no name', '', '"": '],
  ])('is refused as --export before anything runs: %s', async (_, place, said) => {
    filled.write('taken', 'x');
    const before = filled.rows(...TABLES);
    const flags = ['--symbols', 'BTC/USD', '--export', place];
    const outcome = await filled.run(...BACKTEST, ...flags);
    const sentence = `--export: a directory that can be written was expected, was ${said}`;
    expect(refusalOf(outcome)).toContain(sentence);
    expect(refusalOf(outcome)).toMatch(/; name another one$/);
    expect(outcome.code).toBe(2);
    expect(filled.rows(...TABLES), 'no run was begun').toBe(before);
    expect(filled.read('taken')).toBe('x');
  });

  it('ends the run as failed when a file of the export cannot be written at its end', async () => {
    const directory = makeDirectory({ 'bars.csv': fewCandles('2018-01-01T00:00:00Z') });
    await directory.prepare('import', 'bars.csv', ...SERIES);
    mkdirSync(directory.at('out/trades.csv'), { recursive: true });
    const flags = ['--symbols', 'BTC/USD', '--export', 'out'];
    const outcome = await directory.run(...BACKTEST, ...flags);
    expect(refusalOf(outcome)).toBe(
      '--export: a directory that can be written was expected, was "out": ' +
        'a file has to be written where a directory stands; name another one',
    );
    expect(outcome.code).toBe(2);
    expect(directory.runs()).toMatchObject([{ status: 'failed', report: null }]);
    expect(directory.runs()[0]?.error).toContain('--export');
    const shown = await directory.run('runs', 'show', 'last');
    expect(shown.stdout).toMatch(/^bt-1: failed: --export: /);
  });

  it.each<readonly [string, string, string]>([
    ['a directory', '.', 'a regular file was expected, was a folder; choose another --db'],
    ['/dev/zero', '/dev/zero', 'a regular file was expected, was a device; choose another --db'],
    [
      'a text file',
      'notes.txt',
      'a SQLite file was expected, was something else; choose another --db',
    ],
    [
      'below a file',
      'notes.txt/x.db',
      'a path to a file was expected, was ENOTDIR; choose another --db',
    ],
  ])('is refused as --db: %s', async (_, place, said) => {
    const directory = makeDirectory({ 'notes.txt': 'meet at noon, bring the ledger\n' });
    for (const command of [BACKTEST, ['data', 'list'], ['data', 'sample'], ['runs', 'list']]) {
      const outcome = await directory.run(...command, '--db', place);
      expect(refusalOf(outcome)).toContain(said);
      expect(outcome.code).toBe(2);
    }
    expect(directory.read('notes.txt')).toBe('meet at noon, bring the ledger\n');
    expect(directory.has('data')).toBe(false);
  });

  it('is refused as --db when a newer version has written it', async () => {
    const directory = makeDirectory();
    await directory.run('data', 'list');
    const database = openDatabase(directory.at(DATABASE));
    database.exec(`INSERT INTO schema_migrations (version, name) VALUES (99, 'from afar')`);
    database.close();
    const outcome = await directory.run(...BACKTEST);
    expect(refusalOf(outcome)).toMatch(
      /schema version \d+ or older was expected, was "99"; a newer/,
    );
    expect(outcome.code).toBe(2);
  });
});
