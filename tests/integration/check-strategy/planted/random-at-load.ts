import { randomInt } from 'node:crypto';
import { defineStrategy, z } from 'quantsage';

const oversold = 25 + randomInt(1_000_000) / 100_000;

export default defineStrategy({
  id: 'random_at_load',
  params: z.object({}),
  create({ indicators }) {
    const rsi = indicators.rsi({ period: 14 });
    return {
      onBar(_, context) {
        if (context.position !== null) return context.exit({ reason: 'enough' });
        return rsi.value < oversold
          ? context.enter({ side: 'buy', reason: 'oversold', confidence: oversold / 100 })
          : null;
      },
    };
  },
});
