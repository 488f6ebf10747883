import type { EpochMs } from '../../core/time.ts';
import type { Business, RecordedFill, RecordedOrder } from '../../ports/run-archive.ts';
import type { Database } from './database.ts';
import { parseChecks, parseSteps } from './recorded-json.ts';

type OrderRow = Omit<RecordedOrder, 'steps' | 'fills' | 'checks' | 'refusal'> & {
  readonly steps: string | null;
};

interface Moment extends Business {
  readonly run: string;
  readonly at: EpochMs;
}

const ORDER = `SELECT order_id AS id, side, role, type, quantity, limit_price AS limitPrice,
  stop_price AS stopPrice, trail, time_in_force AS timeInForce, reason, signal_seq AS signalSeq,
  position_id AS position, requested_seq AS requestedSeq, requested_ts AS requestedTs,
  requested_caused_by AS requestedCausedBy, state, state_reason AS stateReason, steps FROM orders`;

/** Last event that is certain to lie before an instant: what ended by then was over. */
const LAST_BEFORE = `(SELECT coalesce(max(seq), 0) FROM (
  SELECT max(seq) AS seq FROM trades WHERE run_id = :run AND ts < :at
  UNION ALL SELECT max(seq) FROM signals WHERE run_id = :run AND ts < :at))`;

/** Orders of recorded runs, each with its fills and checks. */
export class RecordedOrders {
  readonly #ofSignal;
  readonly #ofPosition;
  readonly #around;
  readonly #fills;
  readonly #checks;
  readonly #refusal;

  constructor(database: Database) {
    this.#ofSignal = database.prepare<[string, number], OrderRow>(
      `${ORDER} WHERE run_id = ? AND signal_seq = ? ORDER BY requested_seq`,
    );
    this.#ofPosition = database.prepare<[string, string], OrderRow>(
      `${ORDER} WHERE run_id = ? AND position_id = ? ORDER BY requested_seq`,
    );
    this.#around = database.prepare<[Moment], OrderRow>(
      `${ORDER} WHERE run_id = :run AND strategy_id = :strategy AND symbol = :symbol
         AND requested_ts <= :at
         AND (state NOT IN ('filled', 'canceled', 'expired', 'rejected')
           OR state_seq > ${LAST_BEFORE})
       ORDER BY requested_seq`,
    );
    this.#fills = database.prepare<[string, string], RecordedFill>(
      `SELECT seq, ts, time, quantity, price, raw_price AS rawPrice, fee, liquidity
       FROM trades WHERE run_id = ? AND order_id = ? ORDER BY seq`,
    );
    this.#checks = database
      .prepare<[string, string], string>(
        'SELECT checks FROM risk_checks WHERE run_id = ? AND order_id = ?',
      )
      .pluck();
    this.#refusal = database
      .prepare<[string, string], string>(
        `SELECT message FROM risk_events WHERE run_id = ? AND order_id = ? AND kind = 'refused'`,
      )
      .pluck();
  }

  ofSignal(run: string, signalSeq: number): readonly RecordedOrder[] {
    return this.#whole(run, this.#ofSignal.all(run, signalSeq));
  }

  ofPosition(run: string, position: string): readonly RecordedOrder[] {
    return this.#whole(run, this.#ofPosition.all(run, position));
  }

  around(moment: Moment): readonly RecordedOrder[] {
    return this.#whole(moment.run, this.#around.all(moment));
  }

  #whole(run: string, rows: readonly OrderRow[]): readonly RecordedOrder[] {
    return rows.map((row) => ({
      ...row,
      steps: row.steps === null ? [] : parseSteps(row.steps),
      fills: this.#fills.all(run, row.id),
      checks: parseChecks(this.#checks.get(run, row.id) ?? '[]'),
      refusal: this.#refusal.get(run, row.id) ?? null,
    }));
  }
}
