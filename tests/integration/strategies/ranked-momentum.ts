import { defineStrategy, rule, z, type Signal } from 'quantsage';

const DAY_MS = 86_400_000;

/** Once a day, holds the symbols that have risen most. */
export default defineStrategy({
  id: 'ranked_momentum',
  description: 'Holds the best of the universe, ranked once a day.',
  params: z.object({
    hold: z.int().min(1).default(1),
    lookback: z.int().min(2).max(1000).default(168),
  }),
  createForAll({ params, symbols, of }) {
    const members = new Map(
      symbols.map((symbol) => {
        const roc = of(symbol).indicators.library('roc', { period: params.lookback });
        return [symbol, { roc, rises: rule('rises', () => roc.value, '>', 0) }];
      }),
    );
    return {
      rules: Object.fromEntries([...members].map(([symbol, { rises }]) => [symbol, { rises }])),
      onBars(bars, contexts) {
        const [first] = bars.values();
        if (first === undefined || first.closeTime % DAY_MS !== 0) return null;
        const ranked = [...bars.keys()]
          .map((symbol) => ({ symbol, score: members.get(symbol)?.roc.value ?? Number.NaN }))
          .filter(({ score }) => score > 0)
          .toSorted((one, other) => other.score - one.score)
          .slice(0, params.hold)
          .map(({ symbol }) => symbol);
        return [...bars.keys()].flatMap((symbol): Signal[] => {
          const context = contexts.of(symbol);
          const isHeld = context.position !== null;
          if (isHeld === ranked.includes(symbol)) return [];
          if (isHeld) return [context.exit({ reason: 'no longer among the best' })];
          const rules = members.get(symbol)?.rises;
          const why = rules === undefined ? {} : { rules };
          return [context.enter({ side: 'buy', reason: 'among the best', ...why })];
        });
      },
    };
  },
});
