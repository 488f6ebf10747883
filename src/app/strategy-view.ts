import type { PortfolioManager } from '../portfolio/portfolio-manager.ts';
import type { PortfolioView } from '../ports/portfolio-view.ts';

type StrategyView = Pick<PortfolioView, 'positionOf' | 'openOrders'>;

/**
 * What strategies see of a portfolio. What no venue would sell is as good as nothing to them: an exit
 * of it would be asked for again and again. The entry price is that of what is held now.
 */
export function strategyView(portfolio: PortfolioManager): StrategyView {
  return {
    openOrders: (strategy, symbol) => portfolio.openOrders(strategy, symbol),
    positionOf: (strategy, symbol) => {
      const held = portfolio.positionOf(strategy, symbol);
      if (held === null || portfolio.isDust(held)) return null;
      // Where nothing was sold yet, both prices are the same.
      if (held.exitPrice === null) return held;
      const entryPrice = portfolio.ledger.heldPriceOf(held);
      return entryPrice.equals(held.entryPrice) ? held : { ...held, entryPrice };
    },
  };
}
