/** A strategy that decides on all symbols together, to begin with. */
export const RANKING_TEMPLATE = `import { defineStrategy, z } from 'quantsage';

// Run it as it is; without data of your own it runs on the synthetic sample market:
//   quantsage backtest --strategy ./STRATEGY_ID.ts --symbols BTC/USD,ETH/USD
// The limits in risk.yaml give entries without a stop-loss one of 2 % (stocks: 3 %) and a target;
// --no-risk-limits shows the bare idea.

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

export default defineStrategy({
  id: 'STRATEGY_ID', // names it in results: lower-case letters, digits and underscores
  description: 'Holds the symbols that have risen most, ranked once a week.',

  // Parameters with their defaults and bounds; --set params.hold=2 overrides one.
  params: z.object({
    hold: z.int().min(1).max(100).default(1).describe('Symbols to hold'),
    lookback: z.int().min(2).max(1000).default(168).describe('Bars over which a rise counts'),
  }),

  // Called once for all symbols. Indicators are made here, for each symbol by itself.
  createForAll({ params, symbols, of }) {
    const rises = new Map(
      symbols.map((symbol) => [
        symbol,
        of(symbol).indicators.library('roc', { period: params.lookback }),
      ]),
    );

    return {
      // Called once for all bars that closed at one time. A symbol that has no bar then, or is still
      // warming up, is not in it. Gives signals, on as many symbols as there are reasons for.
      onBars(bars, contexts) {
        const [first] = bars.values();
        // On Thursdays at 00:00 UTC, the weekday with which 1970 began.
        if (first === undefined || first.closeTime % WEEK_MS !== 0) return null;

        const riseOf = (symbol: string) => rises.get(symbol)?.value ?? Number.NaN;
        const best = [...bars.keys()]
          .filter((symbol) => riseOf(symbol) > 0)
          .sort((one, other) => riseOf(other) - riseOf(one))
          .slice(0, params.hold);

        return [...bars.keys()].flatMap((symbol) => {
          const { position, enter, exit } = contexts.of(symbol);
          if (best.includes(symbol)) {
            return position === null ? [enter({ side: 'buy', reason: 'among the best' })] : [];
          }
          return position === null ? [] : [exit({ reason: 'no longer among the best' })];
        });
      },
    };
  },
});
`;
