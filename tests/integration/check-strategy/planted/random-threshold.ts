import { defineStrategy, z } from 'quantsage';

export default defineStrategy({
  id: 'random_threshold',
  params: z.object({}),
  create({ indicators }) {
    const rsi = indicators.rsi({ period: 14 });
    return {
      onBar(_, context) {
        if (context.position !== null) return context.exit({ reason: 'enough' });
        const isLow = rsi.value < 30 + Math.random();
        return isLow ? context.enter({ side: 'buy', reason: 'oversold' }) : null;
      },
    };
  },
});
