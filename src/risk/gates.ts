import type { GateChange } from '../core/operator.ts';
import type { SymbolName } from '../core/instrument.ts';

/** A gate that is closed. */
export type ClosedGate = GateChange & { readonly reason: string };

/** What of the surroundings keeps entries away at present. */
export class Gates {
  readonly #closed = new Map<string, ClosedGate>();

  constructor(restored: readonly ClosedGate[]) {
    for (const gate of restored) this.change(gate);
  }

  change({ gate, symbol, reason }: GateChange): void {
    const key = `${gate} ${symbol ?? ''}`;
    if (reason === null) this.#closed.delete(key);
    else this.#closed.set(key, { gate, symbol, reason });
  }

  /** The gate that keeps entries in a symbol away, the one closed longest; null where none does. */
  closedTo(symbol: SymbolName): ClosedGate | null {
    for (const gate of this.#closed.values()) {
      if (gate.symbol === null || gate.symbol === symbol) return gate;
    }
    return null;
  }

  snapshot(): readonly ClosedGate[] {
    return [...this.#closed.values()];
  }
}
