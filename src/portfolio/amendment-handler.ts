import { Decimal } from '../core/decimal.ts';
import {
  expectedPrice,
  type EntryOrder,
  type ExitOrder,
  type OrderRequest,
} from '../core/order.ts';
import type { Position } from '../core/position.ts';
import type { CancelSignal, IgnoreReason, ReplaceSignal } from '../core/signal.ts';
import type { EpochMs } from '../core/time.ts';
import { amendedLevel, amendedPricing } from './amended-pricing.ts';
import type { Holdings } from './holdings.ts';
import type { OrderDesk } from './order-desk.ts';
import type { PricingBasis } from './order-pricing.ts';
import { isEntry, type PendingOrder, type PendingOrders } from './pending-orders.ts';
import type { PortfolioSettings } from './portfolio-settings.ts';
import type { PositionDirectory } from './position-directory.ts';
import { planProtection } from './protection-plan.ts';
import type { ProtectionHandler } from './protection-handler.ts';

interface AmendmentHandlerOptions {
  readonly settings: PortfolioSettings;
  readonly desk: OrderDesk;
  readonly pending: PendingOrders;
  readonly positions: PositionDirectory;
  readonly holdings: Holdings;
  readonly protections: ProtectionHandler;
}

/** An order that has ended, with the wish that another follows it. */
interface Succession {
  readonly ended: PendingOrder;
  readonly signal: ReplaceSignal;
  readonly signalSeq: number;
}

/**
 * Takes orders back and replaces them. The end of the old order is awaited before a new one goes
 * out, for what it did not fill: never are both at work.
 */
export class AmendmentHandler {
  readonly #options: AmendmentHandlerOptions;

  constructor(options: AmendmentHandlerOptions) {
    this.#options = options;
  }

  /** A protective order that is taken back takes its level along, as far as the limits let it. */
  cancel(signal: CancelSignal, signalSeq: number): IgnoreReason | null {
    const pending = this.#own(signal);
    if (pending === null) return 'order-final';
    const { order } = pending;
    const { reason } = signal;
    const position = this.#options.positions.get(order.position);
    if (position === null || order.role === 'entry' || order.role === 'exit') {
      this.#options.desk.cancel(pending, reason);
    } else {
      const levels = order.role === 'stop-loss' ? { stopLoss: null } : { takeProfit: null };
      this.#options.protections.move(position, levels, { signalSeq, reason });
    }
    return null;
  }

  /** Asks for the end of the old order. A protective level counts as moved from now on. */
  replace(signal: ReplaceSignal, signalSeq: number): IgnoreReason | null {
    const pending = this.#own(signal);
    if (pending === null) return 'order-final';
    const { order } = pending;
    const position = this.#options.positions.get(order.position);
    if (position !== null && (order.role === 'stop-loss' || order.role === 'take-profit')) {
      this.#options.protections.note(position, amendedLevel(order, signal.changes), signalSeq);
    }
    this.#options.desk.cancel(pending, signal.reason, { signal, signalSeq });
    return null;
  }

  /**
   * The old order has ended: the new one goes out, or the reason is returned why none does. Only a
   * cancellation has a successor: null stands for any other end. An entry has none either where its
   * cancellation took so long that the bar of the wish is old; an exit has one whenever that is.
   */
  succeed(succession: Succession, canceledAt: EpochMs | null): IgnoreReason | null {
    const { ended, signal } = succession;
    if (canceledAt === null) return 'order-final';
    if (isEntry(ended)) {
      const isLate = canceledAt > this.#options.settings.staleAt(signal);
      return isLate ? 'too-late' : this.#reenter(ended, succession);
    }
    const { order } = ended;
    return order.role === 'entry' ? 'order-final' : this.#exitAgain(order, succession);
  }

  #reenter(
    ended: PendingOrder<EntryOrder>,
    { signal, signalSeq }: Succession,
  ): IgnoreReason | null {
    const { order } = ended;
    const { symbol, side, sizedAtFill } = order;
    const { desk, holdings, settings } = this.#options;
    // Another entry was faster: what its position is to be is not this order's to say.
    const standing = holdings.standing(order.strategy, symbol);
    if (standing !== null && standing.id !== order.position) return 'order-final';
    const quantity = this.#left(ended, signal);
    if (!quantity.isPositive) return 'order-final';
    const { price, reason, changes } = signal;
    const pricing = amendedPricing(order, changes, this.#basisOf(order, price));
    const expected = expectedPrice(pricing, side, price);
    const { minNotional, assetClass } = settings.instrumentOf(symbol);
    const size = quantity.toNumber();
    if (size * Math.min(price, expected) < minNotional.toNumber()) return 'below-minimum';
    const { protection } = planProtection({
      wished: order.protection,
      limits: settings.protection,
      assetClass,
      side: side === 'buy' ? 'long' : 'short',
      price: expected,
    });
    const cost = settings.costFraction({ symbol, side, price: expected, quantity: size });
    desk.reenter(
      ended,
      {
        quantity,
        protection,
        // What it was for is known once a part has filled: another share would come on top.
        sizedAtFill: changes.quantity === null && ended.filled.isZero ? sizedAtFill : null,
        signalSeq,
        referencePrice: price,
        reason,
      },
      { pricing, cashPerUnit: expected * (1 + cost) * settings.margin.initial },
    );
    return null;
  }

  #exitAgain(order: ExitOrder, { ended, signal, signalSeq }: Succession): IgnoreReason | null {
    const { desk, holdings, positions } = this.#options;
    const position = positions.get(order.position);
    if (position === null) return 'order-final';
    const quantity = this.#left(ended, signal).min(holdings.sellable(position));
    const { price: referencePrice, reason } = signal;
    if (order.role !== 'exit') {
      return this.#protectAgain(position, order, { quantity, signalSeq, referencePrice });
    }
    if (holdings.isLeaving(position)) return 'order-pending';
    if (!quantity.isPositive) return 'order-final';
    if (holdings.isBelowMinimum(position, quantity)) return 'below-minimum';
    const { timeInForce, expiresAt, id: replaces } = order;
    desk.exit(position, {
      role: 'exit',
      pricing: amendedPricing(order, signal.changes, this.#basisOf(order, referencePrice)),
      quantity,
      reason,
      signalSeq,
      referencePrice,
      timeInForce,
      expiresAt,
      replaces,
    });
    return null;
  }

  #protectAgain(
    position: Position,
    order: ExitOrder,
    placed: {
      readonly quantity: Decimal;
      readonly signalSeq: number;
      readonly referencePrice: number;
    },
  ): IgnoreReason | null {
    if (!placed.quantity.isPositive) return 'order-final';
    this.#options.protections.replace(position, order, placed);
    return null;
  }

  /** The total wished for, on the lot step, less what the old order filled. */
  #left({ order, filled, remaining }: PendingOrder, { changes }: ReplaceSignal): Decimal {
    if (changes.quantity === null) return remaining;
    const { lotStep } = this.#options.settings.instrumentOf(order.symbol);
    const total = Decimal.fromNumber(changes.quantity).toStep(lotStep, 'down');
    return total.minus(filled);
  }

  #basisOf({ symbol, side, role }: OrderRequest, last: number): PricingBasis {
    const { tickSize } = this.#options.settings.instrumentOf(symbol);
    return { side, isEntry: role === 'entry', tickSize, last };
  }

  /** The open order that a strategy means; null for one that is final, or not its own. */
  #own({ orderId, strategy, symbol }: CancelSignal | ReplaceSignal): PendingOrder | null {
    const pending = this.#options.pending.find(orderId);
    if (pending === null) return null;
    const { order } = pending;
    return order.strategy === strategy && order.symbol === symbol ? pending : null;
  }
}
