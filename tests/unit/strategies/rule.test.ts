import { describe, expect, it } from 'vitest';
import { allOf, anyOf, firstFailing, rule } from '../../../src/strategies/rule.ts';
import type { Rule } from '../../../src/strategies/rule.ts';
import { barAt } from './market-fixtures.ts';

const bar = barAt(0, { close: 100, volume: 7 });
const yes = rule('close_high', ({ close }) => close, '>', 99);
const no = rule(
  'volume_high',
  ({ volume }) => volume,
  '>',
  () => 8,
);
const unasked: Rule = {
  holds: () => {
    throw new Error('the rule was evaluated');
  },
  conditions: () => [],
};

describe('a rule', () => {
  it.each([
    ['<', 100, false],
    ['<=', 100, true],
    ['>', 100, false],
    ['>=', 100, true],
    ['<', 101, true],
    ['>', 99, true],
  ] as const)('compares: 100 %s %d is %s', (comparison, threshold, expected) => {
    const compared = rule('close', ({ close }) => close, comparison, threshold);
    expect(compared.holds(bar)).toBe(expected);
    expect(compared.conditions(bar)[0]?.holds).toBe(expected);
  });

  it('records its name, both numbers and the outcome', () => {
    expect(no.conditions(bar)).toEqual([
      { name: 'volume_high', value: 7, comparison: '>', threshold: 8, holds: false },
    ]);
  });

  it.each([
    ['value', NaN, 1],
    ['threshold', 1, NaN],
  ])('does not hold while its %s is undefined', (_, value, threshold) => {
    expect(rule('x', () => value, '>=', threshold).holds(bar)).toBe(false);
    expect(rule('x', () => value, '<', threshold).holds(bar)).toBe(false);
  });
});

describe('rules combined', () => {
  it.each([
    ['all of yes, yes', allOf([yes, yes]), true],
    ['all of yes, no', allOf([yes, no]), false],
    ['any of no, yes', anyOf([no, yes]), true],
    ['any of no, no', anyOf([no, no]), false],
    ['all of yes and any of no, yes', allOf([yes, anyOf([no, yes])]), true],
  ])('%s', (_, combined, expected) => {
    expect(combined.holds(bar)).toBe(expected);
  });

  it('ask no further once the outcome is known', () => {
    expect(allOf([no, unasked]).holds(bar)).toBe(false);
    expect(anyOf([yes, unasked]).holds(bar)).toBe(true);
  });

  it('record every condition, in the order written, also those that decided nothing', () => {
    const names = allOf([no, anyOf([yes, no])])
      .conditions(bar)
      .map(({ name }) => name);
    expect(names).toEqual(['volume_high', 'close_high', 'volume_high']);
  });

  it('refuse an empty list, which would hold always or never', () => {
    expect(() => allOf([])).toThrow('allOf: at least one rule was expected');
    expect(() => anyOf([])).toThrow('anyOf: at least one rule was expected');
  });
});

describe('the condition that keeps a rule from holding', () => {
  const other = rule('low', ({ low }) => low, '<', 0);
  /** As a user may write one: without a word on what decides. */
  const own: Rule = {
    holds: () => false,
    conditions: () => [...yes.conditions(bar), ...no.conditions(bar), ...other.conditions(bar)],
  };

  it.each([
    ['a rule that holds', yes, null],
    ['a rule alone', no, 'volume_high'],
    ['all of yes, no, other', allOf([yes, no, other]), 'volume_high'],
    ['any of no, other', anyOf([no, other]), 'volume_high'],
    ['any of other, yes', anyOf([other, yes]), null],
    // The first member holds by its second half: what fails in it keeps nothing back.
    ['all of any of other, yes; and no', allOf([anyOf([other, yes]), no]), 'volume_high'],
    ['all of yes; and any of other, no', allOf([yes, anyOf([other, no])]), 'low'],
    ['all of yes and one of the user’s own', allOf([yes, own]), 'volume_high'],
  ])('of %s', (_, combined, expected) => {
    expect(firstFailing(combined, bar)?.name ?? null).toBe(expected);
  });

  it('comes with its numbers', () => {
    expect(firstFailing(allOf([yes, no]), bar)).toEqual({
      name: 'volume_high',
      value: 7,
      comparison: '>',
      threshold: 8,
      holds: false,
    });
  });
});
