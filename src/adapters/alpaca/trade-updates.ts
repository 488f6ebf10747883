import { ExchangeError, type ExchangeFault } from '../../core/errors.ts';
import type { AccountUpdate } from '../../ports/exchange-account.ts';
import type { Timer } from '../../ports/timer.ts';
import { readOrders } from './order-reports.ts';

export interface TradeUpdateOptions {
  readonly keyId: string;
  readonly secret: string;
  readonly paper: boolean;
  /** `ws://127.0.0.1:…`; null for Alpaca's own. */
  readonly url: string | null;
  readonly timer: Timer;
  readonly redact: (text: string) => string;
}

interface UpdateListener {
  readonly ready: () => void;
  readonly update: (update: AccountUpdate) => void;
}

/** From the first byte to the answer that the stream is on. */
const READY_MS = 20_000;

/**
 * Follows the account's orders until the signal aborts; throws an `ExchangeError` when the stream
 * breaks, and comes back by itself never: whoever follows decides when, and reads what was missed.
 * A message shows the whole order, with all that was filled; single fills are read as activities,
 * which have another id. Alpaca sends some messages again, and not in order: an order may look
 * younger than it was known to be.
 */
export async function followTradeUpdates(
  options: TradeUpdateOptions,
  on: UpdateListener,
  signal: AbortSignal,
): Promise<void> {
  const { streaming } = await import('@alpacahq/alpaca-trade-api');
  const { keyId, secret, paper, url, redact } = options;
  const stream = new streaming.TradingStream({
    credentials: { keyId, secret },
    paper,
    reconnect: false,
    ...(url !== null && { url }),
  });
  const following = new Following(signal);
  const fail = (words: string): void => following.fail(streamFault(redact(words)));
  stream.onError(fail);
  stream.onDisconnect(() => fail('the connection ended'));
  stream.on(streaming.EVENT.SUBSCRIPTION, (streams: unknown) => {
    if (!Array.isArray(streams) || !streams.includes('trade_updates')) {
      return fail('trade updates are not among its streams');
    }
    following.hear(() => {
      if (following.isReady) return;
      following.isReady = true;
      on.ready();
    });
  });
  stream.onTradeUpdate(({ order }) => {
    following.hear(() => {
      for (const { report } of readOrders([order])) on.update({ kind: 'order', order: report });
    });
  });
  void options.timer.wait(READY_MS, following.over).then(() => {
    if (!following.isReady) fail(`no answer within ${READY_MS / 1000} s`);
  });
  try {
    if (!signal.aborted) {
      // Before the connection: afterwards the SDK would ask twice, and hear everything twice.
      stream.subscribeTradeUpdates();
      stream.connect();
    }
    await following.end;
  } finally {
    stream.removeAllListeners();
    stream.disconnect();
  }
}

/** One stream's life, which ends once: by the caller's signal, or by the first thing that breaks. */
class Following {
  readonly end: Promise<void>;
  isReady = false;
  readonly #over = new AbortController();
  #settle: { readonly resolve: () => void; readonly reject: (error: unknown) => void } = {
    resolve: () => undefined,
    reject: () => undefined,
  };

  constructor(signal: AbortSignal) {
    this.end = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    const stop = (): void => {
      this.#over.abort();
      this.#settle.resolve();
    };
    signal.addEventListener('abort', stop, { once: true, signal: this.#over.signal });
    if (signal.aborted) stop();
  }

  /** Aborts when the life is over. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  fail(error: unknown): void {
    if (this.over.aborted) return;
    this.#over.abort();
    this.#settle.reject(error);
  }

  /** Does something with a message, unless it comes too late. What it throws would get lost in the SDK. */
  hear(work: () => void): void {
    if (this.over.aborted) return;
    try {
      work();
    } catch (error) {
      this.fail(error);
    }
  }
}

function streamFault(words: string): ExchangeError {
  if (/\b406\b|connection limit/i.test(words)) {
    return new ExchangeError(
      `alpaca: the only stream of trade updates of these keys was expected to be ours, was in use ` +
        `(${words}); end the other program that follows this account`,
      { kind: 'unavailable' },
    );
  }
  const kind = kindOf(words);
  const remedy =
    kind === 'auth' ? 'check the keys, and whether they are for paper or live' : 'connect again';
  return new ExchangeError(
    `alpaca: a stream of trade updates was expected, was broken off (${words}); ${remedy}`,
    { kind },
  );
}

function kindOf(words: string): ExchangeFault {
  if (/auth failed|\b40[13]\b|unauthorized/i.test(words)) return 'auth';
  if (words.startsWith('failed to ')) return 'bad-response';
  return words.startsWith('no answer') ? 'timeout' : 'network';
}
