import type { Decimal } from './decimal.ts';
import { InvariantError } from './errors.ts';
import type { OrderGroupId, OrderId, PositionId, StrategyId } from './ids.ts';
import type { SymbolName } from './instrument.ts';
import type { Protection } from './protection.ts';

export const SIDES = ['buy', 'sell'] as const;
export type Side = (typeof SIDES)[number];

export const ORDER_ROLES = ['entry', 'exit', 'stop-loss', 'take-profit'] as const;
export type OrderRole = (typeof ORDER_ROLES)[number];

/** `gtc` rests until filled or cancelled; `ioc` cancels what its first bar does not fill. */
export const TIMES_IN_FORCE = ['gtc', 'ioc'] as const;
export type TimeInForce = (typeof TIMES_IN_FORCE)[number];

interface OrderBase {
  readonly id: OrderId;
  readonly strategy: StrategyId;
  readonly symbol: SymbolName;
  readonly side: Side;
  /** Base units, positive, a multiple of the instrument's lot step. */
  readonly quantity: Decimal;
  readonly timeInForce: TimeInForce;
  /** The position this order opens or closes. */
  readonly position: PositionId;
  /** Sequence number of the signal event this order stems from. */
  readonly signalSeq: number;
  /** Last close known when the order was requested, in quote currency. */
  readonly referencePrice: number;
  /** Why this order exists, in words for reports. */
  readonly reason: string;
}

export type OrderPricing =
  | { readonly type: 'market' }
  | { readonly type: 'limit'; readonly limitPrice: Decimal }
  | { readonly type: 'stop'; readonly stopPrice: Decimal };

/** Raises exposure; risk may refuse it. */
export type EntryOrder = OrderBase &
  OrderPricing & {
    readonly role: 'entry';
    readonly group: null;
    /** What the position will be protected by, once filled. */
    readonly protection: Protection;
  };

/** Lowers exposure: never more than the position holds, one of a group that closes it. */
export type ExitOrder = OrderBase &
  OrderPricing & {
    readonly role: Exclude<OrderRole, 'entry'>;
    readonly group: OrderGroupId;
  };

export type OrderRequest = EntryOrder | ExitOrder;

declare const approval: unique symbol;

/** An order that risk let pass. Only `risk/approve-order.ts` can make one. */
export type ApprovedOrder = OrderRequest & { readonly [approval]: true };

export const ORDER_STATES = [
  'created',
  'approved',
  'submitted',
  'accepted',
  'partially_filled',
  'filled',
  'canceled',
  'expired',
  'rejected',
  'unknown',
] as const;
export type OrderState = (typeof ORDER_STATES)[number];

/** Every transition an order may make; whatever is not listed is a bug or a lying venue. */
export const ORDER_TRANSITIONS: Readonly<Record<OrderState, readonly OrderState[]>> = {
  created: ['approved', 'rejected'],
  approved: ['submitted', 'canceled'],
  submitted: ['accepted', 'partially_filled', 'filled', 'canceled', 'rejected', 'unknown'],
  accepted: ['partially_filled', 'filled', 'canceled', 'expired', 'unknown'],
  partially_filled: ['partially_filled', 'filled', 'canceled', 'expired', 'unknown'],
  filled: [],
  canceled: [],
  expired: [],
  rejected: [],
  unknown: ['accepted', 'partially_filled', 'filled', 'canceled', 'expired', 'rejected'],
};

/** The next state. Throws an `InvariantError` on a transition the table does not list. */
export function transition(from: OrderState, to: OrderState, id: OrderId): OrderState {
  if (!ORDER_TRANSITIONS[from].includes(to)) {
    throw new InvariantError(`order ${id} cannot go from ${from} to ${to}`);
  }
  return to;
}

/** True once nothing further can happen to an order. */
export function isFinal(state: OrderState): boolean {
  return ORDER_TRANSITIONS[state].length === 0;
}

/** A change of an order's state other than a fill. */
export interface OrderUpdate {
  readonly orderId: OrderId;
  readonly state: Exclude<OrderState, 'created' | 'approved' | 'partially_filled' | 'filled'>;
  readonly reason: string;
}

export interface CancelRequest {
  readonly orderId: OrderId;
  readonly reason: string;
}
