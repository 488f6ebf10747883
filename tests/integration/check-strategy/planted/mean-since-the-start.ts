import { defineStrategy, rule, z } from 'quantsage';

export default defineStrategy({
  id: 'mean_since_the_start',
  params: z.object({}),
  create({ indicators }) {
    let sum = 0;
    let bars = 0;
    const mean = indicators.onValues({
      firstValue: 1,
      warmup: 1,
      update(value: number) {
        sum += value;
        bars++;
      },
    });
    const entry = rule(
      'close_below_mean',
      (bar) => bar.close,
      '<',
      () => (0.9 * sum) / bars,
    );
    return {
      rules: { entry },
      onBar: (bar, context) =>
        context.position === null && mean.warmup > 0 && entry.holds(bar)
          ? context.enter({ side: 'buy', reason: 'below the mean', rules: entry })
          : null,
    };
  },
});
