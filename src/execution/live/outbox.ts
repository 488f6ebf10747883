import type { ClientOrderId } from '../../ports/exchange-account.ts';
import type { LiveOrder } from './live-order.ts';

/**
 * Which legs may leave: those that are on record, and each only ever once. A leg that an earlier
 * process had on record is not let out again: nobody knows whether it left.
 */
export class Outbox {
  readonly #released = new Set<ClientOrderId>();
  readonly #sent = new Set<ClientOrderId>();
  #isStopped = false;

  /** An input is on record: what it meant to send may leave. */
  release(orders: readonly LiveOrder[]): void {
    for (const { leg } of orders) {
      if (leg.phase === 'sending' && !this.#sent.has(leg.clientId)) {
        this.#released.add(leg.clientId);
      }
    }
  }

  mayLeave({ leg, ending, refusal }: LiveOrder): boolean {
    const isWanted = ending === null && refusal === null && leg.recall === null;
    const isReleased = leg.phase === 'sending' && this.#released.has(leg.clientId);
    return isReleased && isWanted && !this.#isStopped;
  }

  /** The leg is not to leave for now; when it is to again, that has to be on record first. */
  withdraw(clientId: ClientOrderId): void {
    this.#released.delete(clientId);
  }

  /** The leg leaves now. */
  sent(clientId: ClientOrderId): void {
    this.#released.delete(clientId);
    this.#sent.add(clientId);
  }

  /** True where it is certain that the exchange never heard of the leg. */
  isUnsent({ phase, clientId }: LiveOrder['leg']): boolean {
    return phase === 'waiting' || (phase === 'sending' && !this.#sent.has(clientId));
  }

  /** From here on nothing leaves. */
  stop(): void {
    this.#isStopped = true;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }
}
