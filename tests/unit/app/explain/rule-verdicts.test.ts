import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainedRule, readable, rulesAsked } from '../../../../src/app/explain/rule-verdicts.ts';
import { compares, COMPARISONS, type Condition } from '../../../../src/core/condition.ts';
import { strategyId } from '../../../support/orders.ts';

function condition(value: number, threshold: number): Condition {
  const holds = compares(value, '<', threshold);
  return { name: 'rsi', value, comparison: '<', threshold, holds };
}

function told(rule: string, only: Condition) {
  return explainedRule({
    strategy: strategyId('alpha'),
    rule,
    holds: only.holds,
    conditions: [only],
    firstFailing: only.holds ? null : only,
  });
}

describe('a rule in words', () => {
  it('names what keeps it from holding, with both numbers', () => {
    expect(told('long_entry', condition(52.3, 40))).toMatchObject({
      sentence: 'no long entry: rsi 52.3 is not < 40',
      firstFailing: 'rsi',
      holds: false,
    });
  });

  it('says that it holds', () => {
    expect(told('long_entry', condition(39, 40))).toMatchObject({
      sentence: 'long entry holds',
      firstFailing: null,
    });
  });

  it('says so where an indicator has no value yet', () => {
    const { sentence } = told('entry', condition(Number.NaN, 40));
    expect(sentence).toBe('no entry: rsi is not defined yet (NaN < 40)');
  });

  it('never shows numbers that would say otherwise', () => {
    expect(told('entry', condition(40.000001, 40)).sentence).toContain('40.000001 is not < 40');
    const numbers = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(numbers, numbers, fc.constantFrom(...COMPARISONS), (value, limit, comparison) => {
        const [shown, bound] = readable(value, limit);
        expect(compares(shown, comparison, bound)).toBe(compares(value, comparison, limit));
      }),
    );
  });
});

describe('the rules that answer why nothing was done', () => {
  const rules = ['long_entry', 'short_entry', 'long_exit', 'short_exit'].map((rule) =>
    told(rule, condition(1, 0)),
  );
  const names = (held: 'long' | 'short' | null, given = rules) =>
    rulesAsked(given, held).map(({ rule }) => rule);

  it('are those to enter while nothing is held', () => {
    expect(names(null)).toEqual(['long_entry', 'short_entry']);
  });

  it('are those to leave what is held', () => {
    expect(names('long')).toEqual(['long_exit']);
    expect(names('short')).toEqual(['short_exit']);
  });

  it('are all of them where their names do not tell', () => {
    const own = ['dip', 'recovered'].map((rule) => told(rule, condition(1, 0)));
    expect(names('long', own)).toEqual(['dip', 'recovered']);
    const one = ['exit', 'entry'].map((rule) => told(rule, condition(1, 0)));
    expect(names('long', one)).toEqual(['exit']);
  });
});
