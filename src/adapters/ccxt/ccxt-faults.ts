import {
  ConfigError,
  ExchangeError,
  QuantSageError,
  type ExchangeFault,
} from '../../core/errors.ts';
import type { Answer } from './call-scope.ts';

/**
 * What ccxt's errors mean, by class; one that is not listed means what its parent means. ccxt makes
 * RateLimitExceeded and InvalidNonce kinds of NetworkError: the first is no fault of the network,
 * and a clock that is off does not mend itself.
 */
export const FAULTS: Readonly<Record<string, ExchangeFault>> = {
  BaseError: 'bad-response',
  ExchangeError: 'rejected',
  AuthenticationError: 'auth',
  OperationFailed: 'unavailable',
  NetworkError: 'network',
  RequestTimeout: 'timeout',
  RateLimitExceeded: 'rate-limit',
  DDoSProtection: 'rate-limit',
  ExchangeNotAvailable: 'unavailable',
  OnMaintenance: 'unavailable',
  InvalidNonce: 'rejected',
  ChecksumError: 'bad-response',
  BadResponse: 'bad-response',
  CancelPending: 'rejected',
  UnsubscribeError: 'bad-response',
  ExchangeClosedByUser: 'network',
};

const PHRASES: Readonly<Record<ExchangeFault, readonly [what: string, next: string]>> = {
  network: ['the connection broke', 'check the network, then try again'],
  timeout: ['no answer came in time', 'try again'],
  'rate-limit': ['it asks for fewer requests', 'wait, then try again'],
  unavailable: ['it is not available', 'try again later'],
  'bad-response': ['the answer made no sense', 'try again'],
  auth: ['it refused access', 'check the API key and what it permits'],
  rejected: ['it refused the request', 'mend what it names'],
};

/**
 * Turns what a call of ccxt threw into one sentence; errors raised on purpose pass as they are. A
 * symbol that the venue denies is the user's to mend: a `ConfigError`.
 */
export function exchangeFault(
  exchange: string,
  wanted: string,
  error: unknown,
  answer: Answer | null,
): QuantSageError {
  if (error instanceof QuantSageError) return error;
  const said = saidIn(answer?.body ?? '');
  if (classesOf(error).includes('BadSymbol')) {
    const message = `${wanted} was expected from ${exchange}, which does not have it${said}`;
    return new ConfigError(`${message}; choose another symbol`, { cause: error });
  }
  const kind = kindOf(error, answer?.status ?? null);
  const [what, next] = PHRASES[kind];
  const status = answer === null || answer.status < 400 ? '' : ` (HTTP ${answer.status})`;
  const message = `${wanted} was expected from ${exchange}, but ${what}${status}${said}; ${next}`;
  const retryAfterMs = answer?.retryAfterMs ?? null;
  const wait = retryAfterMs === null ? {} : { retryAfterMs };
  return new ExchangeError(message, { kind, cause: error, ...wait });
}

/** The class decides, where it says nothing the status of the answer does. */
function kindOf(error: unknown, status: number | null): ExchangeFault {
  const classes = classesOf(error);
  const named = classes.find((name) => FAULTS[name] !== undefined) ?? 'BaseError';
  const kind = FAULTS[named] ?? 'bad-response';
  if (status === null) return kind;
  // A bare ExchangeError is what ccxt makes of an error it has no name for, a 500 included.
  if (named === 'ExchangeError' && classes[0] === named) return kindOfStatus(status) ?? kind;
  // And it takes a 403 or 404 for an exchange that is away.
  if (named === 'ExchangeNotAvailable') return kindOfStatus(status) ?? kind;
  return kind;
}

function kindOfStatus(status: number): ExchangeFault | null {
  if (status >= 500) return 'unavailable';
  if (status === 429 || status === 418) return 'rate-limit';
  if (status === 408 || status === 425) return 'unavailable';
  return status >= 400 ? 'rejected' : null;
}

/** Names of an error's classes, its own first. */
export function classesOf(error: unknown): readonly string[] {
  const names: string[] = [];
  let step: unknown = error instanceof Error ? Object.getPrototypeOf(error) : null;
  while (isObject(step)) {
    names.push(step.constructor.name);
    step = Object.getPrototypeOf(step);
  }
  return names;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Where venues put what they have to say. */
const WORDS =
  /"(?:error_description|message|msg|error|reason)"\s*:\s*\[?\s*"((?:[^"\\]|\\.){1,200})("?)/;

/**
 * The venue's own words, short and without control characters; empty where it has none. What is cut
 * off ends between two words: half of a key that it repeats would not be known for one.
 */
function saidIn(body: string): string {
  const [, words, end] = WORDS.exec(body.slice(0, 4000)) ?? [];
  if (words === undefined) return '';
  const whole = end === '' ? words.replace(/\S*$/, '…') : words;
  const plain = whole.replaceAll(/\\["\\/]/g, (escape) => escape.slice(1));
  return `, saying "${plain.replaceAll(/[^\x20-\x7e…]/g, ' ')}"`;
}
