import { describe, expect, it } from 'vitest';
import { plainValue } from '../../../src/config/config-node.ts';
import { settingsNode } from '../../../src/config/setting-nodes.ts';
import {
  refuseUnassigned,
  settingsOf,
  withoutStrategies,
} from '../../../src/config/strategy-settings.ts';

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('withoutStrategies', () => {
  const rest = (setting: string, runsStrategies: boolean) =>
    Object.keys(plainValue(withoutStrategies(settingsNode([setting]), runsStrategies)) as object);

  it.each([
    ['params.n=1', [], []],
    ['strategies.a.params.n=1', [], []],
    ['a.params.n=1', ['a'], []],
    ['a.symbols=[X/USD]', ['a'], []],
    ['a.allow_short=true', ['a'], []],
    ['allow_short=true', ['allow_short'], []],
    ['timeframe=4h', ['timeframe'], []],
    // Sections have keys of the same names.
    ['data.symbols=[X/USD]', ['data'], ['data']],
    ['data.timeframe=4h', ['data'], ['data']],
    ['portfolio.params=1', ['portfolio'], ['portfolio']],
    ['a.other=1', ['a'], ['a']],
    ['a=1', ['a'], ['a']],
  ])('leaves of %s %j, and %j where strategies are run', (setting, always, running) => {
    expect(rest(setting, false)).toEqual(always);
    expect(rest(setting, true)).toEqual(running);
  });
});

describe('settingsOf', () => {
  it('gives what is said of one strategy, the more general first', () => {
    const node = settingsNode([
      'a.params.n=3',
      'strategies.a.params.n=2',
      'params.n=1',
      'b.params.n=4',
      'timeframe=4h',
      'data.timeframe=1d',
    ]);
    expect(settingsOf(node, 'a').map(plainValue).map(plain)).toEqual([
      { timeframe: '4h', params: { n: 1 } },
      { params: { n: 2 } },
      { params: { n: 3 } },
    ]);
  });

  it('takes no section for a strategy of its name', () => {
    const node = settingsNode(['data.symbols=[X/USD]', 'strategies.data.symbols=[Y/USD]']);
    expect(settingsOf(node, 'data').map(plainValue).map(plain)).toEqual([{ symbols: ['Y/USD'] }]);
  });
});

describe('refuseUnassigned', () => {
  const refuse = (setting: string, ...running: readonly string[]) =>
    refuseUnassigned(settingsNode([setting]), { running, configured: ['known'] });

  it.each([
    ['a.params.n=1', ['a', 'b']],
    ['strategies.b.params.n=1', ['a', 'b']],
    ['known.params.n=1', ['a', 'b']],
    ['params.n=1', ['a']],
    ['symbols=[X/USD]', ['a']],
    ['data.symbols=[X/USD]', ['a', 'b']],
  ])('lets %s of %j pass', (setting, running) => {
    expect(() => refuse(setting, ...running)).not.toThrow();
  });

  it.each([
    [
      'nobody.params.n=1',
      '--set nobody.params.n=1: a configured strategy was expected, was "nobody"; known strategies: a, b, known',
    ],
    [
      'strategies.knwn.params.n=1',
      '--set strategies.knwn.params.n=1: a configured strategy was expected, was "knwn"; did you ' +
        'mean "known"?',
    ],
    [
      'symbols=[X/USD]',
      '--set symbols=[X/USD]: the strategy it is for was expected before "symbols", was none of ' +
        'a, b; write for example --set a.symbols=…',
    ],
  ])('refuses %s of two', (setting, said) => {
    expect(() => refuse(setting, 'a', 'b')).toThrow(said);
  });
});
