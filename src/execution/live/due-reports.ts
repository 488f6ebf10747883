import { isHeldEntry, standsBehind } from './entry-queue.ts';
import { isExit, waitingReason, type LiveOrder } from './live-order.ts';
import type { LiveDesk } from './live-desk.ts';

/**
 * How long an entry may be kept from leaving: by what its strategy is selling or calling back, by a
 * halt, by limits. What it was decided on is old then.
 */
const UNSENT_MAX_MS = 60_000;
const TOO_LATE = `it could not leave for ${UNSENT_MAX_MS / 1000} s: never sent`;

/** What is to be reported of orders that are not at the exchange. */
export class DueReports {
  readonly #desk: LiveDesk;

  constructor(desk: LiveDesk) {
    this.#desk = desk;
  }

  /** Whether a report is due that no input of the engine itself may carry. */
  get isAny(): boolean {
    return this.#desk.book.all().some((order) => this.#of(order) !== null);
  }

  /** Reports what is due; inside an input. */
  flush(): void {
    const { book } = this.#desk;
    for (const { request } of book.all()) {
      const order = book.get(request.id);
      if (order !== null) this.#of(order)?.();
    }
  }

  #of(order: LiveOrder): (() => void) | null {
    const desk = this.#desk;
    if (!desk.outbox.isUnsent(order.leg)) return null;
    const { refusal, ending, leg, state, request } = order;
    if (refusal !== null) return () => desk.end(order, 'rejected', refusal);
    if (ending !== null) return () => desk.end(order, 'canceled', ending);
    if (isExit(order) && desk.sellable(request.position, request.symbol).isZero) {
      return () => desk.end(order, 'canceled', 'group filled');
    }
    // What was sent of it before is certainly not at the exchange, and what is next has not left yet.
    const isCertain = state === 'unknown' || (leg.phase === 'waiting' && state === 'submitted');
    if (isCertain) return () => void desk.report(order, 'accepted', waitingReason(order));
    if (leg.phase === 'sending') return this.#withdrawalOf(order);
    return isHeldEntry(order) ? this.#releaseOf(order) : null;
  }

  /** An entry leaves once what it stood behind is over, unless that took too long. */
  #releaseOf(order: LiveOrder): (() => void) | null {
    const desk = this.#desk;
    if (desk.options.clock.now() - order.submittedAt > UNSENT_MAX_MS) {
      return () => desk.end(order, 'canceled', TOO_LATE);
    }
    return standsBehind(order, desk.book.all()) ? null : () => desk.letGo(order);
  }

  /** A leg that may not be sent after all: of an entry it is the end, of an exit it waits anew. */
  #withdrawalOf(order: LiveOrder): (() => void) | null {
    const { book, outbox, options } = this.#desk;
    const { leg, request } = order;
    const isStopped = leg.recall !== null || outbox.isStopped;
    if (!isExit(order)) {
      const isLate = options.clock.now() - leg.intendedAt > UNSENT_MAX_MS;
      if (!isStopped && !isLate) return null;
      const reason = isStopped ? 'the engine stops: never sent' : TOO_LATE;
      return () => this.#desk.end(order, 'canceled', reason);
    }
    if (!isStopped) return null;
    return () => {
      outbox.withdraw(leg.clientId);
      book.put({ ...order, leg: { ...leg, phase: 'waiting', recall: null } });
      this.#desk.replan(request.position);
    };
  }
}
