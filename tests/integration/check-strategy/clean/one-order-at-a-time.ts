import { defineStrategy, z } from 'quantsage';

export default defineStrategy({
  id: 'one_order_at_a_time',
  params: z.object({}),
  create({ indicators }) {
    const atr = indicators.atr({ period: 14 });
    return {
      onBar(bar, context) {
        if (context.position !== null) {
          return bar.close > bar.open ? context.exit({ reason: 'a rising bar' }) : null;
        }
        if (context.orders.length > 0) return null;
        return context.enter({ side: 'buy', reason: 'a dip', confidence: atr.value > 0 ? 0.5 : 1 });
      },
    };
  },
});
