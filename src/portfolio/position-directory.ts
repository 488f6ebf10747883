import type { PositionId, StrategyId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import { OpenItems } from '../core/open-items.ts';
import type { Position } from '../core/position.ts';

/** Open positions by strategy and symbol: one each at most. */
export class PositionDirectory {
  readonly #byStrategy = new Map<StrategyId, OpenItems<SymbolName, Position>>();
  /** In order of entry. */
  readonly #open = new OpenItems<PositionId, Position>();

  /** Takes a position's latest state; one that holds nothing is dropped. */
  put(position: Position): void {
    const symbols = this.#symbolsOf(position.strategy);
    if (position.quantity.isZero) {
      symbols.delete(position.symbol);
      this.#open.delete(position.id);
    } else {
      symbols.set(position.symbol, position);
      this.#open.set(position.id, position);
    }
  }

  find(strategy: StrategyId, symbol: SymbolName): Position | null {
    return this.#byStrategy.get(strategy)?.get(symbol) ?? null;
  }

  all(): readonly Position[] {
    return [...this.#open.values()];
  }

  #symbolsOf(strategy: StrategyId): OpenItems<SymbolName, Position> {
    const known = this.#byStrategy.get(strategy);
    if (known !== undefined) return known;
    const created = new OpenItems<SymbolName, Position>();
    this.#byStrategy.set(strategy, created);
    return created;
  }
}
