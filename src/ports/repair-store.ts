import type { EpochMs } from '../core/time.ts';
import type { BarRow } from './bar-store.ts';

/** Where the values of a repaired bar come from. */
export const REPAIR_METHODS = ['refetch', 'flat', 'finer', 'revision'] as const;
export type RepairMethod = (typeof REPAIR_METHODS)[number];

/** One act of repair on one series; undone as a whole. */
export interface RepairBatch {
  /** Rises from 1 within a database. */
  readonly id: number;
  readonly seriesId: number;
  readonly method: RepairMethod;
  readonly at: EpochMs;
  /** Bars it added or changed. */
  readonly bars: number;
  readonly source: string;
  readonly undoneAt: EpochMs | null;
}

export interface Repair {
  readonly seriesId: number;
  readonly method: RepairMethod;
  readonly at: EpochMs;
  /** What the values were made of, e.g. `coinbase` or `1m bars`. */
  readonly source: string;
  /**
   * Bars to add or, by `revision` alone, to put in place of stored ones. The store flags them as
   * repaired.
   */
  readonly bars: readonly BarRow[];
}

/** Repaired bars with their provenance: what stood there before is kept for ever. */
export interface RepairStore {
  /** All bars or none. Null when there is nothing to change. */
  apply(repair: Repair): RepairBatch | null;
  /** In the order they were made. */
  batches(): readonly RepairBatch[];
  /**
   * Takes a batch back: added bars go, changed ones become what they were. Throws a `DataError`
   * for one that is unknown, undone already, or that a later batch built upon.
   */
  undo(batchId: number, at: EpochMs): RepairBatch;
}
