import type { EngineEvent } from '../../core/events.ts';
import type { RiskAssessment } from '../../core/risk.ts';
import type { OrderId, RunId } from '../../core/ids.ts';
import type { EquityPoint } from '../../ports/run-store.ts';
import { checksText } from './check-rows.ts';
import type { Database } from './database.ts';
import { commissionColumns } from './fee-rows.ts';

type Value = string | number | null;

/** Text rather than the checks themselves: thousands wait here, each a dozen objects. */
interface OrderChecks {
  readonly orderId: OrderId;
  readonly checks: string;
}

/** Rows written once that never change: executions, checks, refusals and alerts, equity marks. */
export class AppendRows {
  readonly #runId: RunId;
  readonly #trade;
  readonly #risk;
  readonly #checks;
  readonly #mark;
  readonly #fills: EngineEvent<'order.filled'>[] = [];
  readonly #assessed: OrderChecks[] = [];
  readonly #refusals: EngineEvent<'order.rejected'>[] = [];
  readonly #alerts: EngineEvent<'risk.alerted'>[] = [];
  readonly #marks: EquityPoint[] = [];

  constructor(database: Database, runId: RunId) {
    this.#runId = runId;
    this.#trade = database.prepare(
      `INSERT INTO trades (run_id, trade_id, order_id, seq, ts, caused_by, time, symbol, side,
         quantity, price, raw_price, impact, fee, liquidity, fee_from, fee_currency, fee_amount,
         is_provisional)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#risk = database.prepare<Value[]>(
      `INSERT INTO risk_events (run_id, seq, ts, caused_by, kind, order_id, layer, check_name,
         limit_value, actual_value, on_breach, message)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#checks = database.prepare(
      'INSERT INTO risk_checks (run_id, order_id, checks) VALUES (?, ?, ?)',
    );
    // The account may be marked twice at one instant: open positions are closed at the last close.
    this.#mark = database.prepare(
      `INSERT INTO equity (run_id, time, equity, cash, exposure, drawdown) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (run_id, time) DO UPDATE SET equity = excluded.equity, cash = excluded.cash,
         exposure = excluded.exposure, drawdown = excluded.drawdown`,
    );
  }

  filled(event: EngineEvent<'order.filled'>): void {
    this.#fills.push(event);
  }

  assessed({ orderId, assessments }: RiskAssessment): void {
    this.#assessed.push({ orderId, checks: checksText(assessments) });
  }

  rejected(event: EngineEvent<'order.rejected'>): void {
    this.#refusals.push(event);
  }

  alerted(event: EngineEvent<'risk.alerted'>): void {
    this.#alerts.push(event);
  }

  marked(point: EquityPoint): void {
    this.#marks.push(point);
  }

  write(): void {
    for (const event of this.#fills) this.#insertTrade(event);
    for (const { orderId, checks } of this.#assessed) {
      this.#checks.run(this.#runId, orderId, checks);
    }
    for (const event of this.#refusals) this.#insertRefusal(event);
    for (const event of this.#alerts) this.#insertAlert(event);
    for (const { time, equity, cash, exposure, drawdown } of this.#marks) {
      this.#mark.run(this.#runId, time, equity, cash, exposure, drawdown);
    }
  }

  /** Forgets everything, once it is committed. */
  committed(): void {
    this.#fills.length = 0;
    this.#assessed.length = 0;
    this.#refusals.length = 0;
    this.#alerts.length = 0;
    this.#marks.length = 0;
  }

  #insertTrade({ seq, ts, causedBy, payload: fill }: EngineEvent<'order.filled'>): void {
    this.#trade.run(
      this.#runId,
      fill.tradeId,
      fill.orderId,
      seq,
      ts,
      causedBy,
      fill.time,
      fill.symbol,
      fill.side,
      fill.quantity.toString(),
      fill.price.toString(),
      fill.rawPrice.toString(),
      fill.impact.toString(),
      fill.fee.toString(),
      fill.liquidity,
      ...commissionColumns(fill.commission),
      fill.isFeeProvisional ? 1 : 0,
    );
  }

  #insertRefusal({ seq, ts, causedBy, payload }: EngineEvent<'order.rejected'>): void {
    const { layer, check, limit, actual, message } = payload.refusal;
    const event = [this.#runId, seq, ts, causedBy, 'refused', payload.order.id, layer] as const;
    this.#risk.run(...event, check, limit, actual, null, message);
  }

  #insertAlert({ seq, ts, causedBy, payload }: EngineEvent<'risk.alerted'>): void {
    const { kind, check, limit, actual, onBreach, message } = payload;
    const event = [this.#runId, seq, ts, causedBy, kind, null, null] as const;
    this.#risk.run(...event, check, limit, actual, onBreach, message);
  }
}
