import type { SymbolName } from './instrument.ts';
import type { EpochMs } from './time.ts';

export const OPERATOR_ACTS = ['halt', 'resume', 'flatten', 'shutdown'] as const;

/**
 * What a person, or the process on a person's behalf, asks of a running engine: `halt` refuses
 * entries and cancels those that wait, `resume` ends a halt of any kind, `flatten` halts and closes
 * every position, `shutdown` refuses every further intent of a strategy and cancels open entries.
 */
export interface OperatorCommand {
  readonly act: (typeof OPERATOR_ACTS)[number];
  readonly reason: string;
  /** Who or what asked, for the record: `halt command`, `SIGTERM`. */
  readonly by: string;
  readonly at: EpochMs;
}

export const GATES = ['stale-data', 'clock', 'connection', 'reconciliation', 'errors'] as const;
export type Gate = (typeof GATES)[number];

/** A condition of the surroundings began to keep entries away, or ended. Exits are never kept away. */
export interface GateChange {
  readonly gate: Gate;
  /** Null where it concerns every symbol. */
  readonly symbol: SymbolName | null;
  /** Why entries are refused, one sentence; null once they may pass again. */
  readonly reason: string | null;
}
