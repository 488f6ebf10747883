import type { Decimal } from './decimal.ts';
import { InvariantError } from './errors.ts';
import type { OrderGroupId, OrderId, PositionId, StrategyId } from './ids.ts';
import type { SymbolName } from './instrument.ts';
import type { Protection } from './protection.ts';
import type { EpochMs } from './time.ts';

export const SIDES = ['buy', 'sell'] as const;
export type Side = (typeof SIDES)[number];

export const ORDER_ROLES = ['entry', 'exit', 'stop-loss', 'take-profit'] as const;
export type OrderRole = (typeof ORDER_ROLES)[number];

/**
 * How long an order works: `gtc` until filled or cancelled; `day` until the trading day ends; `ioc`
 * cancels what does not fill at once, `fok` the whole of it unless all of it fills at once; `gtd`
 * until `expiresAt`.
 */
export const TIMES_IN_FORCE = ['gtc', 'day', 'ioc', 'fok', 'gtd'] as const;
export type TimeInForce = (typeof TIMES_IN_FORCE)[number];

interface OrderBase {
  readonly id: OrderId;
  readonly strategy: StrategyId;
  readonly symbol: SymbolName;
  readonly side: Side;
  /** Base units, positive, a multiple of the instrument's lot step. */
  readonly quantity: Decimal;
  readonly timeInForce: TimeInForce;
  /** When a `gtd` order ends; null for every other time in force. */
  readonly expiresAt: EpochMs | null;
  /** The order this one takes the place of; that one is final by then. */
  readonly replaces: OrderId | null;
  /** The position this order opens or closes. */
  readonly position: PositionId;
  /** Sequence number of the signal event this order stems from. */
  readonly signalSeq: number;
  /** Last close known when the order was requested, in quote currency. */
  readonly referencePrice: number;
  /** Why this order exists, in words for reports. */
  readonly reason: string;
}

/** How far behind the best price a trailing stop follows: quote currency, or a fraction of it. */
export type Trail =
  | { readonly kind: 'distance'; readonly distance: Decimal }
  | { readonly kind: 'fraction'; readonly fraction: Decimal };

/** A stop-limit becomes a limit order, a stop a market order, once its stop price is reached. */
export type OrderPricing =
  | { readonly type: 'market' }
  | { readonly type: 'limit'; readonly limitPrice: Decimal }
  | { readonly type: 'stop'; readonly stopPrice: Decimal }
  | { readonly type: 'stop_limit'; readonly stopPrice: Decimal; readonly limitPrice: Decimal }
  /** `stopPrice` is where it begins; it moves with the market, and never back. */
  | { readonly type: 'trailing_stop'; readonly stopPrice: Decimal; readonly trail: Trail };

/**
 * An entry for a share of the money that is free when it fills rather than for a quantity fixed
 * beforehand. Its `quantity` is what the reference price gives; what fills may be more or less.
 */
export interface SizedAtFill {
  /** In (0, 1]: the share of the funds free at the fill. */
  readonly fraction: number;
  /**
   * The most that value and fee may come to, in quote currency: what others free until the fill is
   * not for a strategy that has a share of the account. Null where all of it is.
   */
  readonly maxFunds: number | null;
  /** Whether a fixed fee is provided for once, or (as backtesting.py does) for every unit. */
  readonly fixedFee: 'once' | 'per_unit';
}

/** Raises exposure; risk may refuse it. */
export type EntryOrder = OrderBase &
  OrderPricing & {
    readonly role: 'entry';
    /** Entries of one group exclude one another: the first to fill cancels the others. */
    readonly group: OrderGroupId | null;
    /** Null where `quantity` is what was ordered. */
    readonly sizedAtFill: SizedAtFill | null;
    /** What the position will be protected by, once filled. */
    readonly protection: Protection;
  };

/**
 * Lowers exposure and is reduce-only: never more than the position holds, one of a group that closes
 * it.
 */
export type ExitOrder = OrderBase &
  OrderPricing & {
    readonly role: Exclude<OrderRole, 'entry'>;
    readonly group: OrderGroupId;
  };

export type OrderRequest = EntryOrder | ExitOrder;

/** Price at which an order of that pricing rests in the book once it may; null where none. */
export function limitPriceOf(order: OrderPricing): Decimal | null {
  return order.type === 'limit' || order.type === 'stop_limit' ? order.limitPrice : null;
}

/** What the quantity of an order is made of when it fills; null where it is fixed beforehand. */
export function sizedAtFillOf(order: OrderRequest): SizedAtFill | null {
  return order.role === 'entry' ? order.sizedAtFill : null;
}

/** How an order trails, as text: `distance:5` or `fraction:0.02`; null for one that does not. */
export function trailTextOf(pricing: OrderPricing): string | null {
  if (pricing.type !== 'trailing_stop') return null;
  const { trail } = pricing;
  const size = trail.kind === 'distance' ? trail.distance : trail.fraction;
  return `${trail.kind}:${size.toString()}`;
}

/** Price that triggers an order, at its request for one that trails; null where none. */
export function stopPriceOf(order: OrderPricing): Decimal | null {
  return order.type === 'market' || order.type === 'limit' ? null : order.stopPrice;
}

/**
 * Where an order is expected to fill, costs apart, when the market last traded at `last`: there, or
 * at its own price where that one still has to be reached. In quote currency.
 */
export function expectedPrice(order: OrderPricing, side: Side, last: number): number {
  const stop = stopPriceOf(order)?.toNumber() ?? last;
  const reached = side === 'buy' ? Math.max(stop, last) : Math.min(stop, last);
  const limit = limitPriceOf(order)?.toNumber() ?? reached;
  return side === 'buy' ? Math.min(limit, reached) : Math.max(limit, reached);
}

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

/**
 * Every transition an order may make; whatever is not listed is a bug or a lying venue. What sees
 * one moment of the market may expire without having been accepted: some exchanges answer so.
 */
export const ORDER_TRANSITIONS: Readonly<Record<OrderState, readonly OrderState[]>> = {
  created: ['approved', 'rejected'],
  approved: ['submitted', 'canceled'],
  submitted: [
    'accepted',
    'partially_filled',
    'filled',
    'canceled',
    'expired',
    'rejected',
    'unknown',
  ],
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
