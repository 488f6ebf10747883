import { ExchangeError } from '../../core/errors.ts';
import { formatTime } from '../../core/time.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Timer } from '../../ports/timer.ts';
import { decideRetry, type RetryPolicy } from '../retry-policy.ts';

export interface RetrierParts {
  readonly policy: RetryPolicy;
  readonly timer: Timer;
  /** This machine's clock, for the end of a ban. */
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
}

/** Asks a venue again when a fault may pass by itself. */
export class Retrier {
  readonly #parts: RetrierParts;
  #retries = 0;

  constructor(parts: RetrierParts) {
    this.#parts = parts;
  }

  /** Tries that failed and were followed by another one, over all calls. */
  get retries(): number {
    return this.#retries;
  }

  /**
   * What `ask` gives. Throws its error where asking again makes no sense, or was done often enough;
   * an aborted signal ends the waiting with the last error.
   */
  async call<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const { policy, timer, random, logger } = this.#parts;
    for (let tries = 1; ; tries += 1) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof ExchangeError) || !error.isRetryable || signal.aborted) throw error;
        const { retryAfterMs } = error;
        const decision = decideRetry(policy, { tries, retryAfterMs }, random);
        if (decision.kind === 'exhausted') throw worded(error, `gave up after ${counted(tries)}`);
        if (decision.kind === 'banned') throw worded(error, this.#until(decision.ms));
        logger.warn(
          { fault: error.message, kind: error.kind, waitMs: decision.ms },
          'the exchange is asked again',
        );
        await timer.wait(decision.ms, signal);
        if (signal.aborted) throw error;
        this.#retries += 1;
      }
    }
  }

  #until(ms: number): string {
    const end = Math.ceil((this.#parts.clock.now() + ms) / 1000) * 1000;
    return `it wants to be left alone until ${formatTime(end)}`;
  }
}

function counted(tries: number): string {
  return tries === 1 ? 'one try' : `${tries} tries`;
}

/** The same fault with what became of it. */
export function worded(error: ExchangeError, ending: string): ExchangeError {
  const { kind, retryAfterMs } = error;
  return new ExchangeError(`${error.message}; ${ending}`, {
    kind,
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
    cause: error,
  });
}
