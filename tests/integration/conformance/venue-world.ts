import type { ExchangeAccount } from '../../../src/ports/exchange-account.ts';
import type { QuoteSource } from '../../../src/ports/quote-source.ts';
import type { Call, Fate } from '../../support/exchange-sim/fates.ts';

/** Whom a fee is taken from. */
export type FeeTaking = 'quote' | 'base' | 'received' | 'third';

/** An order as the exchange has it: the truth, numbers as decimal text. */
export interface TrueOrder {
  readonly id: string;
  readonly state: 'open' | 'pending-cancel' | 'filled' | 'canceled' | 'expired' | 'rejected';
  readonly quantity: string;
  readonly filled: string;
  readonly limit: string | null;
  readonly stop: string | null;
}

/** A trade as the exchange has it. */
export interface TrueTrade {
  readonly id: string;
  readonly orderId: string;
  readonly quantity: string;
  readonly price: string;
  readonly fee: { readonly asset: string; readonly amount: string };
  readonly time: number;
}

/** A request as it came over the wire: path, query and body in one, and whether it was one to place. */
export interface WireLine {
  readonly call: Call;
  readonly text: string;
}

/** What a test can see of and do to an exchange that keeps books of its own. */
export interface ExchangeHandle {
  /** What becomes of the next request of a kind. */
  next(call: Call, fate: Fate): void;
  /** All requests so far, lost ones included. */
  requests(): readonly WireLine[];
  order(clientId: string): TrueOrder | undefined;
  /** How many orders there are with a client id. */
  count(clientId: string): number;
  trades(): readonly TrueTrade[];
  balances(): Readonly<Record<string, { readonly total: string; readonly free: string }>>;
  /** Somebody takes an open order at its own price, all of its rest by default. */
  fill(clientId: string, quantity?: string): void;
  moveTo(price: string): void;
  /** An order by other hands than ours; of any client id. */
  placeForeign(quantity: string, limit: string, clientId: string | null): void;
  relist(change: { readonly tickSize?: string; readonly lotStep?: string }): void;
  delist(): void;
  takeFeesFrom(taking: FeeTaking): void;
  /** Tells fees so long after the trade. */
  tellFeesAfter(ms: number): void;
  permit(permissions: { readonly mayTrade: boolean; readonly mayWithdraw: boolean }): void;
  /** How far the exchange's clock is ahead. */
  setClockAhead(ms: number): void;
  /** By the exchange's clock. */
  now(): number;
}

export interface WorldOptions {
  /** How long one answer may take. */
  readonly timeoutMs: number;
}

/**
 * An account on an exchange with 100,000 of quote currency, one unit of base and something to pay third
 * fees with, where the price is 60,000 and steps are a cent and a hundred-thousandth or finer.
 */
export interface VenueWorld {
  readonly account: ExchangeAccount & QuoteSource;
  readonly exchange: ExchangeHandle;
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  /** The asset fees are taken from in `third`; null where there is no such thing. */
  readonly feeAsset: string | null;
  /** Whether a trade says in which currency its fee is; otherwise all fees are in the quote one. */
  readonly namesFeeCurrency: boolean;
  /** False where the venue does not say who made and who took. */
  readonly tellsLiquidity?: boolean;
  /** The ways of taking fees that the venue has, where it has not all of them. */
  readonly feeTakings?: readonly FeeTaking[];
  /** Lets the time pass that the venue takes to say what past trades cost. */
  readonly passFeeDay?: () => void;
  /** Values that may appear in no message. */
  readonly secrets: readonly string[];
  /** How much of the past one page of orders or trades holds. */
  readonly page: number;
  stop(): Promise<void>;
}

export type MakeWorld = (options: WorldOptions) => Promise<VenueWorld>;
