import type { Commission, FeeCorrection } from '../../core/fill.ts';
import type { RunId } from '../../core/ids.ts';
import type { Database } from './database.ts';

type CommissionColumns = readonly [
  from: string | null,
  currency: string | null,
  amount: string | null,
];

/** Fees that became known after their fill was written, or changed. */
export class FeeRows {
  readonly #runId: RunId;
  readonly #update;
  readonly #corrections: FeeCorrection[] = [];

  constructor(database: Database, runId: RunId) {
    this.#runId = runId;
    this.#update = database.prepare<(string | null)[]>(
      `UPDATE trades SET fee = ?, fee_from = ?, fee_currency = ?, fee_amount = ?, is_provisional = 0
       WHERE run_id = ? AND trade_id = ?`,
    );
  }

  corrected(correction: FeeCorrection): void {
    this.#corrections.push(correction);
  }

  /** The trades must be written by then. */
  write(): void {
    for (const { fee, commission, tradeId } of this.#corrections) {
      this.#update.run(fee.toString(), ...commissionColumns(commission), this.#runId, tradeId);
    }
  }

  /** Forgets everything, once it is committed. */
  committed(): void {
    this.#corrections.length = 0;
  }
}

/** How a fee was taken, as `trades` has it: NULLs where it was taken from the quote currency. */
export function commissionColumns(commission: Commission | null): CommissionColumns {
  if (commission === null) return [null, null, null];
  return [commission.takenFrom, commission.currency, commission.amount.toString()];
}
