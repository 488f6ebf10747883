import { defineStrategy, z } from 'quantsage';

export default defineStrategy({
  id: 'changes_bars',
  params: z.object({}),
  create: () => ({
    history: 24,
    onBar(bar, context) {
      const bars = context.history(24);
      for (const each of bars) Object.assign(each, { close: Math.round(each.close) });
      const mean = bars.reduce((sum, { close }) => sum + close, 0) / bars.length;
      return context.position === null && bar.close < mean
        ? context.enter({ side: 'buy', reason: 'below the mean' })
        : null;
    },
  }),
});
