import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/core/errors.ts';
import { capitalShares } from '../../../src/portfolio/capital-shares.ts';
import { strategyId } from '../../support/orders.ts';

const ids = (...names: readonly string[]) => names.map(strategyId);
const shares = (names: readonly string[], given: Readonly<Record<string, number>>) =>
  Object.fromEntries(capitalShares(ids(...names), given));

describe('capital shares', () => {
  it.each<[string, readonly string[], Readonly<Record<string, number>>, object]>([
    ['one strategy has everything, exactly', ['a'], {}, { a: 1 }],
    ['several have equal parts', ['a', 'b'], {}, { a: 0.5, b: 0.5 }],
    ['a named one has its share, though it is alone', ['a'], { a: 0.6 }, { a: 0.6 }],
    ['the others share the rest', ['a', 'b', 'c'], { a: 0.5 }, { a: 0.5, b: 0.25, c: 0.25 }],
    ['strategies of other runs do not count', ['a'], { b: 1 }, { a: 1 }],
    ['all of it may be given away by name', ['a', 'b'], { a: 0.7, b: 0.3 }, { a: 0.7, b: 0.3 }],
    ['a name of every object is no share', ['constructor'], {}, { constructor: 1 }],
  ])('%s', (_fact, names, given, expected) => {
    expect(shares(names, given)).toEqual(expected);
  });

  it.each([{ a: 1 }, { a: 0.7, b: 0.3 }, { a: 0.1, b: 0.9 }])(
    'refuse a strategy for which %o leaves nothing',
    (given) => {
      expect(() => shares(['a', 'b', 'c'].slice(0, Object.keys(given).length + 1), given)).toThrow(
        ConfigError,
      );
    },
  );

  it('say who has no share', () => {
    expect(() => shares(['a', 'b'], { a: 1 })).toThrow(
      'portfolio.capital_shares: shares of the named strategies below 1 were expected, since b ' +
        'has none, was "1"; give each strategy of the run a share',
    );
  });
});
