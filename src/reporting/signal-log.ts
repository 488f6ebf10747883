import type { EventBus } from '../core/event-bus.ts';
import type { OrderId } from '../core/ids.ts';
import type { IgnoreReason, Signal } from '../core/signal.ts';
import type { EpochMs } from '../core/time.ts';

/** A signal and what the portfolio made of it. */
export interface SignalRow {
  /** Sequence number of its event. */
  readonly seq: number;
  readonly time: EpochMs;
  readonly signal: Signal;
  /** First order that stems from it; null when there is none. */
  readonly order: OrderId | null;
  /** Why no order was made of it; null when one was. */
  readonly ignored: IgnoreReason | null;
}

interface SignalProgress {
  readonly seq: number;
  readonly time: EpochMs;
  readonly signal: Signal;
  order: OrderId | null;
  ignored: IgnoreReason | null;
}

/** Keeps every signal of a run with its outcome: for exports only. */
export class SignalLog {
  readonly #signals = new Map<number, SignalProgress>();

  /** In the order they were raised. */
  rows(): Iterable<SignalRow> {
    return this.#signals.values();
  }

  subscribe(bus: Pick<EventBus, 'on'>): undefined {
    bus.on('signal.raised', ({ seq, ts: time, payload: signal }) => {
      this.#signals.set(seq, { seq, time, signal, order: null, ignored: null });
      return undefined;
    });
    bus.on('signal.ignored', ({ payload }) => {
      const row = this.#signals.get(payload.signalSeq);
      if (row !== undefined) row.ignored = payload.reason;
      return undefined;
    });
    bus.on('order.requested', ({ payload }) => {
      const row = this.#signals.get(payload.signalSeq);
      if (row !== undefined) row.order ??= payload.id;
      return undefined;
    });
    return undefined;
  }
}
