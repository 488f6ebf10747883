/** A position as `status` shows it; decimals as text, exact. */
export interface StatusPosition {
  readonly strategy: string;
  readonly symbol: string;
  readonly side: string;
  readonly quantity: string;
  readonly entry_price: string;
  /** Last price known; null before the first. */
  readonly price: number | null;
  /** At that price, fees not taken off, in quote currency. */
  readonly unrealised: number | null;
  /** Too small for the exchange to sell: kept until an entry adds to it. */
  readonly is_dust: boolean;
}

/** An order that may still fill. */
export interface StatusOrder {
  readonly id: string;
  readonly strategy: string;
  readonly symbol: string;
  readonly side: string;
  readonly role: string;
  readonly type: string;
  readonly quantity: string;
  readonly filled: string;
  readonly limit_price: string | null;
  readonly stop_price: string | null;
  /** Where it works: `simulated`, `exchange`, or `engine` for what the engine itself watches. */
  readonly at: string;
  readonly state: string;
}

/** What a running engine shows of itself, as `status --json` prints it. Times are UTC, ISO 8601. */
export interface TradingStatus {
  readonly mode: string;
  readonly phase: 'starting' | 'running' | 'stopping' | 'stopped' | 'failed';
  readonly run_id: string;
  readonly session: number;
  readonly pid: number;
  readonly host: string;
  readonly started_at: string;
  readonly written_at: string;
  readonly version: string;
  readonly config_hash: string;
  readonly exchange: string;
  /** Null for a simulated account. */
  readonly account: string | null;
  readonly strategies: readonly string[];
  readonly symbols: readonly string[];
  readonly timeframe: string;
  readonly currency: string;
  readonly halt: {
    readonly check: string;
    readonly since: string;
    readonly message: string;
  } | null;
  /** Why entries are kept away besides, by gate. */
  readonly gates: readonly {
    readonly gate: string;
    readonly symbol: string | null;
    readonly reason: string;
  }[];
  readonly equity: number | null;
  readonly cash: string;
  readonly day_opening_equity: number;
  readonly peak_equity: number;
  readonly positions: readonly StatusPosition[];
  readonly orders: readonly StatusOrder[];
  /** Close time of the last slice; null before the first. */
  readonly last_bar: string | null;
  readonly last_seq: number;
  readonly orders_sent: number;
  readonly fills: number;
  readonly refusals: number;
  readonly errors: number;
  readonly memory_mb: number;
  /** What stopped it; null while nothing did. */
  readonly failure: string | null;
}
