import { describe, expect, it } from 'vitest';
import {
  candleRequest,
  holdsEmptyList,
  provenUntil,
  sourceBars,
} from '../../../../src/adapters/ccxt/candle-rows.ts';
import type { AnswerStyle } from '../../../../src/adapters/ccxt/venue-profile.ts';
import { ExchangeError, InvariantError } from '../../../../src/core/errors.ts';
import { DAY_MS, HOUR_MS } from '../../../../src/core/time.ts';

/** 2024-01-01T00:00Z, a Monday. */
const START = Date.UTC(2024, 0, 1);
const STYLES = ['window', 'next', 'recent', 'unified'] as const;

function at(hour: number): number {
  return START + hour * HOUR_MS;
}

function requestFor(from: number, to: number, style: AnswerStyle = 'unified') {
  return candleRequest({ from: at(from), to: at(to) }, '1h', 10, style);
}

/** Hours after the start up to which an answer with candles of these hours is proven complete. */
function proven(style: AnswerStyle, to: number, hours: readonly number[], saysNone = true): number {
  const span = { from: at(0), to: at(to) };
  const request = candleRequest(span, '1h', 10, style);
  if (request === null) throw new Error('a request was expected');
  const bars = sourceBars(hours.map((hour) => [at(hour), 1, 1, 1, 1, 1]));
  const reply = { exchange: 'okx', style, timeframe: '1h', span, request, bars, saysNone } as const;
  return (provenUntil(reply) - START) / HOUR_MS;
}

describe('a request for candles', () => {
  it('begins on the grid and holds no more than a page', () => {
    expect(requestFor(0.2, 100)).toMatchObject({ since: at(1), limit: 10, end: at(11) });
  });

  it('asks for no more than the span holds', () => {
    expect(requestFor(0, 3)).toMatchObject({ since: at(0), limit: 3, end: at(3) });
    expect(requestFor(0, 2.5)).toMatchObject({ since: at(0), limit: 3, end: at(2.5) });
  });

  it('names an end that is the same counted in or out, where the venue takes one', () => {
    expect(requestFor(0, 3, 'window')?.params).toEqual({ until: at(3) - 1000 });
    expect(requestFor(0, 3, 'next')?.params).toEqual({});
  });

  it('of weeks begins on a Monday', () => {
    const span = { from: START + DAY_MS, to: START + 30 * DAY_MS };
    expect(candleRequest(span, '1w', 10, 'next')?.since).toBe(START + 7 * DAY_MS);
  });

  it('is none where no candle opens', () => {
    expect(requestFor(0.2, 0.8)).toBeNull();
    expect(() => requestFor(1, 1)).toThrow(InvariantError);
  });
});

describe('an answer', () => {
  it.each([
    // A page holds ten candles.
    ['window', 30, [0, 1, 2], 10],
    ['window', 5, [0, 1, 2], 5],
    ['window', 30, [], 10],
    ['next', 30, [0, 1, 2], 3],
    ['next', 30, [25, 26], 27],
    ['next', 30, [29], 30],
    ['next', 30, [40, 41], 30],
    ['next', 30, [], 30],
    ['recent', 30, [20, 21], 22],
    ['recent', 30, [20, 29, 30, 31], 30],
    ['recent', 30, [40, 41], 30],
    ['unified', 30, [0, 1, 2], 3],
    ['unified', 30, [2, 1, 0], 3],
    ['unified', 30, [], 10],
    ['unified', 5, [], 5],
    ['unified', 30, [25, 26], 10],
    ['unified', 30, [9, 10, 11], 10],
    ['next', 30, [-2, -1, 0, 1], 2],
  ] as const)('of kind %s over %i hours with %j proves %i', (style, to, hours, until) => {
    expect(proven(style, to, hours)).toBe(until);
  });

  it.each(STYLES)('of kind %s proves nothing by candles from before the span', (style) => {
    expect(() => proven(style, 30, [-3, -2])).toThrow(ExchangeError);
  });

  it.each(STYLES)('of kind %s proves nothing by the lack of a list', (style) => {
    expect(() => proven(style, 30, [], false)).toThrow(ExchangeError);
  });

  it('of the latest candles always holds one', () => {
    expect(() => proven('recent', 30, [])).toThrow(ExchangeError);
  });
});

describe('a body', () => {
  it.each([
    ['[]', true],
    ['{"candles":[]}', true],
    ['{"data":{"pair":"BTC/USD","ohlc":[]}}', true],
    ['{"error":[],"result":{"XXBTZUSD":[],"last":0}}', true],
    ['{"error":[],"result":{"last":0}}', false],
    ['{"errors":[]}', false],
    ['{"candles":[[1]]}', false],
    ['{"candles":null}', false],
    ['{}', false],
  ])('%s says that there are none: %s', (body, expected) => {
    expect(holdsEmptyList(body)).toBe(expected);
  });
});

describe('rows', () => {
  it('become bars, whatever they hold', () => {
    const nothing = { openTime: NaN, open: NaN, high: NaN, low: NaN, close: NaN, volume: NaN };
    expect(sourceBars([[1, 2, 3, 1, 2, 5], [1, '2', undefined, null], null, 'abc', {}])).toEqual([
      { openTime: 1, open: 2, high: 3, low: 1, close: 2, volume: 5 },
      { ...nothing, openTime: 1 },
      nothing,
      nothing,
      nothing,
    ]);
    expect(sourceBars(undefined)).toEqual([]);
  });
});
