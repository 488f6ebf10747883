import type { EventBus } from '../core/event-bus.ts';
import type { OrderRequest } from '../core/order.ts';
import type { Protection } from '../core/protection.ts';
import type { Signal } from '../core/signal.ts';

/** Entries whose protection is by the risk limits rather than by their strategy. */
export interface LimitedProtections {
  /** The strategy gave none. */
  readonly stop_losses_added: number;
  /** The strategy's lay farther away than the limit. */
  readonly stop_losses_tightened: number;
  /** The strategy gave none. */
  readonly take_profits_added: number;
}

/** Compares what approved entries are protected by with what their signals asked for. */
export class ProtectionTally {
  /** What entry signals wished, by their sequence number, until their order is approved. */
  readonly #wished = new Map<number, Protection>();
  #stopLossesAdded = 0;
  #stopLossesTightened = 0;
  #takeProfitsAdded = 0;

  get counts(): LimitedProtections {
    return {
      stop_losses_added: this.#stopLossesAdded,
      stop_losses_tightened: this.#stopLossesTightened,
      take_profits_added: this.#takeProfitsAdded,
    };
  }

  subscribe(bus: Pick<EventBus, 'on'>): void {
    bus.on('signal.raised', ({ seq, payload }) => this.#noteWish(seq, payload));
    bus.on('signal.ignored', ({ payload }) => this.#forget(payload.signalSeq));
    bus.on('order.rejected', ({ payload }) => this.#forget(payload.order.signalSeq));
    bus.on('order.approved', ({ payload }) => this.#compare(payload));
  }

  #noteWish(seq: number, signal: Signal): undefined {
    if (signal.intent === 'enter') this.#wished.set(seq, signal.protection);
    return undefined;
  }

  #compare(order: OrderRequest): undefined {
    if (order.role !== 'entry') return undefined;
    const wished = this.#wished.get(order.signalSeq);
    if (wished === undefined) return undefined;
    this.#forget(order.signalSeq);
    const { stopLoss, takeProfit } = order.protection;
    if (wished.stopLoss === null) this.#stopLossesAdded += Number(stopLoss !== null);
    else this.#stopLossesTightened += Number(stopLoss !== wished.stopLoss);
    if (wished.takeProfit === null) this.#takeProfitsAdded += Number(takeProfit !== null);
    return undefined;
  }

  #forget(seq: number): undefined {
    this.#wished.delete(seq);
    return undefined;
  }
}
