import type { RiskLimits } from '../../risk/risk-limits.ts';

/** What is printed before the first decision: who trades what, where, with how much, how bounded. */
export interface StartReport {
  readonly mode: string;
  readonly run_id: string;
  readonly session: number;
  /** True where the run goes on from an earlier session. */
  readonly resumed: boolean;
  readonly exchange: string;
  /** Null for a simulated account. */
  readonly account: string | null;
  /** Of the exchange; empty for a simulated account. Decimals as text. */
  readonly balances: readonly {
    readonly currency: string;
    readonly total: string;
    readonly free: string;
  }[];
  readonly strategies: readonly string[];
  readonly symbols: readonly string[];
  readonly timeframe: string;
  readonly currency: string;
  readonly equity: number;
  readonly cash: string;
  readonly positions: number;
  readonly open_orders: number;
  readonly limits: RiskLimits;
  readonly config_hash: string;
  /** What a user should know of, one sentence each. */
  readonly notes: readonly string[];
}
