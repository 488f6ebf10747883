import type { EngineEvent } from '../../core/events.ts';
import type { RunId } from '../../core/ids.ts';
import type { IgnoreReason } from '../../core/signal.ts';
import type { Database } from './database.ts';

type Outcome = 'pending' | 'ordered' | IgnoreReason;

interface PendingSignal {
  readonly event: EngineEvent<'signal.raised'>;
  outcome: Outcome;
}

/** Signals that are not yet in the database, each with what became of it. */
export class SignalRows {
  readonly #runId: RunId;
  readonly #insert;
  readonly #pending = new Map<number, PendingSignal>();
  readonly #written: number[] = [];

  constructor(database: Database, runId: RunId) {
    this.#runId = runId;
    this.#insert = database.prepare(
      `INSERT INTO signals (run_id, seq, ts, caused_by, strategy_id, symbol, bar_open_time, intent,
         side, confidence, price, reason, conditions, outcome)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
  }

  raised(event: EngineEvent<'signal.raised'>): void {
    this.#pending.set(event.seq, { event, outcome: 'pending' });
  }

  /** The first answer stands: the orders that protect a position name its entry signal again. */
  answered(seq: number, outcome: Outcome): void {
    const signal = this.#pending.get(seq);
    if (signal?.outcome === 'pending') signal.outcome = outcome;
  }

  /** Writes every signal that has its answer; all of them when the run is over. */
  write(isOver: boolean): void {
    this.#written.length = 0;
    for (const [seq, { event, outcome }] of this.#pending) {
      if (outcome === 'pending' && !isOver) continue;
      this.#insertRow(event, outcome);
      this.#written.push(seq);
    }
  }

  /** Forgets what the last `write` wrote, once that is committed. */
  committed(): void {
    for (const seq of this.#written) this.#pending.delete(seq);
  }

  #insertRow({ seq, ts, causedBy, payload }: PendingSignal['event'], outcome: Outcome): void {
    const entry = payload.intent === 'enter' ? payload : null;
    this.#insert.run(
      this.#runId,
      seq,
      ts,
      causedBy,
      payload.strategy,
      payload.symbol,
      payload.barOpenTime,
      payload.intent,
      entry?.side ?? null,
      entry?.confidence ?? null,
      payload.price,
      payload.reason,
      JSON.stringify(payload.conditions),
      outcome,
    );
  }
}
