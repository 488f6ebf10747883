import { Decimal } from '../core/decimal.ts';
import type { Publish } from '../core/event-bus.ts';
import { exitGroupOf, orderId, positionId } from '../core/ids.ts';
import type { ExitOrder, OrderPricing, OrderRequest } from '../core/order.ts';
import type { Position } from '../core/position.ts';
import { stopLossPrice, takeProfitPrice, type Protection } from '../core/protection.ts';
import type { EntrySignal } from '../core/signal.ts';
import type { EpochMs } from '../core/time.ts';
import type { EntryPlan } from './entry-planner.ts';
import type { PendingOrders } from './pending-orders.ts';
import type { PortfolioSettings } from './portfolio-settings.ts';

/** Stands for the first tick where prices are not stepped. */
const SMALLEST_PRICE = Decimal.parse('0.000000000001');

interface OrderDeskOptions {
  readonly request: Publish<'order.requested'>;
  readonly cancel: Publish<'order.cancel-requested'>;
  readonly pending: PendingOrders;
  readonly instrumentOf: PortfolioSettings['instrumentOf'];
  /** Time of the last mark. */
  readonly now: () => EpochMs;
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

  /** A market order for a new position, or on top of one too small to be sold by itself. */
  enter(signal: EntrySignal, signalSeq: number, plan: EntryPlan, dust: Position | null): void {
    const { strategy, symbol, side, price, reason } = signal;
    this.#place(
      {
        id: orderId(++this.#orders),
        strategy,
        symbol,
        side,
        quantity: plan.quantity,
        timeInForce: 'gtc',
        expiresAt: null,
        replaces: null,
        sizedAtFill: plan.sizedAtFill,
        position: dust?.id ?? positionId(++this.#positions),
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

  /** A market order for all that can be sold. */
  exit(position: Position, cause: ExitCause, reason: string): void {
    this.#placeExit(position, cause, { role: 'exit', reason, pricing: { type: 'market' } });
  }

  /** A market order for all that is held, on the lot step or not. */
  closeOut(position: Position, cause: ExitCause, reason: string): void {
    const pricing = { type: 'market' } as const;
    this.#placeExit(position, cause, {
      role: 'exit',
      reason,
      pricing,
      quantity: position.quantity,
    });
  }

  /**
   * What of a position can be sold: whole lots. The rest is there where the venue made its lots
   * larger after it was bought.
   */
  sellable({ symbol, quantity }: Pick<Position, 'symbol' | 'quantity'>): Decimal {
    return quantity.toStep(this.#options.instrumentOf(symbol).lotStep, 'down');
  }

  /**
   * Stop-loss and take-profit for all that can be sold; earlier ones of the position are replaced,
   * so that protection follows the quantity filled.
   */
  protect(position: Position, protection: Protection, cause: ExitCause): void {
    for (const order of this.#options.pending.ofPosition(position.id)) {
      if (order.role === 'stop-loss' || order.role === 'take-profit') {
        this.cancel(order, 'replaced for the new quantity');
      }
    }
    const entry = { side: position.side, entryPrice: position.entryPrice.toNumber() };
    if (protection.stopLoss !== null) {
      const stopPrice = this.#stopPrice(position, stopLossPrice(protection.stopLoss, entry));
      const pricing = { type: 'stop', stopPrice } as const;
      this.#placeExit(position, cause, { role: 'stop-loss', reason: 'stop-loss', pricing });
    }
    if (protection.takeProfit !== null) {
      const limitPrice = this.#tick(position, takeProfitPrice(protection.takeProfit, entry));
      const pricing = { type: 'limit', limitPrice } as const;
      this.#placeExit(position, cause, { role: 'take-profit', reason: 'take-profit', pricing });
    }
  }

  /** The same exit for what can be sold now, as a new order. */
  resize(order: ExitOrder, held: Position): void {
    const quantity = this.sellable(held);
    if (quantity.isZero) return;
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
      /** All that can be sold when absent. */
      readonly quantity?: Decimal;
    },
  ): void {
    const quantity = exit.quantity ?? this.sellable(position);
    if (quantity.isZero) return;
    const order: ExitOrder = {
      id: orderId(++this.#orders),
      strategy: position.strategy,
      symbol: position.symbol,
      side: position.side === 'long' ? 'sell' : 'buy',
      quantity,
      timeInForce: 'gtc',
      expiresAt: null,
      replaces: null,
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
    this.#options.pending.add(order, cashPerUnit, this.#options.now());
    this.#options.request(order);
  }

  /** On the tick towards the entry, so that no rounding widens the stop; one tick off at least. */
  #stopPrice(position: Position, price: number): Decimal {
    const { tickSize } = this.#options.instrumentOf(position.symbol);
    const exact = Decimal.fromNumber(price);
    if (position.side === 'short') {
      const highest = exact.toStep(tickSize, 'down');
      return highest.max(position.entryPrice.toStep(tickSize, 'down').plus(tickSize));
    }
    const lowest = exact.toStep(tickSize, exact.isNegative ? 'down' : 'up');
    return this.#above(
      tickSize,
      lowest.min(position.entryPrice.toStep(tickSize, 'up').minus(tickSize)),
    );
  }

  /** The tick next to a price. */
  #tick(position: Position, price: number): Decimal {
    const { tickSize } = this.#options.instrumentOf(position.symbol);
    return this.#above(tickSize, Decimal.fromNumber(price).toStep(tickSize, 'half-even'));
  }

  /** Never zero or below, whatever the distance asked for. */
  #above(tickSize: Decimal, price: Decimal): Decimal {
    return price.max(tickSize.isPositive ? tickSize : SMALLEST_PRICE);
  }
}
