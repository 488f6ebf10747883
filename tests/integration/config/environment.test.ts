import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { CCXT_SECRETS } from '../../../src/adapters/ccxt/account/credentials.ts';
import { readEnvironment } from '../../../src/app/environment.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import { loadStrategyConfig } from '../../../src/config/load-strategy-config.ts';
import { findStrategy, knownKinds } from '../../../src/strategies/strategy-registry.ts';
import { problemOf, temporaryDirectories } from './config-directory.ts';

const makeDirectory = temporaryDirectories();
const NONE = join('no', 'such', '.env');

describe('the environment', () => {
  it('gives the overrides and nothing else', () => {
    const variables = {
      QUANTSAGE_DATA__TIMEFRAME: '2h',
      HOME: '/root',
      COINBASE_API_SECRET: 'canary',
      QUANTSAGE_UNSET: undefined,
    };
    const { overrides, noColor, ...rest } = readEnvironment({ file: NONE, variables });
    expect(overrides).toEqual({ QUANTSAGE_DATA__TIMEFRAME: '2h' });
    expect(noColor).toBe(false);
    expect(Object.keys(rest)).toEqual(['secret', 'redact']);
  });

  it('hands secrets out by name and shows them to no printer', () => {
    const variables = { APCA_API_KEY_ID: 'canary-id', APCA_API_SECRET_KEY: '' };
    const file = join(makeDirectory({ env: 'APCA_API_SECRET_KEY=canary-of-file\n' }), 'env');
    const environment = readEnvironment({ file, variables });
    expect(environment.secret('APCA_API_KEY_ID')).toBe('canary-id');
    expect(environment.secret('APCA_API_SECRET_KEY'), 'set, though to nothing').toBeNull();
    expect(readEnvironment({ file, variables: {} }).secret('APCA_API_SECRET_KEY')).toBe(
      'canary-of-file',
    );
    expect(JSON.stringify(environment) + inspect(environment, { depth: null })).not.toContain(
      'canary',
    );
  });

  it('takes a file of variables, those already set win', () => {
    const file = join(
      makeDirectory({ env: 'QUANTSAGE_A__B="from file" # why\nQUANTSAGE_A__C=c\nNO_COLOR=1\n' }),
      'env',
    );
    expect(readEnvironment({ file, variables: { QUANTSAGE_A__B: 'set' } })).toMatchObject({
      overrides: { QUANTSAGE_A__B: 'set', QUANTSAGE_A__C: 'c' },
      noColor: true,
    });
  });

  it.each([
    [undefined, false],
    ['', false],
    ['1', true],
    ['0', true],
  ])('switches colours off for any NO_COLOR but an empty one: %j', (value, expected) => {
    expect(readEnvironment({ file: NONE, variables: { NO_COLOR: value } }).noColor).toBe(expected);
  });

  it('refuses a file of variables that is a directory', () => {
    const file = makeDirectory({});
    expect(problemOf(() => readEnvironment({ file, variables: {} }), file)).toBe(
      'config: a regular file was expected, was a directory',
    );
  });
});

describe('.env.example', () => {
  const text = readFileSync('.env.example', 'utf8');
  const names = [...text.matchAll(/^(?:# )?([A-Z_]+)=(.+)$/gm)].map(
    ([, name = '', value = '']) => ({
      name,
      value,
    }),
  );

  it('sets nothing until somebody changes it', () => {
    expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
  });

  it('lists only variables that are read', () => {
    const exchanges: readonly string[] = CCXT_SECRETS;
    const unread = names
      .filter(({ name }) => !/^(?:QUANTSAGE_|NO_COLOR$|APCA_API_(?:KEY_ID|SECRET_KEY)$)/.test(name))
      .filter(({ name }) => !exchanges.includes(name));
    expect(names.length).toBeGreaterThan(2);
    expect(unread).toEqual([]);
  });

  it('lists the keys of every exchange that orders can be sent to', () => {
    expect(names.map(({ name }) => name)).toEqual(expect.arrayContaining([...CCXT_SECRETS]));
  });

  it('shows overrides that are valid and change nothing', () => {
    const environment = Object.fromEntries(names.map(({ name, value }) => [name, value]));
    const strategy = {
      directory: 'config',
      id: 'mean_reversion_crypto',
      params: (kind: string) => findStrategy(kind)?.params ?? null,
      knownKinds,
      settings: [],
    };
    const general = { directory: 'config', overlays: [], settings: [] };
    expect(loadConfig({ ...general, environment }).canonicalJson).toBe(
      loadConfig({ ...general, environment: {} }).canonicalJson,
    );
    expect(loadStrategyConfig({ ...strategy, environment }).params).toEqual(
      loadStrategyConfig({ ...strategy, environment: {} }).params,
    );
  });
});
