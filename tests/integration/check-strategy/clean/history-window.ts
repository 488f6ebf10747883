import { defineStrategy, z } from 'quantsage';

export default defineStrategy({
  id: 'history_window',
  params: z.object({}),
  create: () => ({
    history: 48,
    onBar(bar, context) {
      const bars = context.history(48);
      const [first] = bars;
      const lowest = Math.min(...bars.map(({ low }) => low));
      const hour = new Date(bar.openTime).getUTCHours();
      if (context.position !== null) {
        const age = bar.closeTime - context.position.entryTime;
        return age > 12 * 3_600_000 ? context.exit({ reason: 'half a day is enough' }) : null;
      }
      const isLow = bar.low <= lowest * 1.002 && first !== undefined && hour % 2 === 0;
      return isLow ? context.enter({ side: 'buy', reason: 'at the low of two days' }) : null;
    },
  }),
});
