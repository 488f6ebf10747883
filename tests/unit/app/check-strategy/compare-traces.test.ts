import { describe, expect, it } from 'vitest';
import { compareTraces, differAt } from '../../../../src/app/check-strategy/compare-traces.ts';
import { bar, HOUR, trace } from './traces.ts';

const ALL = { from: () => -Infinity, to: Infinity, withRules: true, withTurns: false };
const BUY = '{"intent":"enter","side":"buy","confidence":1}';

describe('comparing two runs', () => {
  it('finds nothing where both are the same, and counts the bars', () => {
    const run = trace([bar(0), bar(1, { signals: BUY })]);
    expect(compareTraces(run, structuredClone(run), ALL)).toEqual({
      first: null,
      last: null,
      bars: 2,
    });
  });

  it('names the first bar in time and the last, whatever their order in the run', () => {
    const base = trace([bar(2), bar(0), bar(1)]);
    const other = trace([bar(0), bar(1, { signals: BUY }), bar(2, { signals: BUY })]);
    const { first, last } = compareTraces(base, other, ALL);
    expect(first).toEqual({
      symbol: 'BTC/USD',
      openTime: HOUR,
      what: 'nothing, was enter buy',
    });
    expect(last?.openTime).toBe(2 * HOUR);
  });

  it.each([
    ['a signal', { signals: BUY }, 'nothing, was enter buy'],
    ['several signals', { signals: `[{"intent":"exit"},${BUY}]` }, 'nothing, was exit + enter buy'],
    ['the value of a rule', { values: [1.0000000000000002, 50] }, 'value of entry: rsi 1'],
    ['the threshold of a rule', { values: [1, 51] }, 'threshold of entry: rsi 50, was 51'],
  ])('sees %s', (_, change, what) => {
    const { first } = compareTraces(trace([bar(1)]), trace([bar(1, change)]), ALL);
    expect(first?.what).toContain(what);
  });

  it('shows the field of a signal that differs', () => {
    const half = BUY.replace('"confidence":1', '"confidence":0.5');
    const [base, other] = [trace([bar(1, { signals: BUY })]), trace([bar(1, { signals: half })])];
    expect(compareTraces(base, other, ALL).first?.what).toBe(
      'enter buy with "confidence":1, was "confidence":0.5',
    );
  });

  it('takes two NaN of a rule for the same, and zero and minus zero for different', () => {
    const of = (value: number) => trace([bar(1, { values: [value, 50] })]);
    expect(compareTraces(of(Number.NaN), of(Number.NaN), ALL).first).toBeNull();
    expect(compareTraces(of(0), of(-0), ALL).first).not.toBeNull();
  });

  it('leaves rules out where they were not asked', () => {
    const [base, other] = [trace([bar(1)]), trace([bar(1, { values: [] })])];
    expect(
      compareTraces(base, other, { ...ALL, withRules: false, withTurns: false }).first,
    ).toBeNull();
  });

  it('sees other conditions, by name and not by their number', () => {
    const base = trace([bar(1)]);
    const renumbered = trace([bar(1, { shape: 1 })], { shapes: [[], ['entry: rsi']] });
    const renamed = trace([bar(1)], { shapes: [['entry: ema']] });
    expect(compareTraces(base, renumbered, ALL).first).toBeNull();
    expect(compareTraces(base, renamed, ALL).first?.what).toBe('other conditions of its rules');
  });

  it('says when the other run was not asked on a bar, or failed before it', () => {
    const base = trace([bar(0), bar(1)]);
    const fault = { place: null, message: 'it threw' };
    expect(compareTraces(base, trace([bar(0)]), ALL).first?.what).toBe('nothing, was not asked');
    expect(compareTraces(base, trace([bar(0)], { fault }), ALL).first?.what).toBe(
      'nothing, was a failure: it threw',
    );
  });

  it('keeps to the extent, symbol by symbol', () => {
    const base = trace([bar(0), bar(1), bar(1, { symbol: 'ETH/USD' }), bar(2)]);
    const other = trace(base.bars.map((each) => ({ ...each, signals: BUY })));
    const from = (symbol: string) => (symbol === 'ETH/USD' ? 0 : Infinity);
    const { first, bars } = compareTraces(base, other, {
      from,
      to: HOUR,
      withRules: true,
      withTurns: false,
    });
    expect([first?.symbol, first?.openTime, bars]).toEqual(['ETH/USD', HOUR, 1]);
  });

  it('tells whether one bar differs, also where only one run has it', () => {
    const [base, other] = [trace([bar(0), bar(1)]), trace([bar(0), bar(1, { signals: BUY })])];
    const at = (hour: number) => ({ symbol: 'BTC/USD', openTime: hour * HOUR });
    expect([0, 1, 2].map((hour) => differAt(base, other, at(hour)))).toEqual([false, true, false]);
    expect(differAt(base, trace([]), at(0))).toBe(true);
    expect(differAt(trace([]), base, at(0))).toBe(true);
  });
});
