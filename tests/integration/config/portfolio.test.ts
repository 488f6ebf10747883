import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load-config.ts';
import { problemOf, temporaryDirectories } from './config-directory.ts';

const makeDirectory = temporaryDirectories();

function load(...settings: readonly string[]) {
  const directory = makeDirectory({});
  return loadConfig({ directory, overlays: [], environment: {}, settings }).config;
}

describe('the account in the configuration', () => {
  it('lends nothing to buy with, charges for shorts, and gives strategies equal parts', () => {
    expect(load().portfolio).toEqual({
      strategies: [],
      initialCapital: 100_000,
      maxEntries: 1,
      oppositeSignal: 'close',
      cashBuffer: 0,
      margin: { initial: 1, maintenance: 0.25, borrowRate: 0.03, interestRate: 0.08 },
      capitalShares: {},
    });
  });

  it.each([
    [
      'margin.initial: 0.2',
      '3:14: portfolio.margin.initial: a fraction not below margin.maintenance (0.25; null: no ' +
        'margin calls) was expected, was 0.2',
    ],
    [
      'margin.initial: 0',
      '3:14: portfolio.margin.initial: a fraction between 0 and 1 was expected, was 0',
    ],
    [
      'margin.maintenance: 1.5',
      '3:18: portfolio.margin.maintenance: a fraction between 0 and 1 was expected, was 1.5 ' +
        '(write 0.015 for 1.5 %)',
    ],
    [
      'margin.borrow_rate: -0.01',
      '3:18: portfolio.margin.borrow_rate: a number from 0 to 10 was expected, was -0.01',
    ],
    [
      'cash_buffer: 1',
      '2:16: portfolio.cash_buffer: a fraction from 0 to below 1 was expected, was 1 ' +
        '(write 0.01 for 1 %)',
    ],
    [
      'capital_shares: { a: 0.7, b: 0.4 }',
      '2:19: portfolio.capital_shares: shares that add up to 1 at most, not to 1.1, was expected, ' +
        'was a mapping',
    ],
    [
      'capital_shares: { "My Strategy": 0.7 }',
      'a name of lower-case letters, digits and underscores was expected, was "My Strategy"',
    ],
    [
      'capital_shares: { a: 0 }',
      '2:24: portfolio.capital_shares.a: a fraction between 0 and 1 was expected, was 0',
    ],
  ])('refuses portfolio.%s', (line, problem) => {
    const nested = line.replace('margin.', 'margin:\n    ');
    const directory = makeDirectory({ 'config.yaml': `portfolio:\n  ${nested}\n` });
    const text = problemOf(
      () => loadConfig({ directory, overlays: [], environment: {}, settings: [] }),
      directory,
    );
    expect(`${text}\n`).toContain(`${problem}\n`);
  });

  it('takes shares of doubles that add up to one and a hair', () => {
    const shares = load('portfolio.capital_shares={a: 0.1, b: 0.2, c: 0.7}').portfolio;
    expect(shares.capitalShares).toEqual({ a: 0.1, b: 0.2, c: 0.7 });
  });
});

describe('the sizing of positions', () => {
  it('by all there is counts the fill and a fixed fee once, unless told otherwise', () => {
    expect(load('position_sizing.method=all_in').positionSizing).toEqual({
      method: 'all_in',
      fraction: 1,
      evaluateAt: 'fill',
      fixedFee: 'once',
    });
  });

  it('by a fixed quantity needs one', () => {
    expect(load('position_sizing={method: fixed_quantity, quantity: 100}').positionSizing).toEqual({
      method: 'fixed_quantity',
      quantity: 100,
    });
    expect(() => load('position_sizing.method=fixed_quantity')).toThrow(
      'position_sizing.quantity: a number above 0',
    );
  });
});
