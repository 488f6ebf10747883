import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { describeStrategyConfig } from '../../../src/config/describe-config.ts';
import {
  listStrategyConfigs,
  loadStrategyConfig,
  type StrategySources,
} from '../../../src/config/load-strategy-config.ts';
import {
  builtinStrategies,
  findStrategy,
  knownKinds,
} from '../../../src/strategies/strategy-registry.ts';
import { problemOf, temporaryDirectories } from './config-directory.ts';

const makeDirectory = temporaryDirectories();
const reversion = z.strictObject({
  rsi_period: z.int().min(1).max(1000).default(14),
  stop_loss: z.number().gt(0).lt(1).nullable().default(null),
});

function load(sources: Partial<StrategySources> & { readonly directory: string }) {
  return loadStrategyConfig({
    id: 'calm',
    params: (kind) => (kind === 'reversion' ? reversion : null),
    knownKinds: ['reversion', 'breakout'],
    environment: {},
    settings: [],
    ...sources,
  });
}

const files = {
  'strategies/calm.yaml': 'strategy: reversion\nsymbols: [BTC/USD]\nparams:\n  rsi_period: 7\n',
  'strategies/wild.yaml': 'strategy: reversion\n',
};

describe('a strategy configuration', () => {
  it('has its parameters checked and completed by the schema of its kind', () => {
    const { written, ...loaded } = load({ directory: makeDirectory(files) });
    expect(written.kind).toBe('map');
    expect(loaded).toEqual({
      id: 'calm',
      kind: 'reversion',
      symbols: ['BTC/USD'],
      timeframe: null,
      allowShort: false,
      params: { rsi_period: 7, stop_loss: null },
    });
  });

  it('takes file, environment and settings, the later ones first', () => {
    const directory = makeDirectory(files);
    const environment = { QUANTSAGE_STRATEGIES__CALM__PARAMS__RSI_PERIOD: '8' };
    const periods = [
      load({ directory }),
      load({ directory, environment }),
      load({ directory, environment, settings: ['strategies.calm.params.rsi_period=9'] }),
      load({ directory, environment, settings: ['params.rsi_period=10'] }),
    ].map(({ params }) => reversion.parse(params).rsi_period);
    expect(periods).toEqual([7, 8, 9, 10]);
  });

  it('hears overrides of its other keys, and none of other strategies', () => {
    const settings = [
      'strategies.calm.allow_short=true',
      'strategies.wild.allow_short=nonsense',
      'portfolio.initial_capital=1',
    ];
    expect(load({ directory: makeDirectory(files), settings }).allowShort).toBe(true);
  });

  it.each([
    [
      'a misspelt parameter',
      { 'strategies/calm.yaml': 'strategy: reversion\nparams:\n  rsi_periot: 7\n' },
      'config/strategies/calm.yaml:3:3: unknown key "rsi_periot"; did you mean "rsi_period"?',
    ],
    [
      'a parameter out of range',
      { 'strategies/calm.yaml': 'strategy: reversion\nparams:\n  rsi_period: 0\n' },
      'config/strategies/calm.yaml:3:15: params.rsi_period: ' +
        'a number of at least 1 was expected, was 0',
    ],
    [
      'half a bar',
      { 'strategies/calm.yaml': 'strategy: reversion\nparams:\n  rsi_period: 7.5\n' },
      'config/strategies/calm.yaml:3:15: params.rsi_period: a whole number was expected, was 7.5',
    ],
    [
      'a percentage',
      { 'strategies/calm.yaml': 'strategy: reversion\nparams:\n  stop_loss: 2%\n' },
      'config/strategies/calm.yaml:3:14: params.stop_loss: ' +
        'a finite number was expected, was "2%" (write 0.02)',
    ],
    [
      'an unknown kind',
      { 'strategies/calm.yaml': 'strategy: reversoin\n' },
      'config/strategies/calm.yaml:1:11: strategy: a kind of strategy was expected, ' +
        'was "reversoin"; did you mean "reversion"?',
    ],
    [
      'no kind',
      { 'strategies/calm.yaml': 'allow_short: true\n' },
      'config/strategies/calm.yaml:1:1: strategy: a kind of strategy was expected, was nothing; ' +
        'known kinds: reversion, breakout',
    ],
    [
      'a misspelt key',
      { 'strategies/calm.yaml': 'strategy: reversion\nallow_shorts: true\n' },
      'config/strategies/calm.yaml:2:1: unknown key "allow_shorts"; did you mean "allow_short"?',
    ],
  ])('is refused with place and remedy: %s', (_, content, expected) => {
    const directory = makeDirectory(content);
    expect(problemOf(() => load({ directory }), directory)).toBe(expected);
  });

  it('is blamed by the flag when the flag is wrong', () => {
    const directory = makeDirectory(files);
    const settings = ['params.rsi_period=abc'];
    expect(problemOf(() => load({ directory, settings }))).toBe(
      '--set params.rsi_period=abc: params.rsi_period: a whole number was expected, was "abc"',
    );
  });

  it('is refused when an override names a strategy that is not configured', () => {
    const directory = makeDirectory(files);
    const settings = ['strategies.clam.params.rsi_period=3'];
    expect(problemOf(() => load({ directory, settings }))).toBe(
      '--set strategies.clam.params.rsi_period=3: a configured strategy was expected, ' +
        'was "clam"; did you mean "calm"?',
    );
  });

  it('shows every value with its origin', () => {
    const directory = makeDirectory(files);
    const text = describeStrategyConfig(load({ directory, settings: ['params.stop_loss=0.05'] }));
    const close = text.replaceAll(/ +# /g, '  # ');
    expect(close.replaceAll(directory, 'config').split('\n')).toEqual([
      'strategy: reversion  # config/strategies/calm.yaml:1:11',
      'symbols: [ BTC/USD ]  # config/strategies/calm.yaml:2:10',
      'timeframe: null  # default',
      'allow_short: false  # default',
      'params:',
      '  rsi_period: 7  # config/strategies/calm.yaml:4:15',
      '  stop_loss: 0.05  # --set params.stop_loss=0.05',
      '',
    ]);
  });
});

describe('a strategy that is not configured', () => {
  it('is refused with the nearest name and the list', () => {
    const directory = makeDirectory(files);
    expect(problemOf(() => load({ directory, id: 'clam' }), directory)).toBe(
      'a strategy configured in config/strategies was expected, was "clam"; ' +
        'did you mean "calm"? Known strategies: calm, wild',
    );
    expect(problemOf(() => load({ directory, id: 'something_else' }), directory)).toBe(
      'a strategy configured in config/strategies was expected, was "something_else"; ' +
        'known strategies: calm, wild',
    );
  });

  it('runs on its defaults when it is a kind', () => {
    const directory = makeDirectory({});
    const { kind, params } = load({
      directory,
      id: 'reversion',
      settings: ['params.rsi_period=3'],
    });
    expect([kind, params]).toEqual(['reversion', { rsi_period: 3, stop_loss: null }]);
  });
});

describe('a strategy name', () => {
  it.each([
    '../../etc/passwd',
    '__proto__',
    'CON',
    'a\0b',
    'a'.repeat(300),
    '🚀',
    '',
    'mean-reversion',
  ])('is refused before it becomes a path: %j', (id) => {
    expect(problemOf(() => load({ directory: makeDirectory(files), id }))).toBe(
      'a strategy id of at most 64 lower-case letters, digits and underscores that begins with a ' +
        `letter was expected, was ${JSON.stringify(id.slice(0, 80))}`,
    );
  });

  // A word every object has, but a word: no file, no kind.
  it('is looked up and not found: "constructor"', () => {
    const directory = makeDirectory(files);
    expect(problemOf(() => load({ directory, id: 'constructor' }))).toMatch(
      /was "constructor"; known strategies: calm, wild$/,
    );
  });

  it('is refused when its file is a link out of the configuration directory', () => {
    const directory = makeDirectory({});
    const outside = join(dirname(directory), 'outside.yaml');
    writeFileSync(outside, 'strategy: reversion\n');
    mkdirSync(join(directory, 'strategies'));
    symlinkSync(outside, join(directory, 'strategies', 'calm.yaml'));
    expect(problemOf(() => load({ directory }), directory)).toMatch(
      /^config\/strategies\/calm\.yaml: a file inside config was expected, was a link to /,
    );
  });
});

describe('the list of strategy configurations', () => {
  it('is sorted and leaves out what no strategy can be called', () => {
    const directory = makeDirectory({
      ...files,
      'strategies/NOTES.yaml': '',
      'strategies/readme.txt': '',
      'strategies/a_first.yaml': '',
    });
    expect(listStrategyConfigs(directory)).toEqual(['a_first', 'calm', 'wild']);
  });

  it('is empty without a directory', () => {
    expect(listStrategyConfigs('no/such/directory')).toEqual([]);
  });
});

describe('the strategies shipped in config/', () => {
  it.each(['mean_reversion_crypto', 'momentum_crypto'])('say the defaults: %s', (id) => {
    const loaded = loadStrategyConfig({
      directory: 'config',
      id,
      params: (kind) => findStrategy(kind)?.params ?? null,
      knownKinds,
      environment: {},
      settings: [],
    });
    const schema = builtinStrategies.find(({ id: kind }) => kind === loaded.kind)?.params;
    expect(loaded.params).toEqual(schema?.parse({}));
    expect(loaded).toMatchObject({ id, timeframe: '1h', allowShort: false });
  });
});
