import { defineStrategy, z } from 'quantsage';

/** Decides on all symbols together, by one that it does not trade. */
export default defineStrategy({
  id: 'ranked_beside_a_leader',
  params: z.object({}),
  informative: ['BTC/USD'],
  createForAll({ symbols, of, informative }) {
    const leader = informative.of('BTC/USD').indicators.library('roc', { period: 24 });
    const members = symbols.map((symbol) => ({
      symbol,
      roc: of(symbol).indicators.library('roc', { period: 24 }),
    }));
    return {
      onBars(bars, contexts) {
        return members
          .filter(({ symbol }) => bars.has(symbol))
          .flatMap(({ symbol, roc }) => {
            const { position, enter, exit } = contexts.of(symbol);
            const isAhead = roc.value > leader.value;
            if (isAhead === (position !== null)) return [];
            return isAhead
              ? [enter({ side: 'buy', reason: 'ahead' })]
              : [exit({ reason: 'behind' })];
          });
      },
    };
  },
});
