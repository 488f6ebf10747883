import { describe, expect, it } from 'vitest';
import { plainValue } from '../../../src/config/config-node.ts';
import { environmentNode, settingsNode } from '../../../src/config/setting-nodes.ts';
import { ConfigError } from '../../../src/core/errors.ts';

const settings = (...list: string[]) => plainValue(settingsNode(list));
const environment = (variables: Record<string, string>) => plainValue(environmentNode(variables));

describe('settings', () => {
  it.each([
    ['a.b=1', { a: { b: 1 } }],
    ['a=true', { a: true }],
    ['a=null', { a: null }],
    ['a=data/x.db', { a: 'data/x.db' }],
    ['a=x=y', { a: 'x=y' }],
    ['a=[BTC/USD, ETH/USD]', { a: ['BTC/USD', 'ETH/USD'] }],
    ['a={ b: 1 }', { a: { b: 1 } }],
    [' a.b =1', { a: { b: 1 } }],
  ])('are read as YAML: %s', (text, expected) => {
    expect(settings(text)).toEqual(expected);
  });

  it('are gathered, the later of two for one path counts', () => {
    expect(settings('a.x=1', 'a.y=2', 'a.x=3')).toEqual({ a: { x: 3, y: 2 } });
  });

  it.each([
    ['a', '--set a: path=value was expected, was "a"'],
    ['=5', '--set =5: a path such as portfolio.initial_capital was expected, was ""'],
    ['a..b=5', '--set a..b=5: a path such as portfolio.initial_capital was expected, was "a..b"'],
    ['a.__proto__.b=5', 'a path such as portfolio.initial_capital was expected'],
    ['constructor=5', 'a path such as portfolio.initial_capital was expected'],
    ['a=', '--set a=: a: a value was expected, was nothing (write null to switch a limit off)'],
    ['a=[1', '--set a=[1: valid YAML was expected'],
    ['a=!!str 5', '--set a=!!str 5: a plain value without a tag was expected'],
    ['a=.nan', '--set a=.nan: a finite number was expected, was .nan'],
    [`a=${'['.repeat(5000)}`, 'nesting of at most 64 levels was expected'],
  ])('are refused by name: %s', (text, expected) => {
    expect(() => settings(text)).toThrow(ConfigError);
    expect(() => settings(text)).toThrow(expected);
  });
});

describe('environment variables', () => {
  it('are paths in capitals with two underscores between levels', () => {
    expect(
      environment({
        QUANTSAGE_PORTFOLIO__INITIAL_CAPITAL: '5000',
        QUANTSAGE_DATA__TIMEFRAME: '2h',
      }),
    ).toEqual({ portfolio: { initial_capital: 5000 }, data: { timeframe: '2h' } });
  });

  it('of others are passed over', () => {
    expect(environment({ HOME: '/root', quantsage_a: '1', NOT_QUANTSAGE_A: '1' })).toEqual({});
  });

  it.each([
    ['QUANTSAGE_', '1', 'environment variable QUANTSAGE_: a path such as'],
    ['QUANTSAGE_A__', '1', 'environment variable QUANTSAGE_A__: a path such as'],
    ['QUANTSAGE_A____B', '1', 'a path such as portfolio.initial_capital was expected, was "a..b"'],
    ['QUANTSAGE_A__B', '', 'environment variable QUANTSAGE_A__B: a.b: a value was expected'],
  ])('are refused by name: %s=%s', (name, value, expected) => {
    expect(() => environment({ [name]: value })).toThrow(expected);
  });
});
