import { ExchangeError, isCutShort } from '../../core/errors.ts';
import type { AccountUpdate, ExchangeAccount } from '../../ports/exchange-account.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Timer } from '../../ports/timer.ts';
import type { LiveCore } from './live-core.ts';

const PAUSE_MS = 1_000;
const PAUSE_MAX_MS = 60_000;

interface AccountStreamOptions {
  readonly account: ExchangeAccount;
  readonly core: LiveCore;
  readonly timer: Timer;
  readonly logger: Logger;
  /** Told once a stream stands: what it missed before, a read is to bring. */
  readonly onReady: () => void;
}

/** Follows the account's own reports where the exchange sends them, and comes back when they end. */
export class AccountStream {
  readonly #options: AccountStreamOptions;

  constructor(options: AccountStreamOptions) {
    this.#options = options;
  }

  /** Until the signal aborts; at once where there is no stream. Rejects with what stops the engine. */
  async run(signal: AbortSignal): Promise<void> {
    const { account, logger, timer } = this.#options;
    if (account.watch === null) return;
    let pause = PAUSE_MS;
    while (!signal.aborted) {
      try {
        await this.#follow(signal, () => {
          pause = PAUSE_MS;
        });
      } catch (error) {
        if (isCutShort(error, signal)) return;
        if (!(error instanceof ExchangeError)) throw error;
        logger.warn({ error: error.message }, 'the stream of the account broke');
      }
      await timer.wait(pause, signal);
      pause = Math.min(pause * 2, PAUSE_MAX_MS);
    }
  }

  /** An error of the engine must not be taken for one of the stream: it is kept, and thrown at the end. */
  async #follow(signal: AbortSignal, onReady: () => void): Promise<void> {
    const { account, onReady: onStanding } = this.#options;
    if (account.watch === null) return;
    const stop = new AbortController();
    const end = (): void => stop.abort();
    signal.addEventListener('abort', end, { once: true });
    let failure: { readonly error: unknown } | null = null;
    const update = (each: AccountUpdate): void => {
      if (failure !== null) return;
      try {
        this.#take(each);
      } catch (error) {
        failure = { error };
        stop.abort();
      }
    };
    const ready = (): void => {
      onReady();
      onStanding();
    };
    try {
      await account.watch({ ready, update }, stop.signal);
    } catch (error) {
      if (failure === null) throw error;
    } finally {
      signal.removeEventListener('abort', end);
    }
    rethrow(failure);
  }

  #take(update: AccountUpdate): void {
    const { core } = this.#options;
    if (update.kind === 'order') core.take([update.order], []);
    else core.take([], [update.trade]);
  }
}

function rethrow(failure: { readonly error: unknown } | null): void {
  if (failure !== null) throw failure.error;
}
