import { defineStrategy, z, type Signal } from 'quantsage';

/** Always holds one symbol, another one after every seventh instant since the data began. */
export default defineStrategy({
  id: 'rebalances_by_count',
  params: z.object({}),
  createForAll({ symbols, of }) {
    for (const symbol of symbols) of(symbol).indicators.sma({ period: 20 });
    let instants = 0;
    return {
      onBars(bars, contexts) {
        const wanted = symbols[Math.floor(instants++ / 7) % symbols.length];
        return [...bars.keys()].flatMap((symbol): Signal[] => {
          const { position, enter, exit } = contexts.of(symbol);
          if ((position !== null) === (symbol === wanted)) return [];
          return position === null
            ? [enter({ side: 'buy', reason: 'its turn' })]
            : [exit({ reason: 'seven bars are over' })];
        });
      },
    };
  },
});
