import { describe, expect, it } from 'vitest';
import { quoteProblem } from '../../../../src/data/live/quote-rules.ts';

const NOW = Date.UTC(2024, 0, 1);
const TERMS = { now: NOW, staleAfterMs: 60_000 };
const SOUND = { symbol: 'BTC/USD', bid: 100, ask: 100.5, time: NOW - 1000 };

describe('quoteProblem', () => {
  it.each([
    ['a spread', {}],
    ['one price for both sides', { bid: 100, ask: 100 }],
    ['a price of a fraction of a cent', { bid: 1e-9, ask: 2e-9 }],
    ['a time just ahead of the clock', { time: NOW + 5000 }],
    ['a time just within the limit', { time: NOW - 60_000 }],
  ])('finds nothing in %s', (_, change) => {
    expect(quoteProblem({ ...SOUND, ...change }, TERMS)).toBeNull();
  });

  it.each([
    ['a bid of zero', { bid: 0 }, /bid above zero .* was 0/],
    ['a negative ask', { ask: -1 }, /ask above zero .* was -1/],
    ['a bid that is no number', { bid: NaN }, /was NaN/],
    ['an infinite ask', { ask: Infinity }, /was Infinity/],
    ['crossed prices', { bid: 101 }, /not above the ask 100.5 .* was 101/],
    ['no time', { time: NaN }, /a time was expected, was NaN/],
    ['a time of the future', { time: NOW + 5001 }, /up to now/],
    ['an old time', { time: NOW - 60_001 }, /fresh .* was of 2023-12-31T23:58:59.999Z/],
  ])('names %s', (_, change, problem) => {
    expect(quoteProblem({ ...SOUND, ...change }, TERMS)).toMatch(problem);
  });
});
