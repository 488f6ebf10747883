import { invariant } from '../core/assert.ts';
import type { StrategyId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { Position } from '../core/position.ts';
import type { PortfolioView } from '../ports/portfolio-view.ts';

/** What one position, or one entry order still open, puts at stake. */
export interface Exposure {
  readonly strategy: StrategyId;
  readonly symbol: SymbolName;
  /** Absolute value in quote currency; NaN while the symbol has no price yet. */
  readonly value: number;
}

/**
 * The open positions at their last close, but for those left out. Throws an `InvariantError` on a
 * price that is none.
 */
export function positionExposures(
  view: PortfolioView,
  isLeftOut: (position: Position) => boolean = () => false,
): readonly Exposure[] {
  const exposures: Exposure[] = [];
  for (const position of view.openPositions()) {
    if (isLeftOut(position)) continue;
    const { strategy, symbol, quantity } = position;
    exposures.push({ strategy, symbol, value: quantity.toNumber() * priceOf(view, symbol) });
  }
  return exposures;
}

/** Sum of the values; NaN as soon as one of them is unknown, so that comparisons with it fail. */
export function totalValue(exposures: readonly Exposure[]): number {
  return exposures.reduce((sum, exposure) => sum + exposure.value, 0);
}

function priceOf(view: PortfolioView, symbol: SymbolName): number {
  const price = view.lastPrice(symbol);
  if (price === null) return Number.NaN;
  invariant(
    price >= 0 && price < Number.POSITIVE_INFINITY,
    `a finite last price of ${symbol} was expected, was "${price}"`,
  );
  return price;
}
