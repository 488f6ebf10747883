import { defineStrategy, rule, z } from 'quantsage';

export default defineStrategy({
  id: 'average_crossing',
  params: z.object({}),
  create({ indicators }) {
    const fast = indicators.ema({ period: 8 });
    const slow = indicators.ema({ period: 21 });
    const above = rule(
      'fast_above_slow',
      () => fast.value,
      '>',
      () => slow.value,
    );
    return {
      rules: { above },
      onBar(bar, context) {
        const holds = above.holds(bar);
        if (context.position !== null) return holds ? null : context.exit({ reason: 'crossed' });
        return holds ? context.enter({ side: 'buy', reason: 'crossed', rules: above }) : null;
      },
    };
  },
});
