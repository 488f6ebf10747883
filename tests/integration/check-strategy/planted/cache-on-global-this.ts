import { defineStrategy, z } from 'quantsage';

export default defineStrategy({
  id: 'cache_on_global_this',
  params: z.object({}),
  create({ indicators, symbol }) {
    const made: unknown = Reflect.get(globalThis, `made ${symbol}`);
    const count = typeof made === 'number' ? made + 1 : 1;
    Reflect.set(globalThis, `made ${symbol}`, count);
    const rsi = indicators.rsi({ period: 14 });
    return {
      onBar(_, context) {
        if (context.position !== null) return context.exit({ reason: 'enough' });
        return rsi.value < 30 + count ? context.enter({ side: 'buy', reason: 'oversold' }) : null;
      },
    };
  },
});
