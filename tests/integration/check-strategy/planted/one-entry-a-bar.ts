import { defineStrategy, z } from 'quantsage';

/** Whichever symbol is asked first gets the bar. */
let lastEntry = 0;

export default defineStrategy({
  id: 'one_entry_a_bar',
  params: z.object({}),
  create({ indicators }) {
    const rsi = indicators.rsi({ period: 14 });
    return {
      onBar(bar, context) {
        if (context.position !== null) {
          return rsi.value > 55 ? context.exit({ reason: 'recovered' }) : null;
        }
        if (rsi.value > 45 || lastEntry === bar.openTime) return null;
        lastEntry = bar.openTime;
        return context.enter({ side: 'buy', reason: 'oversold' });
      },
    };
  },
});
