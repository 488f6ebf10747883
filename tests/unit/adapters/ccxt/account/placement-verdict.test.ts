import { describe, expect, it } from 'vitest';
import { PLACEMENT_ERRORS } from '../../../../../src/adapters/ccxt/account/placement-errors.ts';
import { placementVerdict } from '../../../../../src/adapters/ccxt/account/placement-verdict.ts';
import type { Answer } from '../../../../../src/adapters/ccxt/call-scope.ts';
import { ExchangeError } from '../../../../../src/core/errors.ts';

/** Every class of ccxt's errors, and what it says of an order that was sent. */
const ROWS: readonly (readonly [string, string])[] = [
  ['BaseError', 'unknown'],
  ['ExchangeError', 'unknown'],
  ['AuthenticationError', 'auth'],
  ['PermissionDenied', 'auth'],
  ['AccountNotEnabled', 'auth'],
  ['AccountSuspended', 'auth'],
  ['ArgumentsRequired', 'other'],
  ['BadRequest', 'other'],
  ['BadSymbol', 'market'],
  ['OperationRejected', 'other'],
  ['NoChange', 'unknown'],
  ['MarginModeAlreadySet', 'unknown'],
  ['MarketClosed', 'market'],
  ['ManualInteractionNeeded', 'unknown'],
  ['RestrictedLocation', 'auth'],
  ['InsufficientFunds', 'funds'],
  ['InvalidAddress', 'unknown'],
  ['AddressPending', 'unknown'],
  ['InvalidOrder', 'filter'],
  ['OrderNotFound', 'unknown'],
  ['OrderNotCached', 'unknown'],
  ['OrderImmediatelyFillable', 'other'],
  ['OrderNotFillable', 'other'],
  ['DuplicateOrderId', 'unknown'],
  ['ContractUnavailable', 'market'],
  ['NotSupported', 'other'],
  ['InvalidProxySettings', 'other'],
  ['ExchangeClosedByUser', 'unknown'],
  ['OperationFailed', 'unknown'],
  ['NetworkError', 'unknown'],
  ['DDoSProtection', 'unknown'],
  ['RateLimitExceeded', 'unknown'],
  ['ExchangeNotAvailable', 'unknown'],
  ['OnMaintenance', 'unknown'],
  ['InvalidNonce', 'other'],
  ['ChecksumError', 'unknown'],
  ['RequestTimeout', 'unknown'],
  ['BadResponse', 'unknown'],
  ['NullResponse', 'unknown'],
  ['CancelPending', 'unknown'],
  ['UnsubscribeError', 'unknown'],
];

const { errors } = await import('ccxt');
const classes = new Map<string, unknown>(Object.entries(errors));

function thrown(name: string): Error {
  const type = classes.get(name);
  if (typeof type !== 'function') throw new Error(`ccxt has no ${name}`);
  const error: unknown = Reflect.construct(type, ['binance {…}']);
  if (error instanceof Error) return error;
  throw new Error(`${name} is no error`);
}

function answered(status: number, body = '{}'): Answer {
  return { status, body, date: null, retryAfterMs: null };
}

const SENT = { isSent: true, answer: answered(400) };

function verdictOf(error: unknown, scope: Parameters<typeof placementVerdict>[1] = SENT) {
  const refusals = [{ words: /too poor/, cause: 'funds' as const }];
  const outcome = placementVerdict(error, scope, refusals, 'why');
  return outcome.kind === 'refused' ? outcome.cause : outcome.kind;
}

describe('an order that ccxt threw at', () => {
  it.each(ROWS)('with %s is %s', (name, verdict) => {
    expect(verdictOf(thrown(name))).toBe(verdict);
  });

  it('is judged by a table of all classes there are, and no others', () => {
    const known = [...classes].filter(([, type]) => typeof type === 'function');
    expect(known.map(([name]) => name).sort()).toEqual(ROWS.map(([name]) => name).sort());
    expect(Object.keys(PLACEMENT_ERRORS).filter((name) => !classes.has(name))).toEqual([]);
  });

  it('with a class that is new is what its parent says', () => {
    const { InsufficientFunds } = errors;
    class TooPoor extends InsufficientFunds {}
    expect(verdictOf(new TooPoor('x'))).toBe('funds');
  });
});

describe('an order whose request failed', () => {
  it.each([
    ['with a bug', new TypeError('undefined is not a function')],
    ['with what is no error', 'oops'],
    ['with nothing', undefined],
    ['on the way', new ExchangeError('cut', { kind: 'network' })],
    ['as the answer made no sense', new ExchangeError('html', { kind: 'bad-response' })],
    ['as the answer asked for patience', new ExchangeError('wait', { kind: 'rate-limit' })],
  ])('%s is unknown', (_, error) => {
    expect(verdictOf(error)).toBe('unknown');
  });

  it('without an answer is unknown, whatever ccxt calls it', () => {
    for (const [name] of ROWS) {
      expect(verdictOf(thrown(name), { isSent: true, answer: null })).toBe('unknown');
    }
  });

  it.each([408, 425, 500, 501, 502, 503, 504, 520, 599])(
    'with a %i is unknown, whatever the answer says',
    (status) => {
      const scope = { isSent: true, answer: answered(status, '{"msg":"too poor"}') };
      for (const [name] of ROWS) expect(verdictOf(thrown(name), scope)).toBe('unknown');
    },
  );

  it('is refused by the words of the venue, whatever ccxt calls it', () => {
    const scope = { isSent: true, answer: answered(200, '{"msg":"too poor"}') };
    expect(verdictOf(thrown('ExchangeError'), scope)).toBe('funds');
    expect(verdictOf(thrown('InvalidOrder'), scope)).toBe('funds');
  });

  it('is not refused by words in an answer that was not read as an error of the venue', () => {
    const scope = { isSent: true, answer: answered(200, '{"msg":"too poor"}') };
    expect(verdictOf(new TypeError('x'), scope)).toBe('unknown');
  });

  it.each(['Duplicate order sent.', 'clientOrderId is duplicate'])(
    'is unknown where it is there already: %s',
    (msg) => {
      const scope = { isSent: true, answer: answered(400, JSON.stringify({ msg })) };
      expect(verdictOf(thrown('InvalidOrder'), scope)).toBe('unknown');
    },
  );

  it('before anything was sent is refused', () => {
    const scope = { isSent: false, answer: null };
    expect(verdictOf(new TypeError('x'), scope)).toBe('other');
    expect(verdictOf(thrown('NetworkError'), scope)).toBe('other');
    const silence = new ExchangeError('asked to be left alone', { kind: 'rate-limit' });
    expect(verdictOf(silence, scope)).toBe('rate');
    expect(verdictOf(new ExchangeError('no way there', { kind: 'network' }), scope)).toBe('rate');
    expect(verdictOf(new ExchangeError('no such key', { kind: 'auth' }), scope)).toBe('other');
  });
});
