import type { Instrument } from '../core/instrument.ts';
import type { EntryOrder, OrderRequest } from '../core/order.ts';
import type { Position } from '../core/position.ts';
import type { Assessment } from '../core/risk.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { Correlation } from './correlation-tracker.ts';
import type { Exposure } from './exposure.ts';
import type { RiskLimits } from './risk-limits.ts';
import type { Halt } from './system-guard.ts';

/** What the sanity of any order is judged by. */
export interface OrderContext {
  readonly instrument: Instrument;
  /** The position of the order's strategy in the order's symbol. */
  readonly position: Position | null;
}

/** What an entry is judged by, as it stands when the request is handled. */
export interface RiskState {
  readonly instrument: Instrument;
  /** Finite, in quote currency. */
  readonly equity: number;
  /** All open positions and all entries that may still fill. */
  readonly exposures: readonly Exposure[];
  readonly halt: Halt | null;
  /** Entries approved in the last sixty seconds. */
  readonly approvedLastMinute: number;
  /** Entries approved since the start of the UTC day. */
  readonly approvedToday: number;
  /** Value of these, in quote currency. */
  readonly notionalToday: number;
  correlation(first: SymbolName, second: SymbolName): Correlation;
}

/** Made of every order, exits too; null where it does not concern the order. */
export type OrderCheck = (order: OrderRequest, context: OrderContext) => Assessment | null;

/** Made of entries, on top; null where its limit is one that few set, and nobody did. */
export type EntryCheck = (
  order: EntryOrder,
  state: RiskState,
  limits: RiskLimits,
) => Assessment | null;
