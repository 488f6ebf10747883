import { ExchangeError } from '../../core/errors.ts';
import { SYSTEM_NETWORK, type Network } from '../http/network.ts';
import { wholeAnswer } from '../http/whole-answer.ts';
import type { CallScopes } from './call-scope.ts';
import type { Fetch, FetchRequest } from './ccxt-exchange.ts';
import { newSilence, type Silence } from './silence.ts';
import { retryAfterOf } from './retry-after.ts';

export interface GuardOptions {
  readonly exchange: string;
  /** For one whole answer. */
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  readonly scopes: CallScopes;
  /** Aborts when the source is closed. */
  readonly closing: AbortSignal;
  /** That of this machine by default. */
  readonly network?: Network;
  /** Shared with whoever else asks this exchange; its own by default. */
  readonly silence?: Silence;
}

/** Answers after which more requests make matters worse. */
const BANS = new Set([418, 429, 503]);

/**
 * The one way of ccxt to the network. It keeps silent while the venue asked to be left alone, and
 * refuses a success that is not JSON: ccxt would take an HTML page with status 200 for a list
 * without candles.
 */
export function guardedFetch(options: GuardOptions): Fetch {
  const { exchange, scopes, network = SYSTEM_NETWORK, silence: shared = newSilence() } = options;
  return async (url, request) => {
    const silence = shared.until - network.now();
    if (silence > 0) throw silenced(exchange, silence);
    const scope = scopes.getStore();
    if (scope !== undefined) scope.isSent = true;
    const answer = await answerTo(url, request, options);
    const { status, statusText, headers } = answer;
    const body = answer.body.toString('utf8');
    const retryAfterMs =
      status < 400 ? null : retryAfterOf(headers.get('retry-after'), body, network.now());
    if (retryAfterMs !== null && BANS.has(status)) {
      shared.until = Math.max(shared.until, network.now() + retryAfterMs);
    }
    const date = Date.parse(headers.get('date') ?? '');
    if (scope !== undefined) {
      scope.answer = { status, body, date: Number.isNaN(date) ? null : date, retryAfterMs };
    }
    if (status < 300 && !isJson(body)) throw notJson(exchange, body);
    return { status, statusText, headers, text: async () => body };
  };
}

/** As ccxt asks, so long as neither its caller nor the source gives up. */
async function answerTo(url: string, { method, headers, body }: FetchRequest, guard: GuardOptions) {
  const { exchange, timeoutMs, maxBodyBytes, closing, scopes, network = SYSTEM_NETWORK } = guard;
  const caller = scopes.getStore()?.signal;
  const init: RequestInit = { method, headers: { ...headers } };
  if (body !== undefined) init.body = body;
  const bounds = { exchange, timeoutMs, maxBytes: maxBodyBytes, network };
  return wholeAnswer(url, init, bounds, caller === undefined ? [closing] : [caller, closing]);
}

function isJson(body: string): boolean {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

function notJson(exchange: string, body: string): ExchangeError {
  const start = body.trimStart();
  const what = start === '' ? 'empty' : start.startsWith('<') ? 'a web page' : 'cut off or garbled';
  return new ExchangeError(
    `JSON was expected from ${exchange}, the answer was ${what}; ` +
      `a proxy in between or maintenance may be the cause`,
    { kind: 'bad-response' },
  );
}

function silenced(exchange: string, silence: number): ExchangeError {
  const seconds = Math.ceil(silence / 1000);
  return new ExchangeError(
    `${exchange} asked to be left alone for another ${seconds} s; nothing was sent`,
    { kind: 'rate-limit', retryAfterMs: silence },
  );
}
