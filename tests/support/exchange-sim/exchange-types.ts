import type { EpochMs } from '../../../src/core/time.ts';
import type { Units } from './units.ts';

export type OrderSide = 'buy' | 'sell';
export type OrderKind = 'market' | 'limit' | 'stop' | 'stop_limit' | 'trailing';
export type Lifetime = 'gtc' | 'ioc' | 'fok' | 'day' | 'gtd';
export type OrderState = 'open' | 'pending-cancel' | 'filled' | 'canceled' | 'expired' | 'rejected';

/** A symbol as the exchange lists it; numbers as decimal text. */
export interface Listing {
  /** `BTC/USD`; every venue has its own name for it. */
  readonly symbol: string;
  readonly price: string;
  readonly tickSize: string;
  readonly lotStep: string;
  readonly minQuantity: string;
  readonly minNotional: string;
  readonly status: 'trading' | 'halted' | 'delisted';
}

/** What somebody wants, read from the wire or from a test. */
export interface OrderWish {
  readonly clientId: string | null;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly kind: OrderKind;
  /** Null where `spend` says how much of the quote currency to pay instead. */
  readonly quantity: Units | null;
  readonly spend?: Units | null;
  readonly limit?: Units | null;
  readonly stop?: Units | null;
  /** Distance of a trailing stop in the quote currency. */
  readonly trail?: Units | null;
  /** Whether a stop waits for the price to rise; by default a buy does, a sell waits for a fall. */
  readonly triggersOnRise?: boolean;
  readonly lifetime: Lifetime;
  readonly expiresAt?: EpochMs | null;
  readonly postOnly?: boolean;
}

/** An order at one moment; every change makes a new one. */
export interface SimOrder {
  readonly id: string;
  readonly clientId: string | null;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly kind: OrderKind;
  readonly quantity: Units;
  readonly limit: Units | null;
  readonly stop: Units | null;
  readonly trail: Units | null;
  readonly triggersOnRise: boolean;
  readonly lifetime: Lifetime;
  readonly expiresAt: EpochMs | null;
  readonly postOnly: boolean;
  readonly state: OrderState;
  /** A stop that went off; true from the start for all others. */
  readonly isTriggered: boolean;
  readonly filled: Units;
  /** Quote currency that changed hands for it. */
  readonly cost: Units;
  readonly held: { readonly asset: string; readonly amount: Units };
  readonly createdAt: EpochMs;
  readonly updatedAt: EpochMs;
  /** False for what came by another way than the wire: the web site, another program. */
  readonly isOurs: boolean;
}

export interface SimTrade {
  readonly id: string;
  readonly orderId: string;
  readonly clientId: string | null;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly quantity: Units;
  readonly price: Units;
  readonly fee: { readonly asset: string; readonly amount: Units };
  /** Until then it is charged but not told. */
  readonly feeToldAt: EpochMs;
  readonly isMaker: boolean;
  readonly time: EpochMs;
}

/** Why an order was not taken; every venue says it in its own words. */
export type Refusal =
  | 'unknown-symbol'
  | 'not-trading'
  | 'lot-step'
  | 'min-quantity'
  | 'tick-size'
  | 'min-notional'
  | 'funds'
  | 'duplicate-id'
  | 'would-trigger'
  | 'would-take'
  | 'bad-order'
  | 'price-band';

export type Placed =
  | { readonly kind: 'taken'; readonly order: SimOrder }
  | { readonly kind: 'refused'; readonly reason: Refusal };

export type Canceled =
  | { readonly kind: 'canceled'; readonly order: SimOrder }
  | { readonly kind: 'not-open'; readonly order: SimOrder | null };

/** Asset in which a trade's fee is taken: `received` is the base of a buy, the quote of a sell. */
export type FeeTaking = 'quote' | 'base' | 'received' | 'third';

/** In what venues differ beneath their words. */
export interface VenueRules {
  readonly orderId: (n: number) => string;
  readonly tradeId: (n: number) => string;
  readonly feeTaking: FeeTaking;
  /** Fractions of the traded value. */
  readonly makerFee: string;
  readonly takerFee: string;
  /** Whether a symbol costs no fee at all; none by default. */
  readonly isFree?: (symbol: string) => boolean;
  /** Asset of fees where they are taken in a third one, and its worth in quote currency. */
  readonly feeAsset: { readonly asset: string; readonly price: string };
  /** Among which orders a client id may not come twice. */
  readonly uniqueIds: 'open' | 'ever' | 'none';
  /** Whether a stop that would go off at once is refused, or goes off. */
  readonly refusesTriggered: boolean;
  /** How an order ends that may not rest, with what nobody was there to trade. */
  readonly unfilledState: 'expired' | 'canceled';
}
