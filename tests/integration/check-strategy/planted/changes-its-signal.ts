import { defineStrategy, z, type Signal } from 'quantsage';

export default defineStrategy({
  id: 'changes_its_signal',
  params: z.object({}),
  create({ indicators }) {
    const rsi = indicators.rsi({ period: 14 });
    let last: Signal | null = null;
    return {
      onBar(bar, context) {
        // The limit it asked for yesterday follows the price.
        if (last?.intent === 'enter') Reflect.set(last.terms.pricing, 'limitPrice', bar.close);
        if (context.position !== null) return context.exit({ reason: 'enough' });
        if (rsi.value > 35) return null;
        last = context.enter({
          side: 'buy',
          reason: 'oversold',
          order: { type: 'limit', limitPrice: bar.close * 0.5 },
        });
        return last;
      },
    };
  },
});
