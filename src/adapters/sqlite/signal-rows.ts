import type { EngineEvent } from '../../core/events.ts';
import type { RunId } from '../../core/ids.ts';
import { USUAL_TERMS, type IgnoreReason, type OrderTerms, type Signal } from '../../core/signal.ts';
import type { Database } from './database.ts';

type Outcome = 'pending' | 'ordered' | 'done' | IgnoreReason;

interface PendingSignal {
  readonly event: EngineEvent<'signal.raised'>;
  outcome: Outcome;
  /** An order was cancelled at its word. */
  hasCanceled: boolean;
}

/** Signals that are not yet in the database, each with what became of it. */
export class SignalRows {
  readonly #runId: RunId;
  readonly #insert;
  readonly #settle;
  readonly #pending = new Map<number, PendingSignal>();
  readonly #written: number[] = [];
  /** Answers to signals that were written before they had one. */
  readonly #lateAnswers: (readonly [seq: number, outcome: Outcome])[] = [];
  readonly #hasLateAnswers: boolean;

  /** With `hasLateAnswers`, a signal may be written unanswered and be answered afterwards. */
  constructor(database: Database, runId: RunId, hasLateAnswers: boolean) {
    this.#runId = runId;
    this.#hasLateAnswers = hasLateAnswers;
    // What led to no order of its own at first may do so later; a wish to cancel never does.
    this.#settle = database.prepare<[Outcome, RunId, number]>(
      `UPDATE signals SET outcome = ? WHERE run_id = ? AND seq = ?
         AND (outcome = 'pending' OR (outcome = 'done' AND intent <> 'cancel'))`,
    );
    this.#insert = database.prepare(
      `INSERT INTO signals (run_id, seq, ts, caused_by, strategy_id, symbol, bar_open_time, intent,
         side, confidence, price, reason, conditions, wish, outcome)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
  }

  raised(event: EngineEvent<'signal.raised'>): void {
    this.#pending.set(event.seq, { event, outcome: 'pending', hasCanceled: false });
  }

  /** The first answer stands: the orders that protect a position name its entry signal again. */
  answered(seq: number, outcome: Outcome): void {
    const signal = this.#pending.get(seq);
    if (signal?.outcome === 'pending') signal.outcome = outcome;
    else if (signal === undefined && this.#hasLateAnswers) this.#lateAnswers.push([seq, outcome]);
  }

  /**
   * An order was cancelled on the event of that number. That is all a wish to cancel asks for; of
   * other wishes it is the outcome if no order of their own follows.
   */
  canceledOn(seq: number | null): void {
    const signal = seq === null ? undefined : this.#pending.get(seq);
    if (signal?.outcome !== 'pending') return;
    if (signal.event.payload.intent === 'cancel') signal.outcome = 'done';
    signal.hasCanceled = true;
  }

  /** Writes every signal that has its answer, or all of them. */
  write(withUnanswered: boolean): void {
    this.#written.length = 0;
    for (const [seq, { event, outcome, hasCanceled }] of this.#pending) {
      const isOpen = outcome === 'pending';
      if (isOpen && !withUnanswered) continue;
      this.#insertRow(event, isOpen && isSettled(event, hasCanceled) ? 'done' : outcome);
      this.#written.push(seq);
    }
    for (const [seq, outcome] of this.#lateAnswers) this.#settle.run(outcome, this.#runId, seq);
  }

  /** Forgets what the last `write` wrote, once that is committed. */
  committed(): void {
    for (const seq of this.#written) this.#pending.delete(seq);
    this.#lateAnswers.length = 0;
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
      JSON.stringify(wishOf(payload)),
      outcome,
    );
  }
}

/** A replacement is still to come where a run ends between the end of an order and the next. */
function isSettled({ payload }: PendingSignal['event'], hasCanceled: boolean): boolean {
  return hasCanceled && payload.intent !== 'replace';
}

/** What the other columns do not say of a wish; empty for a plain one. */
function wishOf(signal: Signal): object {
  switch (signal.intent) {
    case 'enter': {
      const { protection, oneCancelsOther } = signal;
      const group = oneCancelsOther === null ? {} : { oneCancelsOther };
      const { stopLoss, takeProfit } = protection;
      const guards = stopLoss === null && takeProfit === null ? {} : { protection };
      return { ...termsOf(signal.terms), ...group, ...guards };
    }
    case 'exit':
      return termsOf(signal.terms);
    case 'cancel':
      return { orderId: signal.orderId };
    case 'replace':
      return { orderId: signal.orderId, changes: signal.changes };
    case 'protect':
      return { stopLoss: signal.stopLoss, takeProfit: signal.takeProfit };
  }
}

function termsOf(terms: OrderTerms): object {
  return terms === USUAL_TERMS ? {} : { terms };
}
