import type { PositionId } from '../core/ids.ts';
import type { MarksSnapshot } from './account-marks.ts';
import type { GuardsSnapshot } from './guards.ts';
import type { LedgerSnapshot } from './ledger-snapshot.ts';
import type { DeskSnapshot } from './order-desk.ts';
import type { PendingSnapshot } from './pending-orders.ts';

/** The portfolio to go on with; plain data for exact JSON. */
export interface PortfolioSnapshot {
  readonly ledger: LedgerSnapshot;
  readonly marks: MarksSnapshot;
  readonly desk: DeskSnapshot;
  readonly pending: PendingSnapshot;
  readonly guards: GuardsSnapshot;
  readonly flattening: string | null;
  /** For readers: positions held that are too small to be sold. */
  readonly dust: readonly PositionId[];
}
