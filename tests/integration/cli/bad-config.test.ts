import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { refusalOf, userDirectories } from './command-line.ts';

const makeDirectory = userDirectories();
const COMMANDS = [
  ['config', 'check'],
  ['backtest', '--strategy', 'mean_reversion_crypto'],
] as const;

const risk = (text: string | Buffer) => ({ 'config/risk.yaml': text });
const config = (text: string) => ({ 'config/config.yaml': text });
const limit = (value: string) => risk(`risk_limits:\n  position:\n    max_fraction: ${value}\n`);
const symbols = (value: string) => config(`data:\n  symbols: ${value}\n`);
const timeframe = (value: string) => config(`data:\n  timeframe: ${value}\n`);
const strategy = (text: string) => ({ 'config/strategies/mean_reversion_crypto.yaml': text });

const AT_LIMIT = 'config/risk.yaml:3:19: risk_limits.position.max_fraction: ';
const FRACTION = `${AT_LIMIT}a fraction between 0 and 1 was expected, was `;
const TIMEFRAMES = '1m, 3m, 5m, 15m, 30m, 1h, 2h, 4h, 6h, 8h, 12h, 1d, 1w';
const ALIASES = 'abcdefghi'.split('').map((name, index, all) => {
  const before = all[index - 1];
  const uses = before === undefined ? '1, 1' : Array(9).fill(`*${before}`).join(', ');
  return `${name}: &${name} [${uses}]\n`;
});

type Row = readonly [
  title: string,
  files: Readonly<Record<string, string | Buffer>>,
  sentence: string,
];

/** One row or more for each line of the table of bad configuration. */
const ROWS: readonly Row[] = [
  ['an empty file', risk(''), 'config/risk.yaml: keys and values were expected, was nothing: file'],
  ['only comments', risk('# nothing\n'), 'config/risk.yaml: keys and values were expected'],
  [
    'more than 1 MiB',
    risk(`# ${'x'.repeat(1024 * 1024)}`),
    'config/risk.yaml: a file of at most 1048576 bytes was expected, was 1048578 bytes',
  ],
  [
    'nesting of 5,000 levels, twice in one process',
    risk(`a: ${'['.repeat(5000)}`),
    'config/risk.yaml:1:67: nesting of at most 64 levels was expected, was deeper than 64',
  ],
  [
    'an alias bomb',
    risk(ALIASES.join('')),
    'config/risk.yaml:2:8: c.4.0: at most 50 uses of aliases were expected, was more',
  ],
  [
    'a duplicate key',
    risk('risk_limits:\n  position:\n    max_fraction: 0.1\n    max_fraction: 10\n'),
    'config/risk.yaml:4:5: risk_limits.position: each key once was expected, was "max_fraction" ag',
  ],
  [
    'a tab',
    risk('risk_limits:\n\tposition: {}\n'),
    'config/risk.yaml:2:1: spaces were expected, was a tab',
  ],
  [
    'two documents',
    risk('risk_limits: {}\n---\nrisk_limits: {}\n'),
    'config/risk.yaml:2:1: one YAML document was expected, was a second one',
  ],
  [
    'bad UTF-8',
    risk(Buffer.from([0x61, 0x3a, 0x0a, 0xff, 0xfe])),
    'config/risk.yaml:2: UTF-8 text was expected; save the file as UTF-8',
  ],
  [
    'a JavaScript tag',
    risk('risk_limits: !!js/function "x"\n'),
    'config/risk.yaml:1:14: a plain value without a tag was expected, was !!js/function',
  ],
  ['.nan', limit('.nan'), `${AT_LIMIT}a finite number was expected, was .nan`],
  ['.inf', limit('.inf'), `${AT_LIMIT}a finite number was expected, was .inf`],
  ['1e999', limit('1e999'), `${AT_LIMIT}a finite number was expected, was 1e999`],
  ['010', limit('010'), `${AT_LIMIT}a plain decimal number was expected, was 010 (write 10, or`],
  ['0o10', limit('0o10'), `${AT_LIMIT}a plain decimal number was expected, was 0o10 (write 8, or`],
  ['1_000', limit('1_000'), `${FRACTION}"1_000" (write 1000)`],
  ['5%', limit('5%'), `${FRACTION}"5%" (write 0.05)`],
  ['yes', limit('yes'), `${FRACTION}"yes"`],
  [
    '12345678901234567890',
    config('portfolio:\n  initial_capital: 12345678901234567890\n'),
    'config/config.yaml:2:20: portfolio.initial_capital: a number inside the safe integer range',
  ],
  [
    'a misspelt key',
    risk('risk_limits:\n  position:\n    max_fractoin: 0.1\n'),
    'config/risk.yaml:3:5: unknown key "max_fractoin"; did you mean "max_fraction"?',
  ],
  ['an empty text for a number', limit('""'), `${FRACTION}""`],
  ['nothing for a number', limit(''), `${AT_LIMIT}a value was expected, was nothing (write null`],
  ['a list for a number', limit('[5]'), `${FRACTION}a list of 1`],
  ['10 that meant 10 %', limit('10'), `${FRACTION}10 (write 0.10 for 10 %)`],
  ['a negative limit', limit('-0.1'), `${FRACTION}-0.1 (write 0.1: without a sign)`],
  ['a limit of zero', limit('0'), `${FRACTION}0 (write null for no limit)`],
  [
    'a stop beyond 100 %',
    risk('risk_limits:\n  position:\n    stop_loss: { crypto: 1.5 }\n'),
    'config/risk.yaml:3:26: risk_limits.position.stop_loss.crypto: a fraction above 0 and below 1',
  ],
  [
    'a take-profit below the fees',
    risk('risk_limits:\n  position:\n    stop_loss: { crypto: 0.005 }\n'),
    'config/risk.yaml:3:26: risk_limits.position.stop_loss.crypto: a take-profit farther away than',
  ],
  [
    'a daily limit of 5',
    risk('risk_limits:\n  system:\n    max_daily_loss: 5\n'),
    'config/risk.yaml:3:21: risk_limits.system.max_daily_loss: a fraction between 0 and 1 was',
  ],
  [
    'a symbol in lower case',
    symbols('[btc/usd]'),
    'config/config.yaml:2:13: data.symbols.0: a symbol such as BTC/USD or AAPL was expected, ' +
      'was "btc/usd"; did you mean "BTC/USD"?',
  ],
  [
    'a symbol twice',
    symbols('[BTC/USD, BTC/USD]'),
    'config/config.yaml:2:22: data.symbols.1: each symbol once was expected, was "BTC/USD"',
  ],
  [
    '10,000 symbols',
    symbols(`[${Array.from({ length: 10_000 }, (_, index) => `S${index}/USD`).join(', ')}]`),
    'config/config.yaml:2:12: data.symbols: a list of 1 to 1000 symbols',
  ],
  [
    'no symbol',
    symbols('[]'),
    'config/config.yaml:2:12: data.symbols: a list of 1 to 1000 symbols',
  ],
  ['a mode', config('mode: live\n'), 'config/config.yaml:1:1: unknown key "mode"; known keys: sys'],
  [
    'months for minutes',
    timeframe('1M'),
    `config/config.yaml:2:14: data.timeframe: one of ${TIMEFRAMES} was expected, was "1M" (M would`,
  ],
  [
    'a timeframe of seven minutes',
    timeframe('7m'),
    `config/config.yaml:2:14: data.timeframe: one of ${TIMEFRAMES} was expected, was "7m"; did you`,
  ],
  [
    'a timeframe of zero',
    timeframe('0m'),
    `config/config.yaml:2:14: data.timeframe: one of ${TIMEFRAMES} was expected, was "0m"`,
  ],
  [
    'two files that disagree',
    {
      ...config('risk_limits:\n  position:\n    max_fraction: 0.2\n'),
      ...limit('0.1'),
    },
    'config/config.yaml:3:19: risk_limits.position.max_fraction: one value was expected, ' +
      'was 0.2 here and 0.1 at config/risk.yaml:3:19; keep the one in risk.yaml',
  ],
  [
    'a strategy with a misspelt parameter',
    strategy('strategy: mean_reversion\nparams:\n  rsi_perod: 14\n'),
    'config/strategies/mean_reversion_crypto.yaml:3:3: unknown key "rsi_perod"; did you mean "rsi',
  ],
  [
    'a strategy of an unknown kind',
    strategy('strategy: mean_revision\n'),
    'config/strategies/mean_reversion_crypto.yaml:1:11: strategy: a kind of strategy was expected,',
  ],
  [
    'a variable with a bad value in .env',
    { '.env': 'QUANTSAGE_PORTFOLIO__INITIAL_CAPITAL=lots\n' },
    'environment variable QUANTSAGE_PORTFOLIO__INITIAL_CAPITAL: portfolio.initial_capital: a number',
  ],
];

describe('a configuration with a fault', () => {
  it.each(ROWS)(
    'is refused in one sentence, and nothing is written: %s',
    async (_, files, said) => {
      const directory = makeDirectory(files);
      for (const command of COMMANDS) {
        const outcome = await directory.run(...command);
        expect(refusalOf(outcome)).toContain(said);
        expect(refusalOf(outcome).indexOf(said), 'the place comes first').toBe(0);
        expect(outcome.code).toBe(2);
      }
      expect(directory.has('data'), 'no database').toBe(false);
    },
  );

  it('gets a sentence a line for each of several problems', async () => {
    const text =
      'risk_limits:\n  position:\n    max_fraction: 5%\n  symbol:\n    max_exposure: 2\n';
    const { code, stdout, stderr } = await makeDirectory(risk(text)).run('config', 'check');
    expect(stderr.split('\n')).toEqual([
      `error: ${FRACTION}"5%" (write 0.05)`,
      'error: config/risk.yaml:5:19: risk_limits.symbol.max_exposure: ' +
        'a fraction between 0 and 1 was expected, was 2 (write 0.02 for 2 %)',
      '',
    ]);
    expect([code, stdout]).toEqual([2, '']);
  });

  it('shows its stack with --debug alone, after the sentence', async () => {
    const { stderr } = await makeDirectory(limit('5%')).run('config', 'check', '--debug');
    expect(stderr).toMatch(/^error: config\/risk\.yaml:3:19: [^\n]*\nConfigError: [^\n]*\n +at /);
  });
});

describe('a place that holds no readable file', () => {
  it.each<readonly [string, (path: string) => void, string]>([
    ['a directory', (path) => mkdirSync(path), 'a regular file was expected, was a directory'],
    [
      'a FIFO',
      (path) => execFileSync('mkfifo', [path]),
      'a regular file was expected, was a pipe, socket or device',
    ],
    [
      'a link to itself',
      (path) => symlinkSync('risk.yaml', path),
      'a readable file was expected: a symbolic link that leads to itself',
    ],
    [
      'a link out of the directory',
      (path) => symlinkSync('/etc/hostname', path),
      'a file inside config was expected, was a link to /etc/hostname',
    ],
  ])('is refused where risk.yaml is %s', async (_, make, said) => {
    const directory = makeDirectory(config('system:\n  log_level: info\n'));
    make(directory.at('config/risk.yaml'));
    const outcome = await directory.run('config', 'check');
    expect(refusalOf(outcome)).toContain(`config/risk.yaml: ${said}`);
    expect(outcome.code).toBe(2);
  });

  it.each([
    ['missing.yaml', '-c missing.yaml: a file was expected, was nothing there'],
    ['/dev/zero', '/dev/zero: a regular file was expected, was a pipe, socket or device'],
    ['.', '.: a regular file was expected, was a directory'],
  ])('is refused as -c %s', async (file, said) => {
    const outcome = await makeDirectory().run('config', 'check', '-c', file);
    expect(refusalOf(outcome)).toBe(said);
    expect(outcome.code).toBe(2);
  });

  it('is refused as a .env that is a directory', async () => {
    const directory = makeDirectory();
    mkdirSync(directory.at('.env'));
    const outcome = await directory.run('config', 'check');
    expect(refusalOf(outcome)).toBe('.env: a regular file was expected, was a directory');
    expect(outcome.code).toBe(2);
  });
});

describe('a configuration with the habits of other systems', () => {
  it.each([
    ['a byte order mark', '\u{feff}risk_limits:\n  position:\n    max_fraction: 0.3\n'],
    ['Windows line ends', 'risk_limits:\r\n  position:\r\n    max_fraction: 0.3\r\n'],
  ])('is read: %s', async (_, text) => {
    const { code, stdout, stderr } = await makeDirectory(risk(text)).run('config', 'check');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/max_fraction: 0\.3 +# config\/risk\.yaml:3:19\n/);
  });
});

describe('config check', () => {
  it('shows each value with the place it comes from, the strongest source last', async () => {
    const directory = makeDirectory({
      ...config('portfolio:\n  initial_capital: 1\ndata:\n  timeframe: 4h\n'),
      'more.yaml': 'portfolio:\n  initial_capital: 2\n',
      '.env': 'QUANTSAGE_DATA__EXCHANGE=kraken\n',
    });
    const flags = ['-c', 'more.yaml', '--set', 'execution.close_at_end=false'];
    const { code, stdout: aligned, stderr } = await directory.run('config', 'check', ...flags);
    expect([code, stderr]).toEqual([0, '']);
    const stdout = aligned.replaceAll(/ +# /g, '  # ');
    expect(stdout).toContain('# effective configuration, files in config\n');
    expect(stdout).toContain('initial_capital: 2  # more.yaml:2:20\n');
    expect(stdout).toContain('timeframe: 4h  # config/config.yaml:4:14\n');
    expect(stdout).toContain('exchange: kraken  # environment variable QUANTSAGE_DATA__EXCHANGE\n');
    expect(stdout).toContain('close_at_end: false  # --set execution.close_at_end=false\n');
    expect(directory.has('data'), 'checking opens no database').toBe(false);
  });

  it('prints the same as one JSON document with the keys of the files', async () => {
    const { stdout } = await makeDirectory(limit('0.3')).run('config', 'check', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      risk_limits: { position: { max_fraction: 0.3, take_profit_ratio: 2 } },
      position_sizing: { method: 'risk_based', risk_per_trade: 0.01 },
    });
  });
});
