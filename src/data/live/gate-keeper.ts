import type { Gate, GateChange } from '../../core/operator.ts';
import type { SymbolName } from '../../core/instrument.ts';

/** Remembers which gates keep entries away, and tells of changes alone. */
export class GateKeeper {
  readonly #closed = new Set<string>();
  readonly #onChange: (change: GateChange) => void;

  constructor(onChange: (change: GateChange) => void) {
    this.#onChange = onChange;
  }

  /** A reason closes the gate, null opens it; the reason it was closed for first is the one told. */
  set(gate: Gate, symbol: SymbolName | null, reason: string | null): void {
    const name = `${gate} ${symbol ?? ''}`;
    if (this.#closed.has(name) === (reason !== null)) return;
    if (reason === null) this.#closed.delete(name);
    else this.#closed.add(name);
    this.#onChange({ gate, symbol, reason });
  }
}
