import { describe, expect, it } from 'vitest';
import { compareTraces, differAt } from '../../../../src/app/check-strategy/compare-traces.ts';
import type { BarTrace, RunTrace } from '../../../../src/app/check-strategy/trial.ts';

const ENTER = '{"intent":"enter","symbol":"BTC/USD","side":"buy"}';
const EXIT = '{"intent":"exit","symbol":"BTC/USD"}';

function bar(openTime: number, traced: Partial<BarTrace> = {}): BarTrace {
  return { symbol: 'BTC/USD', openTime, signals: '', turn: 0, shape: 0, values: [], ...traced };
}

function trace(...bars: readonly BarTrace[]): RunTrace {
  return { bars, shapes: [['entry: rsi']], held: [], repainting: [], fault: null };
}

const WHOLE = { from: () => -Infinity, to: Infinity, withRules: true, withTurns: true };

describe('two runs', () => {
  it('are the same where they decided the same', () => {
    const one = trace(bar(1), bar(2, { signals: ENTER, values: [Number.NaN, 30] }));
    expect(compareTraces(one, one, WHOLE)).toEqual({ first: null, last: null, bars: 2 });
  });

  it.each([
    ['another wish', { signals: ENTER }, { signals: EXIT }, 'enter buy, was exit'],
    ['no wish', { signals: ENTER }, {}, 'enter buy, was nothing'],
    ['another value', { values: [1, 30] }, { values: [2, 30] }, 'value of entry: rsi 1, was 2'],
    [
      'another turn',
      { signals: ENTER, turn: 2 },
      { signals: ENTER },
      'enter buy after 2 others, was after 0',
    ],
  ] as const)('differ by %s', (_, one, other, what) => {
    const [base, changed] = [trace(bar(1), bar(2, one)), trace(bar(1), bar(2, other))];
    const { first } = compareTraces(base, changed, WHOLE);
    expect(first).toEqual({ symbol: 'BTC/USD', openTime: 2, what });
    expect(differAt(base, changed, { symbol: 'BTC/USD', openTime: 2 })).toBe(true);
    expect(differAt(base, changed, { symbol: 'BTC/USD', openTime: 1 })).toBe(false);
  });

  it('do not differ by what is not compared', () => {
    const one = trace(bar(1, { signals: ENTER, turn: 1, values: [1, 2] }));
    const other = trace(bar(1, { signals: ENTER, turn: 0, values: [1, 3] }));
    const shallow = { ...WHOLE, withRules: false, withTurns: false };
    expect(compareTraces(one, other, shallow).first).toBeNull();
  });

  it('are compared symbol by symbol, each within its own extent', () => {
    const one = trace(bar(1, { signals: ENTER }), bar(1, { symbol: 'ETH/USD', signals: ENTER }));
    const other = trace(bar(1), bar(1, { symbol: 'ETH/USD' }));
    const from = (symbol: string) => (symbol === 'ETH/USD' ? 1 : 2);
    const compared = compareTraces(one, other, { ...WHOLE, from });
    expect(compared).toMatchObject({ first: { symbol: 'ETH/USD', openTime: 1 }, bars: 1 });
  });
});
