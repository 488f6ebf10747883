import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load-config.ts';
import { problemOf, temporaryDirectories } from './config-directory.ts';

const makeDirectory = temporaryDirectories();

function load(directory: string) {
  return loadConfig({ directory, overlays: [], environment: {}, settings: [] });
}

function problemIn(files: Readonly<Record<string, string | Buffer>>): string {
  const directory = makeDirectory(files);
  return problemOf(() => load(directory), directory);
}

const LIMIT = 'risk_limits:\n  position:\n    max_fraction: ';
const limit = (value: string) => ({ 'risk.yaml': LIMIT + value + '\n' });
const AT_LIMIT = 'config/risk.yaml:3:19: risk_limits.position.max_fraction: ';
const FRACTION = `${AT_LIMIT}a fraction between 0 and 1 was expected, was `;
const symbols = (value: string) => ({ 'config.yaml': `data:\n  symbols: ${value}\n` });
const AT_SYMBOLS = 'config/config.yaml:2:12: data.symbols: ';
const timeframe = (value: string) => ({ 'config.yaml': `data:\n  timeframe: ${value}\n` });
const AT_TIMEFRAME =
  'config/config.yaml:2:14: data.timeframe: one of ' +
  '1m, 3m, 5m, 15m, 30m, 1h, 2h, 4h, 6h, 8h, 12h, 1d, 1w was expected, was ';
const SYMBOL_LIST = `${AT_SYMBOLS}a list of 1 to 1000 symbols such as [BTC/USD, ETH/USD] was expected`;
const VALUE =
  'a value was expected, was nothing (write null to switch a limit off, or remove the line)';

const data = (key: string, value: string) => ({ 'config.yaml': `data:\n  ${key}: ${value}\n` });

describe('a setting of the collectors', () => {
  it.each([
    [
      'splits',
      'ignore',
      '2:11: data.splits: one of adjust, refuse, trade was expected, was "ignore"',
    ],
    [
      'adjustment',
      'splits',
      '2:15: data.adjustment: one of raw, split, dividend, all was expected, was "splits"; ' +
        'did you mean "split"?',
    ],
    [
      'history_days',
      '0',
      '2:17: data.history_days: a whole number from 1 to 20000 was expected, was 0',
    ],
    [
      'endpoints',
      '{ coinbase: https://evil.example }',
      '2:26: data.endpoints.coinbase: a URL on this machine such as http://127.0.0.1:8080 ' +
        'was expected, was "https://evil.example"',
    ],
    [
      'endpoints',
      '{ coinbase: "http://127.0.0.1:80@evil.example:80" }',
      '2:26: data.endpoints.coinbase: a URL on this machine such as http://127.0.0.1:8080 ' +
        'was expected, was "http://127.0.0.1:80@evil.example:80"',
    ],
  ])('refuses data.%s: %s', (key, value, problem) => {
    expect(problemIn(data(key, value))).toBe(`config/config.yaml:${problem}`);
  });
});

describe('a broken configuration file', () => {
  it.each<readonly [string, Readonly<Record<string, string | Buffer>>, string]>([
    [
      'an empty file',
      { 'risk.yaml': '' },
      'config/risk.yaml: keys and values were expected, was nothing: file is empty',
    ],
    [
      'only comments',
      { 'risk.yaml': '# nothing here\n\n' },
      'config/risk.yaml: keys and values were expected, was nothing: file is empty',
    ],
    [
      'a list instead of keys',
      { 'risk.yaml': '- 1\n' },
      'config/risk.yaml:1:1: keys and values were expected, was a list',
    ],
    [
      'more than 1 MiB',
      { 'risk.yaml': '#'.repeat(1024 * 1024 + 1) },
      'config/risk.yaml: a file of at most 1048576 bytes was expected, was 1048577 bytes',
    ],
    [
      '5,000 brackets',
      { 'risk.yaml': 'a: ' + '['.repeat(5000) },
      // Column 4 is the first bracket, so the 65th level is bracket 64 beside the column of `a`.
      'config/risk.yaml:1:67: nesting of at most 64 levels was expected, was deeper than 64',
    ],
    [
      'an alias bomb',
      {
        'risk.yaml':
          'a: &a [1, 1]\n' +
          Array.from('bcdefghi', (name, index) => {
            const before = 'abcdefgh'[index] ?? '';
            return `${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]\n`;
          }).join(''),
      },
      // b uses 9 aliases; each entry of c uses 10, so that its fifth holds number 50 and its first 51.
      'config/risk.yaml:2:8: c.4.0: at most 50 uses of aliases were expected, was more',
    ],
    [
      'a duplicate key',
      { 'risk.yaml': 'risk_limits:\n  position:\n    max_fraction: 0.1\n    max_fraction: 10\n' },
      'config/risk.yaml:4:5: risk_limits.position: each key once was expected, ' +
        'was "max_fraction" again (first at config/risk.yaml:3:5)',
    ],
    [
      'a tab',
      { 'risk.yaml': 'risk_limits:\n\tposition: {}\n' },
      'config/risk.yaml:2:1: spaces were expected, was a tab',
    ],
    [
      'two documents',
      { 'risk.yaml': 'risk_limits: {}\n---\nrisk_limits: {}\n' },
      'config/risk.yaml:2:1: one YAML document was expected, was a second one',
    ],
    [
      'text that is not UTF-8',
      { 'risk.yaml': Buffer.from([0x61, 0x3a, 0x0a, 0x0a, 0xff, 0xfe]) },
      'config/risk.yaml:3: UTF-8 text was expected; save the file as UTF-8',
    ],
    [
      'a JavaScript tag',
      { 'risk.yaml': 'risk_limits: !!js/function "x"\n' },
      'config/risk.yaml:1:14: a plain value without a tag was expected, was !!js/function; remove it',
    ],
    [
      'a directive',
      { 'risk.yaml': '%YAML 1.1\n---\nrisk_limits: {}\n' },
      'config/risk.yaml:1:1: no YAML directive was expected, was %YAML 1.1; remove it',
    ],
    ['.nan', limit('.nan'), `${AT_LIMIT}a finite number was expected, was .nan`],
    ['.inf', limit('-.inf'), `${AT_LIMIT}a finite number was expected, was -.inf`],
    ['1e999', limit('1e999'), `${AT_LIMIT}a finite number was expected, was 1e999`],
    [
      'a leading zero',
      limit('010'),
      `${AT_LIMIT}a plain decimal number was expected, was 010 (write 10, or "010" for text)`,
    ],
    [
      'an octal number',
      limit('0o10'),
      `${AT_LIMIT}a plain decimal number was expected, was 0o10 (write 8, or "0o10" for text)`,
    ],
    ['digits in groups', limit('1_000'), `${FRACTION}"1_000" (write 1000)`],
    ['a percentage', limit('5%'), `${FRACTION}"5%" (write 0.05)`],
    ['yes for a number', limit('yes'), `${FRACTION}"yes"`],
    ['off for a limit', limit('off'), `${FRACTION}"off" (write null for no limit)`],
    ['a number in quotes', limit('"0.1"'), `${FRACTION}"0.1" (write 0.1 without quotes)`],
    ['an empty text for a number', limit('""'), `${FRACTION}""`],
    ['a list for a number', limit('[5]'), `${FRACTION}a list of 1`],
    [
      'a missing value',
      limit(''),
      `config/risk.yaml:3:19: risk_limits.position.max_fraction: ${VALUE}`,
    ],
    [
      'yes for true',
      { 'config.yaml': 'execution:\n  close_at_end: yes\n' },
      'config/config.yaml:2:17: execution.close_at_end: true or false was expected, ' +
        'was "yes" (write true)',
    ],
    [
      'a number beyond the safe integers',
      { 'config.yaml': 'portfolio:\n  initial_capital: 12345678901234567890\n' },
      'config/config.yaml:2:20: portfolio.initial_capital: a number inside the safe integer range ' +
        '(±9007199254740991) was expected, was 12345678901234567890',
    ],
    [
      'a misspelt key',
      { 'risk.yaml': 'risk_limits:\n  position:\n    max_fractoin: 0.1\n' },
      'config/risk.yaml:3:5: unknown key "max_fractoin"; did you mean "max_fraction"?',
    ],
    [
      'a misspelt section',
      { 'config.yaml': 'portfolo:\n  initial_capital: 1\n' },
      'config/config.yaml:1:1: unknown key "portfolo"; did you mean "portfolio"?',
    ],
    [
      'a key that is like no other',
      { 'config.yaml': 'database:\n  wal_checkpoint_interval: 1\n' },
      'config/config.yaml:2:3: unknown key "wal_checkpoint_interval"; known keys: path',
    ],
    [
      'a prototype',
      { 'config.yaml': 'system:\n  __proto__: { log_level: debug }\n' },
      'config/config.yaml:2:3: system: a key of the configuration was expected, was "__proto__"',
    ],
    [
      'a merge key',
      { 'config.yaml': 'system:\n  <<: { log_level: debug }\n' },
      'config/config.yaml:2:3: unknown key "<<"; known keys: log_level',
    ],
    ['10 that meant 10 %', limit('10'), `${FRACTION}10 (write 0.10 for 10 %)`],
    ['15 that meant 15 %', limit('15'), `${FRACTION}15 (write 0.15 for 15 %)`],
    ['0.5 % that is too large', limit('200'), `${FRACTION}200`],
    ['a negative limit', limit('-0.1'), `${FRACTION}-0.1 (write 0.1: without a sign)`],
    ['a limit of zero', limit('0'), `${FRACTION}0 (write null for no limit)`],
    [
      'a stop beyond the whole price',
      { 'risk.yaml': 'risk_limits:\n  position:\n    stop_loss: { crypto: 1.5 }\n' },
      'config/risk.yaml:3:26: risk_limits.position.stop_loss.crypto: ' +
        'a fraction above 0 and below 1 was expected, was 1.5 (write 0.015 for 1.5 %)',
    ],
    [
      'a daily loss of 5',
      { 'risk.yaml': 'risk_limits:\n  system:\n    max_daily_loss: 5\n' },
      'config/risk.yaml:3:21: risk_limits.system.max_daily_loss: ' +
        'a fraction between 0 and 1 was expected, was 5 (write 0.05 for 5 %)',
    ],
    [
      'a fee of 0.6 that meant 0.6 %',
      { 'risk.yaml': 'transaction_costs:\n  commission:\n    crypto: { taker: 0.6 }\n' },
      'config/risk.yaml:3:22: transaction_costs.commission.crypto.taker: ' +
        'a fraction from 0 to 0.1 was expected, was 0.6 (write 0.006 for 0.6 %)',
    ],
    [
      'a take-profit that fees eat up',
      { 'risk.yaml': 'risk_limits:\n  position:\n    stop_loss: { crypto: 0.005 }\n' },
      // Stop 0.5 % × ratio 2 = 1 %, fees 2 × 0.6 % = 1.2 %.
      'config/risk.yaml:3:26: risk_limits.position.stop_loss.crypto: a take-profit farther away ' +
        'than the fees of a round trip (0.012) was expected, was 0.005 × take_profit_ratio 2 = 0.01; ' +
        'widen the stop, raise the ratio, or set the ratio to null',
    ],
    [
      'no capital',
      { 'config.yaml': 'portfolio:\n  initial_capital: 0\n' },
      'config/config.yaml:2:20: portfolio.initial_capital: ' +
        'a number above 0 and at most 1000000000000 was expected, was 0',
    ],
    [
      'a symbol in lower case',
      symbols('[btc/usd]'),
      'config/config.yaml:2:13: data.symbols.0: a symbol such as BTC/USD or AAPL was expected, ' +
        'was "btc/usd"; did you mean "BTC/USD"?',
    ],
    [
      'a symbol of no known shape',
      symbols('[BTC/USD/EUR]'),
      'config/config.yaml:2:13: data.symbols.0: a symbol such as BTC/USD or AAPL was expected, ' +
        'was "BTC/USD/EUR"',
    ],
    [
      'a symbol twice',
      symbols('[BTC/USD, ETH/USD, BTC/USD]'),
      'config/config.yaml:2:31: data.symbols.2: each symbol once was expected, was "BTC/USD"',
    ],
    ['no symbol', symbols('[]'), `${SYMBOL_LIST}, was a list of 0`],
    [
      '10,000 symbols',
      symbols(`[${Array.from({ length: 10_000 }, (_, index) => `S${index}/USD`).join(', ')}]`),
      `${SYMBOL_LIST}, was a list of 10000`,
    ],
    ['one symbol without a list', symbols('BTC/USD'), `${SYMBOL_LIST}, was "BTC/USD"`],
    [
      'months for minutes',
      timeframe('1M'),
      `${AT_TIMEFRAME}"1M" (M would be months, which are not known; m is minutes)`,
    ],
    ['an unknown timeframe', timeframe('7m'), `${AT_TIMEFRAME}"7m"; did you mean "1m"?`],
    ['a timeframe of zero', timeframe('0m'), `${AT_TIMEFRAME}"0m"; did you mean "1m"?`],
    [
      'a mode, which is the command',
      { 'config.yaml': 'mode: live\n' },
      'config/config.yaml:1:1: unknown key "mode"; known keys: system, database, data, portfolio, ' +
        'execution, live, monitoring, risk_limits, transaction_costs, position_sizing',
    ],
    [
      'two files that disagree',
      {
        'config.yaml': 'risk_limits:\n  position:\n    max_fraction: 0.2\n',
        'risk.yaml': 'risk_limits:\n  position:\n    max_fraction: 0.1\n',
      },
      'config/config.yaml:3:19: risk_limits.position.max_fraction: one value was expected, ' +
        'was 0.2 here and 0.1 at config/risk.yaml:3:19; keep the one in risk.yaml',
    ],
    [
      'a section in the wrong file',
      { 'risk.yaml': 'portfolio:\n  initial_capital: 1\n' },
      'config/risk.yaml:1:1: portfolio was expected in config.yaml, was in config/risk.yaml; move it',
    ],
    [
      'an unknown sizing method',
      { 'risk.yaml': 'position_sizing:\n  method: risk_bsed\n' },
      'config/risk.yaml:2:11: position_sizing.method: one of risk_based, fixed_fraction, ' +
        'fixed_notional, volatility_target, kelly_fraction, fixed_quantity, all_in was expected, was "risk_bsed"; ' +
        'did you mean "risk_based"?',
    ],
    [
      'a key of another slippage model',
      {
        'risk.yaml':
          'transaction_costs:\n  slippage:\n    model: fixed_bps\n    bps: 5\n    base: 1\n',
      },
      'config/risk.yaml:5:5: unknown key "base"; did you mean "bps"?',
    ],
    [
      'a missing key',
      { 'risk.yaml': 'position_sizing:\n  method: fixed_fraction\n' },
      'config/risk.yaml:2:3: position_sizing.fraction: ' +
        'a fraction between 0 and 1 was expected, was nothing',
    ],
    [
      'an exchange with a capital letter',
      {
        'risk.yaml':
          'transaction_costs:\n  commission:\n    venues:\n      Kraken: { maker: 0, taker: 0 }\n',
      },
      'config/risk.yaml:4:7: a name of lower-case letters, digits and underscores was expected, ' +
        'was "Kraken"',
    ],
    [
      'a control character',
      { 'risk.yaml': 'risk_limits: "\u0000"\n' },
      'config/risk.yaml:1:15: no control character was expected',
    ],
  ])('is refused with place and remedy: %s', (_, files, expected) => {
    expect(problemIn(files)).toBe(expected);
  });

  it('gets a sentence a line for each of several problems', () => {
    const text =
      'risk_limits:\n  position:\n    max_fraction: 5%\n  symbol:\n    max_exposure: 2\n';
    expect(problemIn({ 'risk.yaml': text }).split('\n')).toEqual([
      `${FRACTION}"5%" (write 0.05)`,
      'config/risk.yaml:5:19: risk_limits.symbol.max_exposure: ' +
        'a fraction between 0 and 1 was expected, was 2 (write 0.02 for 2 %)',
    ]);
  });

  it('gets ten sentences and a count when nearly everything is wrong', () => {
    const list = Array.from({ length: 14 }, (_, index) => `b${index}`).join(', ');
    const lines = problemIn(symbols(`[${list}]`)).split('\n');
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toBe('4 more problems follow');
  });
});

describe('a file that is no regular file', () => {
  const REGULAR = 'config/risk.yaml: a regular file was expected, was ';

  it('is refused when it is a directory', () => {
    const directory = makeDirectory({});
    mkdirSync(join(directory, 'risk.yaml'));
    expect(problemOf(() => load(directory), directory)).toBe(`${REGULAR}a directory`);
  });

  it('is refused without waiting when it is a FIFO', () => {
    const directory = makeDirectory({});
    execFileSync('mkfifo', [join(directory, 'risk.yaml')]);
    expect(problemOf(() => load(directory), directory)).toBe(`${REGULAR}a pipe, socket or device`);
  });

  it('is refused when it is a device', () => {
    const overlays = ['/dev/zero'];
    const problem = problemOf(() =>
      loadConfig({ directory: makeDirectory({}), overlays, environment: {}, settings: [] }),
    );
    expect(problem).toBe('/dev/zero: a regular file was expected, was a pipe, socket or device');
  });

  it('is refused when it is a link out of the configuration directory', () => {
    const directory = makeDirectory({});
    const outside = join(dirname(directory), 'outside.yaml');
    writeFileSync(outside, 'risk_limits: {}\n');
    symlinkSync(outside, join(directory, 'risk.yaml'));
    expect(problemOf(() => load(directory), directory)).toMatch(
      /^config\/risk\.yaml: a file inside config was expected, was a link to .*outside\.yaml; copy/,
    );
  });

  it('is refused when it is a link to itself', () => {
    const directory = makeDirectory({});
    symlinkSync('risk.yaml', join(directory, 'risk.yaml'));
    expect(problemOf(() => load(directory), directory)).toBe(
      'config/risk.yaml: a readable file was expected: a symbolic link that leads to itself',
    );
  });

  it('is read when it is a link inside the configuration directory', () => {
    const directory = makeDirectory({ 'base.yaml': `${LIMIT}0.3\n` });
    symlinkSync('base.yaml', join(directory, 'risk.yaml'));
    expect(load(directory).config.riskLimits.position.maxFraction).toBe(0.3);
  });
});

describe('a configuration file with the habits of other systems', () => {
  it.each([
    ['a byte order mark', '\uFEFF'],
    ['Windows line ends', ''],
    ['a document start', '---\n'],
  ])('is read: %s', (name, start) => {
    const text = start + `${LIMIT}0.3\n`;
    const directory = makeDirectory({
      'risk.yaml': name.startsWith('Windows') ? text.replaceAll('\n', '\r\n') : text,
    });
    expect(load(directory).config.riskLimits.position.maxFraction).toBe(0.3);
  });

  it('is read with brackets in strings and comments that would be too deep as collections', () => {
    const deep = '['.repeat(200);
    const directory = makeDirectory({
      'config.yaml': `# ${deep}\ndatabase:\n  path: "${deep}" # ${deep}\n`,
    });
    expect(load(directory).config.database.path).toBe(deep);
  });
});

describe('deeply nested YAML', () => {
  it.each([
    ['lists in brackets', `'['.repeat(5000)`],
    ['mappings in braces', `'{a: '.repeat(5000)`],
    ['lists in dashes', `'- '.repeat(5000)`],
    ['explicit keys', `'? '.repeat(5000)`],
    ['brackets behind an apostrophe', `"a: it's\\nb: " + '['.repeat(5000)`],
    ['indentation', `Array.from({ length: 700 }, (_, i) => ' '.repeat(i) + 'a:\\n').join('')`],
  ])('is refused every time and leaves the process alive: %s', (_, text) => {
    const script = `
      import { parseYaml } from './src/config/parse-yaml.ts';
      for (let run = 0; run < 3; run += 1) {
        try {
          parseYaml(${text}, () => ({ kind: 'file', label: 'x' }));
        } catch (error) {
          console.log(error.message);
        }
      }`;
    const output = execFileSync(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', script],
      { encoding: 'utf8' },
    );
    const refusal = 'x: nesting of at most 64 levels was expected, was deeper than 64';
    expect(output.trim().split('\n')).toEqual([refusal, refusal, refusal]);
  });
});
