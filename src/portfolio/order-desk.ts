import { Decimal } from '../core/decimal.ts';
import type { Publish } from '../core/event-bus.ts';
import { exitGroupOf, orderId, positionId } from '../core/ids.ts';
import type { ExitOrder, OrderPricing, OrderRequest } from '../core/order.ts';
import type { Position } from '../core/position.ts';
import { stopLossPrice, takeProfitPrice, type Protection } from '../core/protection.ts';
import type { EntrySignal } from '../core/signal.ts';
import type { EntryPlan } from './entry-planner.ts';
import type { PendingOrders } from './pending-orders.ts';
import type { PortfolioSettings } from './portfolio-settings.ts';

interface OrderDeskOptions {
  readonly request: Publish<'order.requested'>;
  readonly cancel: Publish<'order.cancel-requested'>;
  readonly pending: PendingOrders;
  readonly instrumentOf: PortfolioSettings['instrumentOf'];
}

/** What every order that closes a position has in common. */
interface ExitCause {
  readonly signalSeq: number;
  readonly referencePrice: number;
}

/** Writes order requests: numbers them, rounds their prices to the tick, keeps track of them. */
export class OrderDesk {
  readonly #options: OrderDeskOptions;
  #orders = 0;
  #positions = 0;

  constructor(options: OrderDeskOptions) {
    this.#options = options;
  }

  enter(signal: EntrySignal, signalSeq: number, plan: EntryPlan): void {
    const { strategy, symbol, side, price, reason } = signal;
    this.#place(
      {
        id: orderId(++this.#orders),
        strategy,
        symbol,
        side,
        quantity: plan.quantity,
        timeInForce: 'gtc',
        position: positionId(++this.#positions),
        signalSeq,
        referencePrice: price,
        reason,
        role: 'entry',
        group: null,
        protection: plan.protection,
        type: 'market',
      },
      plan.cashPerUnit,
    );
  }

  /** A market order for all that is held. */
  exit(position: Position, cause: ExitCause, reason: string): void {
    this.#placeExit(position, cause, { role: 'exit', reason, pricing: { type: 'market' } });
  }

  /**
   * Stop-loss and take-profit for all that is held; earlier ones of the position are replaced, so
   * that protection follows the quantity filled.
   */
  protect(position: Position, protection: Protection, cause: ExitCause): void {
    for (const order of this.#options.pending.ofPosition(position.id)) {
      if (order.role === 'stop-loss' || order.role === 'take-profit') {
        this.cancel(order, 'replaced for the new quantity');
      }
    }
    const entry = { side: position.side, entryPrice: position.entryPrice.toNumber() };
    if (protection.stopLoss !== null) {
      const stopPrice = this.#tick(position, stopLossPrice(protection.stopLoss, entry));
      const pricing = { type: 'stop', stopPrice } as const;
      this.#placeExit(position, cause, { role: 'stop-loss', reason: 'stop-loss', pricing });
    }
    if (protection.takeProfit !== null) {
      const limitPrice = this.#tick(position, takeProfitPrice(protection.takeProfit, entry));
      const pricing = { type: 'limit', limitPrice } as const;
      this.#placeExit(position, cause, { role: 'take-profit', reason: 'take-profit', pricing });
    }
  }

  /** The same exit for another quantity, as a new order. */
  resize(order: ExitOrder, quantity: Decimal): void {
    this.#place({ ...order, id: orderId(++this.#orders), quantity }, 0);
  }

  cancel(order: OrderRequest, reason: string): void {
    this.#options.cancel({ orderId: order.id, reason });
  }

  #placeExit(
    position: Position,
    { signalSeq, referencePrice }: ExitCause,
    exit: {
      readonly role: ExitOrder['role'];
      readonly reason: string;
      readonly pricing: OrderPricing;
    },
  ): void {
    const order: ExitOrder = {
      id: orderId(++this.#orders),
      strategy: position.strategy,
      symbol: position.symbol,
      side: position.side === 'long' ? 'sell' : 'buy',
      quantity: position.quantity,
      timeInForce: 'gtc',
      position: position.id,
      signalSeq,
      referencePrice,
      reason: exit.reason,
      role: exit.role,
      group: exitGroupOf(position.id),
      ...exit.pricing,
    };
    this.#place(order, 0);
  }

  #place(order: OrderRequest, cashPerUnit: number): void {
    this.#options.pending.add(order, cashPerUnit);
    this.#options.request(order);
  }

  /** The tick next to a price; never zero or below, whatever the distance asked for. */
  #tick(position: Position, price: number): Decimal {
    const { tickSize } = this.#options.instrumentOf(position.symbol);
    const smallest = tickSize.isPositive ? tickSize : Decimal.parse('0.000000000001');
    return Decimal.fromNumber(price).toStep(tickSize, 'half-even').max(smallest);
  }
}
