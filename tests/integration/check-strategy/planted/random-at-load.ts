import { randomInt } from 'node:crypto';
import { defineStrategy, z } from 'quantsage';

const confidence = (1 + randomInt(1_000_000)) / 1_000_001;

export default defineStrategy({
  id: 'random_at_load',
  params: z.object({}),
  create({ indicators }) {
    const rsi = indicators.rsi({ period: 14 });
    return {
      onBar(_, context) {
        if (context.position !== null) return context.exit({ reason: 'enough' });
        return rsi.value < 35
          ? context.enter({ side: 'buy', reason: 'oversold', confidence })
          : null;
      },
    };
  },
});
