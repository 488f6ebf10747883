import type { Decimal } from '../../core/decimal.ts';
import { isFinal, type ApprovedOrder, type OrderState } from '../../core/order.ts';
import type { EpochMs } from '../../core/time.ts';
import type { Leg } from './leg.ts';

/**
 * An order of the engine on its way through an exchange. At any time it has one leg; orders that have
 * to wait, or to be sent again, get a new one.
 */
export interface LiveOrder {
  readonly request: ApprovedOrder;
  /** As it was reported. */
  readonly state: OrderState;
  readonly submittedAt: EpochMs;
  /** Base units booked over all legs. */
  readonly filled: Decimal;
  /** Why it cannot be taken at all, found before anything was sent; null where it can. */
  readonly refusal: string | null;
  /** Why the engine wants it ended; null while it is to go on. */
  readonly ending: string | null;
  /** The engine watches the market for it: the exchange has nothing that does, or refused it. */
  readonly isWatched: boolean;
  /** The market reached its price, and what it leads to is being sent. */
  readonly hasTriggered: boolean;
  /** Where a watched trailing stop is by now; null for all others. */
  readonly trailedTo: Decimal | null;
  /** It was put on new steps after the exchange had refused the old ones. */
  readonly isRestepped: boolean;
  /** How often in a row the exchange did not take it, or ended it unasked. */
  readonly failures: number;
  /** The exchange said that there are not the goods for it: what the books make of them is too much. */
  readonly lacksGoods: boolean;
  readonly leg: Leg;
}

export function isExit({ request }: LiveOrder): boolean {
  return request.role !== 'entry';
}

/** A stop-loss or a target: it lasts for as long as its position does. */
export function isProtective({ request: { role } }: LiveOrder): boolean {
  return role === 'stop-loss' || role === 'take-profit';
}

/** An exit that is to leave now, before all others of its position. */
export function isUrgent({ request, hasTriggered }: LiveOrder): boolean {
  return request.role !== 'entry' && (request.type === 'market' || hasTriggered);
}

/** An exit that takes any price: a market order, and a stop once its price was reached. */
export function leavesAtMarket({ request, hasTriggered }: LiveOrder): boolean {
  const { type } = request;
  return type === 'market' || (hasTriggered && (type === 'stop' || type === 'trailing_stop'));
}

export function remaining({ request, filled }: LiveOrder): Decimal {
  return request.quantity.minus(filled);
}

/** The order in which orders came up: their ids count. */
export function arrival({ request }: LiveOrder): number {
  return Number(request.id.slice(1));
}

export function isEnded({ state }: LiveOrder): boolean {
  return isFinal(state);
}

/** What an order that is not at the exchange waits for. */
export function waitingReason({ request, hasTriggered }: LiveOrder): string {
  if (request.type === 'market' || hasTriggered) return 'it is with the engine until it can leave';
  return 'the engine watches the market for it';
}

/** A rejection after the exchange had accepted the order is a cancellation to the engine. */
export function endState(
  order: LiveOrder,
  state: 'canceled' | 'expired' | 'rejected',
): 'canceled' | 'expired' | 'rejected' {
  const mayBeRejected = order.state === 'submitted' || order.state === 'unknown';
  return state === 'rejected' && (!mayBeRejected || order.filled.isPositive) ? 'canceled' : state;
}
