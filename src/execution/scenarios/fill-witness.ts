import { present } from '../../core/assert.ts';
import type { Bar } from '../../core/bar.ts';
import type { Decimal } from '../../core/decimal.ts';
import type { EventBus } from '../../core/event-bus.ts';
import type { Fill } from '../../core/fill.ts';
import type { OrderId } from '../../core/ids.ts';
import type { Instrument, SymbolName } from '../../core/instrument.ts';
import { OpenItems } from '../../core/open-items.ts';
import { isFinal, limitPriceOf, type ApprovedOrder } from '../../core/order.ts';
import type { EpochMs } from '../../core/time.ts';

/** A fill with what stood around it, as far as a better or a worse one depends on that. */
export interface WitnessedFill {
  readonly fill: Fill;
  readonly orderType: ApprovedOrder['type'];
  readonly isFirstFill: boolean;
  /** The bar it was made in. */
  readonly bar: Bar;
  /** As it is at the time of the fill. */
  readonly instrument: Instrument;
  /**
   * Of a stop that was reached inside its bar: the best price of a limit order that would have
   * closed the same position inside the same bar. Null where there is none, and where the bar opened
   * beyond the stop: then the stop was surely first.
   */
  readonly target: Decimal | null;
}

interface WitnessedOrder {
  readonly order: ApprovedOrder;
  hasFilled: boolean;
}

interface WitnessOptions {
  readonly bus: Pick<EventBus, 'on'>;
  readonly instruments: (symbol: SymbolName, time: EpochMs) => Instrument;
}

/**
 * Watches bars and orders of a run for what is around its fills. A fill is told while it is delivered
 * to those who subscribed later: its bar is known by then, and the orders it cancels still stand.
 */
export class FillWitness {
  readonly #instruments: WitnessOptions['instruments'];
  readonly #bars = new Map<SymbolName, Bar>();
  readonly #open = new OpenItems<OrderId, WitnessedOrder>();
  #last: WitnessedFill | null = null;

  constructor({ bus, instruments }: WitnessOptions) {
    this.#instruments = instruments;
    bus.on('bar.arrived', ({ payload }) => {
      this.#bars.set(payload.symbol, payload);
      return undefined;
    });
    bus.on('order.approved', ({ payload }) => {
      this.#open.set(payload.id, { order: payload, hasFilled: false });
      return undefined;
    });
    bus.on('order.updated', ({ payload }) => {
      if (isFinal(payload.state)) this.#open.delete(payload.orderId);
      return undefined;
    });
    bus.on('order.filled', ({ payload }) => this.#onFill(payload));
  }

  /** Throws an `InvariantError` for any but the fill that is being delivered. */
  of(fill: Fill): WitnessedFill {
    return present(
      this.#last?.fill === fill ? this.#last : null,
      `fill ${fill.tradeId} as witnessed`,
    );
  }

  #onFill(fill: Fill): undefined {
    const witnessed = present(this.#open.get(fill.orderId), `the order of fill ${fill.tradeId}`);
    const { order, hasFilled } = witnessed;
    const bar = present(this.#bars.get(fill.symbol), `the bar of fill ${fill.tradeId}`);
    witnessed.hasFilled = true;
    this.#last = {
      fill,
      orderType: order.type,
      isFirstFill: !hasFilled,
      bar,
      instrument: this.#instruments(fill.symbol, fill.time),
      target: this.#targetOf(fill, order, bar),
    };
    if (isFinal(fill.orderState)) this.#open.delete(fill.orderId);
  }

  #targetOf({ side, rawPrice }: Fill, stop: ApprovedOrder, bar: Bar): Decimal | null {
    if (stop.role === 'entry' || !isStop(stop.type) || rawPrice.toNumber() === bar.open)
      return null;
    let best: Decimal | null = null;
    for (const { order } of this.#open.values()) {
      if (order.position !== stop.position || order.role === 'entry') continue;
      const limit = order.type === 'limit' ? limitPriceOf(order) : null;
      if (limit === null || !isReached(side, limit, bar)) continue;
      if (best === null) best = limit;
      else best = side === 'sell' ? best.max(limit) : best.min(limit);
    }
    return best;
  }
}

/** Becomes a market order at its stop price, so that it may fill anywhere beyond. */
export function isStop(type: ApprovedOrder['type']): boolean {
  return type === 'stop' || type === 'trailing_stop';
}

function isReached(side: Fill['side'], limit: Decimal, bar: Bar): boolean {
  return side === 'sell' ? bar.high >= limit.toNumber() : bar.low <= limit.toNumber();
}
