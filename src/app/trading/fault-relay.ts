import { ExchangeError } from '../../core/errors.ts';

type Listener = (error: unknown) => void;

/**
 * Hears of every question to an exchange that was not answered as it should be, whoever asked. An
 * outage counts once: what fails again before it was answered once is the same fault. An order or a
 * cancellation without an answer always counts.
 */
export class FaultRelay {
  readonly #failing = new Set<string>();
  #listener: Listener | null = null;

  /** Names who is to be told from now on; before that nobody is. */
  listen(listener: Listener): void {
    this.#listener = listener;
  }

  /** The same as `asked`, with its answers watched; `whose` tells apart what is asked alike. */
  watching<T extends object>(asked: T, whose: string): T {
    return new Proxy(asked, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          const answer: unknown = Reflect.apply(value, target, args);
          if (answer instanceof Promise) this.#watch(answer, `${whose} ${String(name)}`, args);
          return answer;
        };
      },
    });
  }

  #watch(answer: Promise<unknown>, question: string, args: readonly unknown[]): void {
    answer.then(
      (value) => {
        this.#failing.delete(question);
        if (isUnanswered(value)) this.#listener?.(new Error(value.reason));
      },
      (error: unknown) => {
        const isCut = args.some((each) => each instanceof AbortSignal && each.aborted);
        if (isCut || !(error instanceof ExchangeError) || !error.isRetryable) return;
        if (!this.#failing.has(question)) this.#listener?.(error);
        this.#failing.add(question);
      },
    );
  }
}

/** What `place` and `cancel` of an account give where the exchange did not answer. */
function isUnanswered(value: unknown): value is { readonly reason: string } {
  if (typeof value !== 'object' || value === null) return false;
  return 'kind' in value && value.kind === 'unknown' && 'reason' in value;
}
