import { defineStrategy, rule, z, type Signal } from 'quantsage';

/** Always holds the strongest symbol: there is hardly a time without a position. */
export default defineStrategy({
  id: 'always_the_strongest',
  params: z.object({ lookback: z.int().min(2).default(24) }),
  createForAll({ params, symbols, of }) {
    const members = symbols.map((symbol) => {
      const strength = of(symbol).indicators.library('roc', { period: params.lookback });
      return { symbol, strength, rises: rule('rises', () => strength.value, '>', 0) };
    });
    return {
      rules: Object.fromEntries(members.map(({ symbol, rises }) => [symbol, { rises }])),
      onBars(bars, contexts) {
        const [best] = members
          .filter(({ symbol }) => bars.has(symbol))
          .toSorted((one, other) => other.strength.value - one.strength.value);
        return members.flatMap(({ symbol, rises }): Signal[] => {
          if (!bars.has(symbol)) return [];
          const { position, enter, exit } = contexts.of(symbol);
          if (symbol !== best?.symbol) {
            return position === null ? [] : [exit({ reason: 'no longer the strongest' })];
          }
          if (position !== null) return [];
          return [enter({ side: 'buy', reason: 'the strongest', rules: rises })];
        });
      },
    };
  },
});
