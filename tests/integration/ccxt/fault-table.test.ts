import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../src/adapters/ccxt/call-scope.ts';
import { exchangeFault, FAULTS } from '../../../src/adapters/ccxt/ccxt-faults.ts';
import { ConfigError, ExchangeError, type ExchangeFault } from '../../../src/core/errors.ts';

/** Every class of ccxt's errors: what it means, and whether asking again makes sense. */
const ROWS: readonly (readonly [string, ExchangeFault, boolean])[] = [
  ['BaseError', 'bad-response', true],
  ['ExchangeError', 'rejected', false],
  ['AuthenticationError', 'auth', false],
  ['PermissionDenied', 'auth', false],
  ['AccountNotEnabled', 'auth', false],
  ['AccountSuspended', 'auth', false],
  ['ArgumentsRequired', 'rejected', false],
  ['BadRequest', 'rejected', false],
  ['OperationRejected', 'rejected', false],
  ['NoChange', 'rejected', false],
  ['MarginModeAlreadySet', 'rejected', false],
  ['MarketClosed', 'rejected', false],
  ['ManualInteractionNeeded', 'rejected', false],
  ['RestrictedLocation', 'rejected', false],
  ['InsufficientFunds', 'rejected', false],
  ['InvalidAddress', 'rejected', false],
  ['AddressPending', 'rejected', false],
  ['InvalidOrder', 'rejected', false],
  ['OrderNotFound', 'rejected', false],
  ['OrderNotCached', 'rejected', false],
  ['OrderImmediatelyFillable', 'rejected', false],
  ['OrderNotFillable', 'rejected', false],
  ['DuplicateOrderId', 'rejected', false],
  ['ContractUnavailable', 'rejected', false],
  ['NotSupported', 'rejected', false],
  ['InvalidProxySettings', 'rejected', false],
  ['ExchangeClosedByUser', 'network', true],
  ['OperationFailed', 'unavailable', true],
  ['NetworkError', 'network', true],
  ['DDoSProtection', 'rate-limit', true],
  ['RateLimitExceeded', 'rate-limit', true],
  ['ExchangeNotAvailable', 'unavailable', true],
  ['OnMaintenance', 'unavailable', true],
  ['InvalidNonce', 'rejected', false],
  ['ChecksumError', 'bad-response', true],
  ['RequestTimeout', 'timeout', true],
  ['BadResponse', 'bad-response', true],
  ['NullResponse', 'bad-response', true],
  ['CancelPending', 'rejected', false],
  ['UnsubscribeError', 'bad-response', true],
];

const { errors } = await import('ccxt');
const classes = new Map<string, unknown>(Object.entries(errors));

function thrown(name: string): Error {
  const type = classes.get(name);
  if (typeof type !== 'function') throw new Error(`ccxt has no ${name}`);
  const error: unknown = Reflect.construct(type, ['kraken GET https://api/?key=secret 500 {…}']);
  if (error instanceof Error) return error;
  throw new Error(`${name} is no error`);
}

function answered(status: number, body = '', retryAfterMs: number | null = null): Answer {
  return { status, body, date: null, retryAfterMs };
}

function faultOf(error: unknown, answer: Answer | null = null): ExchangeError {
  const fault = exchangeFault('kraken', 'BTC/USD 1h', error, answer);
  if (fault instanceof ExchangeError) return fault;
  throw new Error(`an ExchangeError was expected, was ${fault.name}`);
}

describe("ccxt's errors", () => {
  it.each(ROWS)('%s means %s', (name, kind, isRetryable) => {
    const cause = thrown(name);
    const fault = faultOf(cause);
    expect(fault).toMatchObject({ kind, isRetryable, retryAfterMs: null, cause });
    expect(fault.message).toContain('kraken');
    expect(fault.message).not.toContain('secret');
  });

  it('are all in the table, and no others', () => {
    const known = [...classes].filter(([, type]) => typeof type === 'function');
    const rows = [...ROWS.map(([name]) => name), 'BadSymbol'];
    expect(known.map(([name]) => name).sort()).toEqual(rows.sort());
    expect(Object.keys(FAULTS).filter((name) => !classes.has(name))).toEqual([]);
  });

  it('about a symbol are for the user to mend', () => {
    const answer = answered(200, '{"error":["EQuery:Unknown asset pair"]}');
    const error = exchangeFault('kraken', 'BTC/USD 1h', thrown('BadSymbol'), answer);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toContain('BTC/USD 1h was expected from kraken, which does not have it');
    expect(error.message).toContain('EQuery:Unknown asset pair');
  });

  it('of a class that is new mean what their parent means', () => {
    const { RateLimitExceeded } = errors;
    class OutOfBreath extends RateLimitExceeded {}
    expect(faultOf(new OutOfBreath('')).kind).toBe('rate-limit');
  });

  it.each([
    ['ExchangeError', 500, 'unavailable'],
    ['ExchangeError', 429, 'rate-limit'],
    ['ExchangeError', 400, 'rejected'],
    ['ExchangeError', 200, 'rejected'],
    ['ExchangeNotAvailable', 503, 'unavailable'],
    ['ExchangeNotAvailable', 451, 'rejected'],
    ['ExchangeNotAvailable', 200, 'unavailable'],
    ['BadRequest', 500, 'rejected'],
    ['RateLimitExceeded', 500, 'rate-limit'],
  ] as const)('%s with status %i means %s', (name, status, kind) => {
    expect(faultOf(thrown(name), answered(status)).kind).toBe(kind);
  });

  it('carry how long the venue asked to be left alone', () => {
    const fault = faultOf(thrown('DDoSProtection'), answered(418, '', 120_000));
    expect(fault.retryAfterMs).toBe(120_000);
  });

  it.each([
    ['{"error":["EQuery:Unknown asset pair"]}', 'EQuery:Unknown asset pair'],
    ['{"code":-1121,"msg":"Invalid symbol."}', 'Invalid symbol.'],
    ['{"error":"NOT_FOUND","error_details":"","message":"gone"}', 'NOT_FOUND'],
    [`{"message":"${'x'.repeat(5000)}"}`, '…'],
    [`{"message":"${'so it is '.repeat(500)}"}`, `${'so it is '.repeat(22)}…`],
  ])('quote the venue: %.40s', (body, words) => {
    const { message } = faultOf(thrown('ExchangeError'), answered(400, body));
    expect(message).toContain(`saying "${words}"`);
  });

  it('are not the only ones: what ccxt trips over is an answer without sense', () => {
    expect(faultOf(new TypeError("Cannot read properties of null (reading 'length')")).kind).toBe(
      'bad-response',
    );
    expect(faultOf('a text').kind).toBe('bad-response');
  });

  it('leave errors alone that were raised on purpose', () => {
    const purpose = new ConfigError('no such symbol');
    expect(exchangeFault('kraken', 'candles', purpose, null)).toBe(purpose);
  });
});
