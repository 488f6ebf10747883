import type { AccountCheck, AccountDifference } from '../core/account-check.ts';
import type { OrderId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { GateChange } from '../core/operator.ts';
import type { EntryOrder, OrderUpdate } from '../core/order.ts';
import type { Assessment } from '../core/risk.ts';
import { AccountDifferences, type DifferencesSnapshot } from './account-differences.ts';
import { refused } from './assess.ts';
import { Gates, type ClosedGate } from './gates.ts';
import { UnknownOrders, type UnknownOrder } from './unknown-orders.ts';

/** What keeps entries away, to go on with. A shutdown is not of it: it ends with its process. */
export interface BarriersSnapshot {
  readonly gates: readonly ClosedGate[];
  readonly differences: DifferencesSnapshot;
  readonly unknown: readonly UnknownOrder[];
}

/**
 * What keeps entries away beside limits and halts: a shutdown, closed gates, an account that differs
 * from the books, an order whose outcome is unknown. Exits never meet it.
 */
export class EntryBarriers {
  readonly #gates: Gates;
  readonly #differences: AccountDifferences;
  readonly #unknown: UnknownOrders;
  #shutdown: string | null = null;

  constructor(restored: BarriersSnapshot | undefined) {
    this.#gates = new Gates(restored?.gates ?? []);
    this.#differences = new AccountDifferences(restored?.differences);
    this.#unknown = new UnknownOrders(restored?.unknown ?? []);
  }

  /** For good: nothing of this process may open a position any more. */
  shutDown(reason: string): void {
    this.#shutdown ??= reason;
  }

  change(gate: GateChange): void {
    this.#gates.change(gate);
  }

  /** Returns what is new. */
  check(check: AccountCheck): readonly AccountDifference[] {
    return this.#differences.check(check);
  }

  acceptDifferences(): void {
    this.#differences.accept();
  }

  update(update: OrderUpdate, symbolOf: (id: OrderId) => SymbolName | null): void {
    this.#unknown.update(update, symbolOf);
  }

  fill(fill: Pick<UnknownOrder, 'orderId'>): void {
    this.#unknown.fill(fill);
  }

  /** Why an entry may not pass now; null where nothing is in its way. */
  refusalOf({ id, symbol }: EntryOrder): Assessment | null {
    if (this.#shutdown !== null) {
      return barred('shutdown', `entry ${id}: the program is shutting down: ${this.#shutdown}`);
    }
    const gate = this.#gates.closedTo(symbol);
    if (gate !== null) return barred(gate.gate, gate.reason);
    const difference = this.#differences.of(symbol);
    if (difference !== null) {
      return barred(
        'reconciliation',
        `entry ${id}: ${symbol} may only be reduced: ${difference.message}`,
      );
    }
    const unknown = this.#unknown.in(symbol);
    if (unknown === null) return null;
    return barred(
      'unknown-order',
      `entry ${id}: ${symbol} is closed until it is known what became of order ${unknown}`,
    );
  }

  snapshot(): BarriersSnapshot {
    return {
      gates: this.#gates.snapshot(),
      differences: this.#differences.snapshot(),
      unknown: this.#unknown.snapshot(),
    };
  }
}

/** None was expected, one is there. */
function barred(check: string, message: string): Assessment {
  return refused({ layer: 'system', check, limit: 0, actual: 1 }, message);
}
