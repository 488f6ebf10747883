import { defineStrategy, z } from 'quantsage';

export default defineStrategy({
  id: 'drawn_lots',
  params: z.object({}),
  createForAll({ symbols, of }) {
    const members = symbols.map((symbol) => ({
      symbol,
      rsi: of(symbol).indicators.rsi({ period: 14 }),
    }));
    return {
      onBars(bars, contexts) {
        return members
          .filter(({ symbol, rsi }) => bars.has(symbol) && rsi.value < 30 + Math.random() * 10)
          .map(({ symbol }) => contexts.of(symbol).enter({ side: 'buy', reason: 'drawn' }));
      },
    };
  },
});
