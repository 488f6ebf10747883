import type { Gate, GateChange } from '../../core/operator.ts';
import type { SymbolName } from '../../core/instrument.ts';

/** What happened to a gate, and whether that is a change or how this process found it. */
type OnGate = (change: GateChange, isChange: boolean) => void;

/**
 * Remembers which gates keep entries away, and tells of changes alone. How a gate stands at first is
 * told too, open or closed: an earlier process may have left it otherwise.
 */
export class GateKeeper {
  readonly #isClosed = new Map<string, boolean>();
  readonly #onGate: OnGate;

  constructor(onGate: OnGate) {
    this.#onGate = onGate;
  }

  /** A reason closes the gate, null opens it; the reason it was closed for first is the one told. */
  set(gate: Gate, symbol: SymbolName | null, reason: string | null): void {
    const name = `${gate} ${symbol ?? ''}`;
    const was = this.#isClosed.get(name);
    const isClosed = reason !== null;
    if (was === isClosed) return;
    this.#isClosed.set(name, isClosed);
    this.#onGate({ gate, symbol, reason }, isClosed || was !== undefined);
  }
}
