import { defineStrategy, rule, z } from 'quantsage';

const highest: Record<string, number> = {};

export default defineStrategy({
  id: 'highest_of_all_runs',
  params: z.object({}),
  create({ indicators, symbol }) {
    const mean = indicators.sma({ period: 24 });
    const entry = rule(
      'normalised_close',
      () => mean.value / (highest[symbol] ?? mean.value),
      '<',
      0.8,
    );
    return {
      rules: { entry },
      onBar(bar, context) {
        highest[symbol] = Math.max(highest[symbol] ?? 0, bar.high);
        if (context.position !== null || !entry.holds(bar)) return null;
        return context.enter({ side: 'buy', reason: 'far below the highest', rules: entry });
      },
    };
  },
});
