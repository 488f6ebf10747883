import { defineStrategy, z } from 'quantsage';

/** Long after the fast average has crossed above the slow one, short after it has crossed below. */
export default defineStrategy({
  id: 'sma_cross_always_in',
  params: z.object({
    fast: z.int().min(1).default(10),
    slow: z.int().min(2).default(30),
  }),
  create({ params, indicators }) {
    const fast = indicators.sma({ period: params.fast });
    const slow = indicators.sma({ period: params.slow });
    let before: number | null = null;
    return {
      onBar(_bar, context) {
        const last = before;
        const now = fast.value - slow.value;
        before = now;
        if (last === null) return null;
        if (last < 0 && now > 0) return context.enter({ side: 'buy', reason: 'crossed above' });
        if (last > 0 && now < 0) return context.enter({ side: 'sell', reason: 'crossed below' });
        return null;
      },
    };
  },
});
