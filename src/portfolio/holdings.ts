import { present } from '../core/assert.ts';
import type { Decimal } from '../core/decimal.ts';
import type { StrategyId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { Position } from '../core/position.ts';
import type { PendingOrders } from './pending-orders.ts';
import type { PortfolioSettings } from './portfolio-settings.ts';
import type { PositionDirectory } from './position-directory.ts';

interface HoldingsOptions {
  readonly positions: PositionDirectory;
  readonly pending: PendingOrders;
  readonly settings: Pick<PortfolioSettings, 'instrumentOf'>;
  readonly lastPrice: (symbol: SymbolName) => number | null;
}

/** What of the positions held can be sold, and what is being sold already. */
export class Holdings {
  readonly #options: HoldingsOptions;

  constructor(options: HoldingsOptions) {
    this.#options = options;
  }

  /** The position that further entries are an addition to or a turn against; null when flat. */
  standing(strategy: StrategyId, symbol: SymbolName): Position | null {
    const held = this.#options.positions.of(strategy, symbol);
    return held.findLast((each) => !this.isLeaving(each) && !this.isDust(each)) ?? null;
  }

  /** What is left of a position that is too small to be sold, or null. */
  dust(strategy: StrategyId, symbol: SymbolName): Position | null {
    const held = this.#options.positions.of(strategy, symbol);
    return held.findLast((each) => !this.isLeaving(each) && this.isDust(each)) ?? null;
  }

  /** Positions that a market order for all that can be sold is under way for. */
  leaving(strategy: StrategyId, symbol: SymbolName): readonly Position[] {
    return this.#options.positions.of(strategy, symbol).filter((each) => this.isLeaving(each));
  }

  isLeaving(held: Position): boolean {
    const sellable = this.sellable(held);
    return this.#options.pending
      .ofPosition(held.id)
      .some(
        ({ order, remaining, isLeaving }) =>
          order.role === 'exit' &&
          order.type === 'market' &&
          !isLeaving &&
          !remaining.lessThan(sellable),
      );
  }

  /** Too small for any venue to sell; the next entry the same way takes it along. */
  isDust(held: Position): boolean {
    const { lotStep, minNotional } = this.#options.settings.instrumentOf(held.symbol);
    // Two lots fewer than it has are enough: no need for exact arithmetic, which strategies would
    // wait for with every bar.
    const surely = held.quantity.toNumber() - 2 * lotStep.toNumber();
    if (surely > 0 && surely * this.priceOf(held) > minNotional.toNumber()) return false;
    return this.isBelowMinimum(held, this.sellable(held));
  }

  isBelowMinimum(held: Position, quantity: Decimal): boolean {
    if (!quantity.isPositive) return true;
    const { minNotional } = this.#options.settings.instrumentOf(held.symbol);
    return quantity.toNumber() * this.priceOf(held) < minNotional.toNumber();
  }

  /**
   * What of a position can be sold: whole lots. The rest is there where the venue made its lots
   * larger after it was bought.
   */
  sellable({ symbol, quantity }: Pick<Position, 'symbol' | 'quantity'>): Decimal {
    const { lotStep } = this.#options.settings.instrumentOf(symbol);
    return quantity.toStep(lotStep, 'down');
  }

  /** Last close of the position's symbol. */
  priceOf({ symbol }: Position): number {
    return present(this.#options.lastPrice(symbol), 'the last price of what is held');
  }
}
