import type { EpochMs } from '../../core/time.ts';
import { isExit, type LiveOrder } from './live-order.ts';

const WINDOW_MS = 60_000;
/** Exits get through where entries no longer do: a position is to be closed even then. */
const EXIT_FACTOR = 2;

/**
 * The last line of defence against an engine that sends without end: so many orders a minute, and no
 * more are sent until somebody looks at it.
 */
export class CreateLimit {
  readonly #perMinute: number;
  #sentAt: readonly EpochMs[] = [];
  #breach: string | null = null;

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** Why no entry leaves any more; null while all is well. */
  get breach(): string | null {
    return this.#breach;
  }

  /** Whether an order may leave now; one that may counts as sent. */
  allows(order: LiveOrder, now: EpochMs): boolean {
    if (this.#breach !== null && !isExit(order)) return false;
    this.#sentAt = this.#sentAt.filter((at) => at > now - WINDOW_MS);
    const limit = isExit(order) ? this.#perMinute * EXIT_FACTOR : this.#perMinute;
    if (this.#sentAt.length < limit) {
      this.#sentAt = [...this.#sentAt, now];
      return true;
    }
    this.#breach ??=
      `at most ${limit} orders a minute were expected to leave, was "${limit + 1}": ` +
      'no entry is sent any more until the engine is started again';
    return false;
  }
}
