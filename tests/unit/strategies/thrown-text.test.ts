import { describe, expect, it } from 'vitest';
import { StrategyError } from '../../../src/core/errors.ts';
import { BarHistory } from '../../../src/strategies/bar-history.ts';
import { thrownText } from '../../../src/strategies/thrown-text.ts';

/** An error with calls of its own making. */
function thrownAt(...calls: readonly string[]): Error {
  const error = new TypeError('x is not a function');
  error.stack = ['TypeError: x is not a function', ...calls.map((call) => `    at ${call}`)].join(
    '\n',
  );
  return error;
}

const PROGRAM = new URL('../../../src/strategies/rule.ts', import.meta.url);

function thrownBy(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

describe('what a strategy threw', () => {
  it('names the line it was thrown on', () => {
    const thrown = thrownBy(() => {
      throw new RangeError('too far');
    });
    expect(thrownText(thrown)).toMatch(/^too far \(thrown-text\.test\.ts:\d+\)$/);
  });

  it('names the call that the program refused', () => {
    const thrown = thrownBy(() => new BarHistory(1, 'there').last(2));
    expect(thrown).toBeInstanceOf(StrategyError);
    expect(thrownText(thrown)).toMatch(/ \(thrown-text\.test\.ts:\d+\)$/);
  });

  it.each([
    ['a module', ['Object.onBar (file:///home/me/mine.mjs:3:9)'], 'mine.mjs:3'],
    ['a transpiled file', ['Object.onBar (/home/me/mine.ts:14:40)'], 'mine.ts:14'],
    ['a call without a name', ['/home/me/my files/mine.ts:7:1'], 'mine.ts:7'],
    [
      'a built-in that it called',
      ['Array.reduce (<anonymous>)', 'node:internal/x:1:1', 'f (/home/me/mine.ts:2:1)'],
      'mine.ts:2',
    ],
    [
      'a package that it called',
      ['parse (/home/me/node_modules/zod/v4/parse.js:9:1)', 'f (/home/me/mine.ts:5:1)'],
      'mine.ts:5',
    ],
    [
      'the program that it called',
      [`a (${PROGRAM.href}:9:1)`, `b (${PROGRAM.pathname}:9:1)`, 'f (/home/me/mine.ts:6:1)'],
      'mine.ts:6',
    ],
  ])('is found behind %s', (_, calls, place) => {
    expect(thrownText(thrownAt(...calls))).toBe(`x is not a function (${place})`);
  });

  it.each([
    ['no call of the user', [`a (${PROGRAM.href}:9:1)`, 'b (node:internal/timers:5:1)']],
    ['only what waits for the run', ['async main (file:///home/me/run.ts:5:1)']],
    ['no calls', []],
  ])('has no place where there is %s', (_, calls) => {
    expect(thrownText(thrownAt(...calls))).toBe('x is not a function');
  });

  it('may be no error at all', () => {
    expect(thrownText('a word')).toBe('a word');
    expect(thrownText({ code: 7 })).toBe('an object with code');
  });
});
