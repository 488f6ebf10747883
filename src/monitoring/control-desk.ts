import type { EventBus, Publish } from '../core/event-bus.ts';
import type { Gate, GateChange, OperatorCommand } from '../core/operator.ts';
import type { SymbolName } from '../core/instrument.ts';

/** Brings to the bus what a person asks for, and what the surroundings say of entries. */
export class ControlDesk {
  readonly #command: Publish<'operator.commanded'>;
  readonly #change: Publish<'gate.changed'>;
  readonly #closed = new Map<string, GateChange>();

  /** `restored` are the gates that an earlier process left closed. */
  constructor(bus: Pick<EventBus, 'publisher'>, restored: readonly GateChange[] = []) {
    for (const each of restored) this.#closed.set(keyOf(each.gate, each.symbol), each);
    this.#command = bus.publisher('operator.commanded');
    this.#change = bus.publisher('gate.changed');
  }

  command(command: OperatorCommand): void {
    this.#command(command);
  }

  /** Whether `gate` would tell anybody anything. */
  isNews(change: GateChange): boolean {
    return (this.#closed.get(keyOf(change.gate, change.symbol))?.reason ?? null) !== change.reason;
  }

  /** Says why a gate keeps entries away, or that it no longer does; what is known is not repeated. */
  gate(change: GateChange): void {
    if (!this.isNews(change)) return;
    const key = keyOf(change.gate, change.symbol);
    if (change.reason === null) this.#closed.delete(key);
    else this.#closed.set(key, change);
    this.#change(change);
  }

  /** The gates that are closed. */
  snapshot(): readonly GateChange[] {
    return [...this.#closed.values()];
  }
}

function keyOf(gate: Gate, symbol: SymbolName | null): string {
  return symbol === null ? gate : `${gate} ${symbol}`;
}
