import type * as Sdk from '@alpacahq/alpaca-trade-api/rest';
import { ExchangeError } from '../../core/errors.ts';
import type { Network } from '../http/network.ts';
import { wholeAnswer } from '../http/whole-answer.ts';
import { exchangeFault, parseAnswer, type FaultWords } from './alpaca-faults.ts';

/** One request by one of the SDK's raw methods. */
export type SdkCall<Apis> = (
  apis: Apis,
  init: { readonly signal: AbortSignal },
) => Promise<{ raw: Response }>;

/** The SDK waits for its limiter with a timer that holds no process: this one does meanwhile. */
const HOLD_MS = 60_000;

/**
 * Requests through the SDK, which is loaded with the first of them. Bodies are parsed here and not by
 * the SDK, whose lossless parser takes ten times as long and whose models promise more than they
 * check.
 */
export class SdkCalls<Apis extends { readonly sdk: typeof Sdk }> {
  readonly #load: () => Promise<Apis>;
  readonly #words: FaultWords;
  readonly #running = new Set<AbortController>();
  #isClosed = false;
  #apis: Promise<Apis> | null = null;

  constructor(load: () => Promise<Apis>, words: FaultWords) {
    this.#load = load;
    this.#words = words;
  }

  /** The answer as parsed JSON that nobody has looked at. Throws an `ExchangeError`. */
  async ask(subject: string, signal: AbortSignal | null, call: SdkCall<Apis>): Promise<unknown> {
    return parseAnswer(await (await this.raw(subject, signal, call)).text(), subject);
  }

  /** The answer as it came, which is all there. Throws an `ExchangeError`. */
  async raw(subject: string, signal: AbortSignal | null, call: SdkCall<Apis>): Promise<Response> {
    this.#apis ??= this.#load();
    const apis = await this.#apis;
    // The SDK listens to a signal in many places at once, more than Node lets pass in silence
    // where several requests share one: each has its own, tied to the caller's.
    const stop = new AbortController();
    const onAbort = () => stop.abort(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#running.add(stop);
    const hold = setInterval(() => undefined, HOLD_MS);
    try {
      signal?.throwIfAborted();
      if (this.#isClosed) throw closed();
      const { raw } = await call(apis, { signal: stop.signal });
      return raw;
    } catch (error) {
      stop.signal.throwIfAborted();
      throw exchangeFault(error, { ...this.#words, sdk: apis.sdk, subject });
    } finally {
      clearInterval(hold);
      this.#running.delete(stop);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Ends what is under way, and refuses what is asked from now on. */
  close(): void {
    this.#isClosed = true;
    for (const request of this.#running) request.abort(closed());
  }
}

function closed(): ExchangeError {
  return new ExchangeError('alpaca is closed', { kind: 'network' });
}

interface FetchBounds {
  /** For one whole answer. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** Null for that of this machine. */
  readonly network: Network | null;
}

/** A fetch whose responses are all there when they come. */
export function fetchWithin({
  network,
  ...limits
}: FetchBounds): (url: string, init: RequestInit) => Promise<Response> {
  const bounds = { exchange: 'alpaca', ...limits, ...(network !== null && { network }) };
  return async (url, init) => {
    const signals = init.signal === null || init.signal === undefined ? [] : [init.signal];
    const { body, ...head } = await wholeAnswer(url, init, bounds, signals);
    // Some statuses allow no body, not even an empty one.
    return new Response(body.length === 0 ? null : new Uint8Array(body), head);
  };
}
