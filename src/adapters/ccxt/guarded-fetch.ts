import { ExchangeError } from '../../core/errors.ts';
import type { CallScopes } from './call-scope.ts';
import type { Fetch, FetchRequest } from './ccxt-exchange.ts';
import { retryAfterOf } from './retry-after.ts';

export interface GuardOptions {
  readonly exchange: string;
  /** For one whole answer: a body that comes a byte at a time is none. */
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  readonly scopes: CallScopes;
  /** Aborts when the source is closed. */
  readonly closing: AbortSignal;
}

/** Answers after which more requests make matters worse. */
const BANS = new Set([418, 429, 503]);

/**
 * The one way of ccxt to the network. It bounds time and size of an answer, follows no redirect,
 * keeps silent while the venue asked to be left alone, and refuses a success that is not JSON:
 * ccxt would take an HTML page with status 200 for a list without candles.
 */
export function guardedFetch(options: GuardOptions): Fetch {
  const { exchange, scopes } = options;
  let silentUntil = 0;
  return async (url, request) => {
    const silence = silentUntil - Date.now();
    if (silence > 0) throw silenced(exchange, silence);
    const scope = scopes.getStore();
    const { response, body } = await answerTo(url, request, options);
    const { status, statusText, headers } = response;
    const retryAfterMs =
      status < 400 ? null : retryAfterOf(headers.get('retry-after'), body, Date.now());
    if (retryAfterMs !== null && BANS.has(status)) silentUntil = Date.now() + retryAfterMs;
    const date = Date.parse(headers.get('date') ?? '');
    if (scope !== undefined) {
      scope.answer = { status, body, date: Number.isNaN(date) ? null : date, retryAfterMs };
    }
    if (response.ok && !isJson(body)) throw notJson(exchange, body);
    return { status, statusText, headers, text: async () => body };
  };
}

async function answerTo(url: string, { method, headers, body }: FetchRequest, guard: GuardOptions) {
  const { exchange, timeoutMs, maxBodyBytes, closing, scopes } = guard;
  const timeout = AbortSignal.timeout(timeoutMs);
  const stop = AbortSignal.any([scopes.getStore()?.signal ?? closing, closing]);
  stop.throwIfAborted();
  const signal = AbortSignal.any([stop, timeout]);
  const init: RequestInit = { method, headers: { ...headers }, redirect: 'manual', signal };
  if (body !== undefined) init.body = body;
  try {
    const response = await fetch(url, init);
    if (response.status >= 300 && response.status < 400) throw redirected(exchange, url, response);
    return { response, body: await textOf(response, maxBodyBytes, exchange) };
  } catch (error) {
    stop.throwIfAborted();
    if (timeout.aborted) throw tooSlow(exchange, timeoutMs, error);
    throw error instanceof ExchangeError ? error : unreachable(exchange, error);
  }
}

async function textOf(response: Response, maxBytes: number, exchange: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  if (response.body === null) return '';
  // Leaving the loop by an error cancels the rest of the body.
  const parts: AsyncIterable<Uint8Array> = response.body;
  for await (const chunk of parts) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) {
      throw new ExchangeError(
        `an answer of at most ${maxBytes} bytes was expected from ${exchange}, was longer`,
        { kind: 'bad-response' },
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
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

function redirected(exchange: string, url: string, response: Response): ExchangeError {
  void response.body?.cancel();
  const location = response.headers.get('location') ?? '';
  const target = URL.canParse(location, url) ? new URL(location, url).host : 'nowhere';
  return new ExchangeError(
    `an answer of ${exchange} itself was expected, was a redirect to ${target} ` +
      `(HTTP ${response.status}), which is not followed`,
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

function tooSlow(exchange: string, timeoutMs: number, cause: unknown): ExchangeError {
  return new ExchangeError(
    `a whole answer from ${exchange} was expected within ${timeoutMs / 1000} s, was still missing; ` +
      `try again, or raise data.timeout_seconds`,
    { kind: 'timeout', cause },
  );
}

function unreachable(exchange: string, error: unknown): ExchangeError {
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = reason instanceof Error && 'code' in reason ? String(reason.code) : String(reason);
  return new ExchangeError(
    `${exchange} could not be reached (${code}); check the network, then try again`,
    { kind: 'network', cause: error },
  );
}
