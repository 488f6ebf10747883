import { defineStrategy, z, type Signal } from 'quantsage';

export default defineStrategy({
  id: 'changes_a_signal_of_its_list',
  params: z.object({}),
  createForAll({ symbols, of }) {
    const members = symbols.map((symbol) => ({
      symbol,
      rsi: of(symbol).indicators.rsi({ period: 14 }),
    }));
    let raised: readonly Signal[] = [];
    return {
      onBars(bars, contexts) {
        // The limits it asked for a bar ago follow the prices.
        for (const signal of raised) {
          const close = bars.get(signal.symbol)?.close;
          if (signal.intent === 'enter') Reflect.set(signal.terms.pricing, 'limitPrice', close);
        }
        raised = members
          .filter(({ symbol, rsi }) => bars.has(symbol) && rsi.value < 35)
          .map(({ symbol }) => contexts.of(symbol))
          .filter(({ position, orders }) => position === null && orders.length === 0)
          .map(({ symbol, enter }) =>
            enter({
              side: 'buy',
              reason: 'oversold',
              order: { type: 'limit', limitPrice: (bars.get(symbol)?.close ?? 0) * 0.5 },
            }),
          );
        return raised;
      },
    };
  },
});
