/**
 * The way to the servers of venues, for all adapters: what comes back is a whole answer in bounded
 * time and size, or an `ExchangeError` that says what was wrong. It judges no body and no status.
 */
import { ExchangeError } from '../../core/errors.ts';
import { SYSTEM_NETWORK, type Network } from './network.ts';

export interface AnswerBounds {
  /** Who is asked, for messages: `coinbase`. */
  readonly exchange: string;
  /** From the first byte sent to the last one read: a body that comes a byte at a time is none. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** That of this machine by default. */
  readonly network?: Network;
}

export interface WholeAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  readonly body: Buffer;
}

/**
 * Sends one request and reads all of the answer. Follows no redirect: keys would go along. Throws
 * the reason of the first of the signals that aborts.
 */
export async function wholeAnswer(
  url: string,
  init: RequestInit,
  bounds: AnswerBounds,
  signals: readonly AbortSignal[],
): Promise<WholeAnswer> {
  const { exchange, timeoutMs, maxBytes, network = SYSTEM_NETWORK } = bounds;
  const deadline = new Deadline(network, timeoutMs, signals);
  try {
    const { signal } = deadline;
    const response = await network.fetch(url, { ...init, redirect: 'manual', signal });
    const { status, statusText, headers } = response;
    if (status >= 300 && status < 400) throw redirected(exchange, url, response);
    return { status, statusText, headers, body: await bodyOf(response, maxBytes, exchange) };
  } catch (error) {
    deadline.throwIfAborted();
    if (deadline.isOver) throw tooSlow(exchange, timeoutMs, error);
    throw error instanceof ExchangeError ? error : unreachable(exchange, url, error);
  } finally {
    deadline.clear();
  }
}

/**
 * One request's own signal, tied to a time and to others' signals, and untied when it is over.
 * `AbortSignal.any` and `.timeout` stay tied until the garbage collector comes by, or for the whole
 * time: too long for a program that asks for ever.
 */
class Deadline {
  readonly #stop = new AbortController();
  readonly #signals: readonly AbortSignal[];
  readonly #callOff: () => void;
  #isOver = false;

  constructor(network: Network, timeoutMs: number, signals: readonly AbortSignal[]) {
    this.#signals = signals;
    this.#callOff = network.after(timeoutMs, () => {
      this.#isOver = true;
      this.#stop.abort();
    });
    for (const signal of signals) signal.addEventListener('abort', this.#onAbort, { once: true });
    if (signals.some(({ aborted }) => aborted)) this.#onAbort();
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** The time is up. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Throws the reason of the signal that ended it, if one did. */
  throwIfAborted(): void {
    for (const signal of this.#signals) signal.throwIfAborted();
  }

  clear(): void {
    this.#callOff();
    for (const signal of this.#signals) signal.removeEventListener('abort', this.#onAbort);
  }

  readonly #onAbort = (): void => this.#stop.abort();
}

async function bodyOf(response: Response, maxBytes: number, exchange: string): Promise<Buffer> {
  if (response.body === null) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop by an error cancels the rest of the body.
  const parts: AsyncIterable<Uint8Array> = response.body;
  for await (const chunk of parts) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) {
      throw new ExchangeError(
        `an answer of at most ${maxBytes} bytes was expected from ${exchange}, was longer; ` +
          'try again later',
        { kind: 'bad-response' },
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function redirected(exchange: string, url: string, response: Response): ExchangeError {
  void response.body?.cancel();
  const location = response.headers.get('location') ?? '';
  const target = URL.canParse(location, url) ? new URL(location, url).host : 'nowhere';
  return new ExchangeError(
    `an answer of ${exchange} itself was expected, was a redirect to ${target} ` +
      `(HTTP ${response.status}), which is not followed; check the network in between`,
    { kind: 'bad-response', details: { status: response.status } },
  );
}

function tooSlow(exchange: string, timeoutMs: number, cause: unknown): ExchangeError {
  return new ExchangeError(
    `a whole answer from ${exchange} was expected within ${timeoutMs / 1000} s, was still missing; ` +
      `try again, or raise data.timeout_seconds`,
    { kind: 'timeout', cause },
  );
}

function unreachable(exchange: string, url: string, error: unknown): ExchangeError {
  const code = codeOf(error);
  return new ExchangeError(
    `${exchange} could not be reached at ${new URL(url).host} (${code}); check the network, then ` +
      'try again',
    { kind: 'network', cause: error, details: { code } },
  );
}

/** `ECONNREFUSED` and the like, which fetch hides one level down. */
function codeOf(error: unknown): string {
  const inner = error instanceof Error ? error.cause : null;
  for (const each of [error, inner]) {
    if (each instanceof Error && 'code' in each && typeof each.code === 'string') return each.code;
  }
  return error instanceof Error ? error.name : 'unknown';
}
