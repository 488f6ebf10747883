import type { Silence } from '../../adapters/ccxt/silence.ts';
import type { Decimal } from '../../core/decimal.ts';
import type { DatabaseOwner, LastingRun } from '../../ports/lasting-run.ts';
import type { VenueBalance } from '../../ports/exchange-account.ts';
import type { VenueParts } from '../../data/collect/series-collector.ts';
import type { Engine } from '../wire-engine.ts';
import type { Workspace } from '../workspace.ts';
import type { FaultRelay } from './fault-relay.ts';
import type { TradingMarket, TradingPlan } from './plan-trading.ts';
import type { SessionLinks } from './trading-session.ts';
import type { TradingVenue } from './trading-venue.ts';

/** What opening an account needs. */
export interface AccountRequest {
  readonly workspace: Workspace;
  readonly market: TradingMarket;
  /** Through which what it asks the exchange is watched. */
  readonly faults: FaultRelay;
  /** Of `--confirm-live`; null where it was not given. */
  readonly confirmed: string | null;
  readonly signal: AbortSignal;
  /** Shared with the source of bars: an exchange bans the machine, not one of its clients. */
  readonly silence: Silence;
}

/** What the venue of an account is made with. */
export interface VenueContext {
  readonly plan: TradingPlan;
  readonly run: LastingRun;
  readonly links: SessionLinks;
  /** What `state` of an earlier venue gave; null for the first. */
  readonly restored: unknown;
  /** The engine, once it stands: a venue is made before it. */
  readonly engine: () => Engine;
  readonly feedParts: VenueParts;
}

/** Whose money is traded: the one thing that tells paper from live. */
export interface TradingAccount {
  readonly owner: DatabaseOwner;
  /** Cash that a new run begins with. Throws a `ConfigError` where there is none. */
  readonly capital: () => Decimal;
  /** Of the exchange; empty for a simulated account. */
  readonly balances: readonly VenueBalance[];
  readonly notes: readonly string[];
  /** Longest time after which the exchange takes a request. */
  readonly requestValidityMs: number;
  makeVenue(context: VenueContext): TradingVenue;
  /** Gives back what it holds. */
  close(): Promise<void>;
}
