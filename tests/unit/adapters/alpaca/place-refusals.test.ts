import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../../../src/adapters/alpaca/place-refusals.ts';
import { ExchangeError } from '../../../../src/core/errors.ts';

function answered(status: number, code: number | string | null, said: string): ExchangeError {
  return new ExchangeError(said, { kind: 'rejected', details: { status, code, said } });
}

describe('what Alpaca says to an order', () => {
  it.each([
    [403, 40_310_000, 'insufficient buying power', 'funds'],
    [403, 40_310_000, 'insufficient qty available for order (requested: 1, available: 0)', 'funds'],
    [403, 40_310_000, 'insufficient balance for BTC (requested: 1, available: 0.5)', 'funds'],
    [403, 40_310_000, 'cost basis must be >= minimal amount of order 10', 'filter'],
    [422, 42_210_000, 'invalid limit_price 1.23456. sub-penny increment', 'filter'],
    [422, 42_210_000, 'fractional orders must be DAY orders', 'filter'],
    [422, 42_210_000, 'asset AAPL is not fractionable', 'filter'],
    [400, 40_010_001, 'qty must be integer', 'filter'],
    [422, 42_210_000, 'asset AAPL is not tradable', 'market'],
    [422, 42_210_000, 'asset "AAPQ" not found', 'market'],
    [403, 40_310_000, 'account is not allowed to short', 'auth'],
    [403, 40_310_000, 'account is restricted to liquidation only', 'auth'],
    [403, 40_310_000, 'potential wash trade detected. use complex orders', 'other'],
    [403, 40_310_100, 'trade denied due to pattern day trading protection', 'other'],
    [422, 42_210_000, 'stop price must not be greater than the base price', 'other'],
    [400, 40_010_000, 'request body format is invalid', 'other'],
    [404, 40_410_000, 'endpoint not found', 'other'],
    [401, null, 'unauthorized.', 'auth'],
    [401, 40_110_000, 'request is not authorized', 'auth'],
  ])('%i with code %s, "%s", is a refusal for %s', (status, code, said, cause) => {
    expect(outcomeOf(answered(status, code, said))).toEqual({
      kind: 'refused',
      cause,
      reason: said,
    });
  });

  it.each([
    [422, 40_010_001, 'client_order_id must be unique'],
    [422, 42_210_000, 'client order id must be unique'],
    [403, null, 'HTML'],
    [404, null, 'Not Found'],
    [422, null, 'Unprocessable'],
    [429, null, 'Too Many Requests'],
    [429, 42_910_000, 'rate limit exceeded'],
    [408, 40_810_000, 'request timeout'],
    [409, 40_910_000, 'conflict'],
    [425, 42_510_000, 'too early'],
    [500, 50_010_000, 'internal server error occurred'],
    [502, null, 'HTML'],
    [503, 50_310_000, 'service unavailable'],
    [504, 50_410_000, 'request timed out'],
    [301, null, ''],
  ])('%i with code %s, "%s", proves nothing', (status, code, said) => {
    expect(outcomeOf(answered(status, code, said))).toMatchObject({ kind: 'unknown' });
  });

  it.each([
    [new ExchangeError('no answer', { kind: 'timeout' })],
    [new ExchangeError('gone', { kind: 'network' })],
    [new ExchangeError('JSON was expected', { kind: 'bad-response' })],
    [new TypeError('undefined is no function')],
    ['a text'],
    [null],
  ])('%s proves nothing', (error) => {
    expect(outcomeOf(error)).toMatchObject({ kind: 'unknown' });
  });
});
