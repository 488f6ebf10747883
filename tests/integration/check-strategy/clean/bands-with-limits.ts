import { defineStrategy, z } from 'quantsage';

export default defineStrategy({
  id: 'bands_with_limits',
  params: z.object({}),
  create({ indicators }) {
    const bands = indicators.bollingerBands({ period: 20, deviations: 2 });
    return {
      onBar(bar, context) {
        if (context.position !== null) {
          return bar.close > bands.middle ? context.exit({ reason: 'back at the middle' }) : null;
        }
        if (context.orders.length > 0 || bar.close > bands.lower) return null;
        return context.enter({
          side: 'buy',
          reason: 'below the band',
          protection: { takeProfit: { kind: 'price', price: bands.upper } },
        });
      },
    };
  },
});
