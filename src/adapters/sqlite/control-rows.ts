import type { EngineEvent } from '../../core/events.ts';
import type { RunId } from '../../core/ids.ts';
import type { Database } from './database.ts';

interface ControlRow {
  readonly event: Pick<EngineEvent, 'seq' | 'ts' | 'causedBy'>;
  readonly kind: 'commanded' | 'closed' | 'opened' | 'differed';
  readonly symbol: string | null;
  readonly check: string;
  readonly message: string;
}

/** What operators, the surroundings and the exchange's account did to trading. */
export class ControlRows {
  readonly #runId: RunId;
  readonly #insert;
  readonly #rows: ControlRow[] = [];

  constructor(database: Database, runId: RunId) {
    this.#runId = runId;
    this.#insert = database.prepare<(string | number | null)[]>(
      `INSERT INTO risk_events (run_id, seq, ts, caused_by, kind, symbol, check_name, message)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
  }

  commanded(event: EngineEvent<'operator.commanded'>): void {
    const { act, reason, by } = event.payload;
    const message = `${reason} (${by})`;
    this.#rows.push({ event, kind: 'commanded', symbol: null, check: act, message });
  }

  gateChanged(event: EngineEvent<'gate.changed'>): void {
    const { gate, symbol, reason } = event.payload;
    const kind = reason === null ? 'opened' : 'closed';
    this.#rows.push({ event, kind, symbol, check: gate, message: reason ?? '' });
  }

  /** An account that agrees leaves no row. */
  accountChecked(event: EngineEvent<'account.checked'>): void {
    const { differences } = event.payload;
    if (differences.length === 0) return;
    const message = differences.map((each) => each.message).join('; ');
    this.#rows.push({ event, kind: 'differed', symbol: null, check: 'account', message });
  }

  write(): void {
    for (const { event, kind, symbol, check, message } of this.#rows) {
      const { seq, ts, causedBy } = event;
      this.#insert.run(this.#runId, seq, ts, causedBy, kind, symbol, check, message);
    }
  }

  /** Forgets everything, once it is committed. */
  committed(): void {
    this.#rows.length = 0;
  }
}
