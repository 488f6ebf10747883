import { Decimal } from '../../core/decimal.ts';
import type { EngineEvent } from '../../core/events.ts';
import type { PositionId, RunId } from '../../core/ids.ts';
import type { OrderRequest } from '../../core/order.ts';
import type { Position } from '../../core/position.ts';
import type { Database } from './database.ts';

interface PositionRecord {
  readonly position: Position;
  readonly seq: number;
  readonly causedBy: number | null;
  isDirty: boolean;
}

/** Open positions, and those that changed since they were last written: the last state of each. */
export class PositionRows {
  readonly #runId: RunId;
  readonly #upsert;
  #records = new Map<PositionId, PositionRecord>();

  constructor(database: Database, runId: RunId) {
    this.#runId = runId;
    this.#upsert = database.prepare(
      `INSERT INTO positions (run_id, position_id, strategy_id, symbol, side, state, quantity,
         entered, entry_price, exit_price, gross_pnl, fees, slippage, impact, financing, entry_time,
         exit_time, exit_reason, updated_seq, updated_caused_by)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (run_id, position_id) DO UPDATE SET
         state = excluded.state, quantity = excluded.quantity, entered = excluded.entered,
         entry_price = excluded.entry_price, exit_price = excluded.exit_price,
         gross_pnl = excluded.gross_pnl, fees = excluded.fees, slippage = excluded.slippage,
         impact = excluded.impact, financing = excluded.financing,
         entry_time = excluded.entry_time, exit_time = excluded.exit_time,
         exit_reason = excluded.exit_reason, updated_seq = excluded.updated_seq,
         updated_caused_by = excluded.updated_caused_by`,
    );
  }

  /**
   * An entry was filled: its position exists from here on, even where the rows are written before
   * the portfolio has told its state.
   */
  entered(event: EngineEvent<'order.filled'>, order: OrderRequest): void {
    if (order.role !== 'entry' || this.#records.has(order.position)) return;
    const { seq, causedBy } = event;
    const position = positionOf(event, order);
    this.#records.set(order.position, { position, seq, causedBy, isDirty: true });
  }

  updated({ seq, causedBy, payload }: EngineEvent<'position.updated'>): void {
    this.#records.set(payload.id, { position: payload, seq, causedBy, isDirty: true });
  }

  write(): void {
    for (const record of this.#records.values()) if (record.isDirty) this.#upsertRow(record);
  }

  /** Forgets what is closed, once it is committed. */
  committed(): void {
    const open = new Map<PositionId, PositionRecord>();
    for (const [id, record] of this.#records) {
      record.isDirty = false;
      if (!record.position.quantity.isZero) open.set(id, record);
    }
    this.#records = open;
  }

  #upsertRow({ position, seq, causedBy }: PositionRecord): void {
    this.#upsert.run(
      this.#runId,
      position.id,
      position.strategy,
      position.symbol,
      position.side,
      position.quantity.isZero ? 'closed' : 'open',
      position.quantity.toString(),
      position.entered.toString(),
      position.entryPrice.toString(),
      position.exitPrice?.toString() ?? null,
      position.grossPnl.toString(),
      position.fees.toString(),
      position.slippage.toString(),
      position.impact.toString(),
      position.financing.toString(),
      position.entryTime,
      position.exitTime,
      position.exitReason,
      seq,
      causedBy,
    );
  }
}

function positionOf({ payload: fill }: EngineEvent<'order.filled'>, order: OrderRequest): Position {
  const paidMore = fill.price.minus(fill.rawPrice).times(fill.quantity);
  return {
    id: order.position,
    strategy: order.strategy,
    symbol: order.symbol,
    side: order.side === 'buy' ? 'long' : 'short',
    quantity: fill.quantity,
    entered: fill.quantity,
    entryPrice: fill.price,
    exitPrice: null,
    grossPnl: Decimal.zero,
    fees: fill.fee,
    slippage: order.side === 'buy' ? paidMore : paidMore.negated(),
    impact: fill.impact,
    financing: Decimal.zero,
    entryTime: fill.time,
    exitTime: null,
    exitReason: null,
  };
}
