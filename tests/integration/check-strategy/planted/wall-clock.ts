import { defineStrategy, z } from 'quantsage';

export default defineStrategy({
  id: 'wall_clock',
  params: z.object({}),
  create({ indicators }) {
    const mean = indicators.sma({ period: 50 });
    return {
      onBar(bar, context) {
        const age = Date.now() - bar.closeTime;
        if (context.position !== null) return context.exit({ reason: 'enough' });
        const isLow = bar.close < mean.value && age > 0;
        return isLow ? context.enter({ side: 'buy', reason: 'below the mean' }) : null;
      },
    };
  },
});
