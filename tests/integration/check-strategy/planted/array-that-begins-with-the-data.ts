import { defineStrategy, z } from 'quantsage';

const closes: Record<string, number[]> = {};

export default defineStrategy({
  id: 'array_that_begins_with_the_data',
  params: z.object({}),
  create({ symbol }) {
    const own = (closes[symbol] ??= []);
    return {
      onBar(bar, context) {
        own.push(bar.close);
        const mean = own.reduce((sum, close) => sum + close, 0) / own.length;
        if (context.position !== null) {
          return bar.close > mean ? context.exit({ reason: 'back at the mean' }) : null;
        }
        return bar.close < mean * 0.99
          ? context.enter({ side: 'buy', reason: 'below the mean' })
          : null;
      },
    };
  },
});
