import type { PositionId, StrategyId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import { OpenItems } from '../core/open-items.ts';
import type { Position } from '../core/position.ts';

const NONE: readonly Position[] = [];

/**
 * Open positions by strategy and symbol. One each as a rule; more where a new one was opened before
 * the last of the old one was sold: what is too small to be sold, or an exit still under way.
 */
export class PositionDirectory {
  readonly #byStrategy = new Map<StrategyId, OpenItems<SymbolName, readonly Position[]>>();
  /** In order of entry. */
  readonly #open = new OpenItems<PositionId, Position>();

  /** Takes a position's latest state; one that holds nothing is dropped. */
  put(position: Position): void {
    const { id, symbol, quantity } = position;
    const symbols = this.#symbolsOf(position.strategy);
    const known = symbols.get(symbol) ?? NONE;
    const isKnown = known.some((each) => each.id === id);
    if (quantity.isZero) {
      this.#open.delete(id);
      const left = known.filter((each) => each.id !== id);
      if (left.length === 0) symbols.delete(symbol);
      else symbols.set(symbol, left);
    } else {
      this.#open.set(id, position);
      const latest = isKnown
        ? known.map((each) => (each.id === id ? position : each))
        : [...known, position];
      symbols.set(symbol, latest);
    }
  }

  /** The one opened last, or null. */
  find(strategy: StrategyId, symbol: SymbolName): Position | null {
    return this.of(strategy, symbol).at(-1) ?? null;
  }

  /** All of a strategy in a symbol, in order of entry. */
  of(strategy: StrategyId, symbol: SymbolName): readonly Position[] {
    return this.#byStrategy.get(strategy)?.get(symbol) ?? NONE;
  }

  get(id: PositionId): Position | null {
    return this.#open.get(id) ?? null;
  }

  all(): readonly Position[] {
    return [...this.#open.values()];
  }

  #symbolsOf(strategy: StrategyId): OpenItems<SymbolName, readonly Position[]> {
    const known = this.#byStrategy.get(strategy);
    if (known !== undefined) return known;
    const created = new OpenItems<SymbolName, readonly Position[]>();
    this.#byStrategy.set(strategy, created);
    return created;
  }
}
