import { defineStrategy, rule, z } from 'quantsage';

export default defineStrategy({
  id: 'library_indicators',
  params: z.object({}),
  create({ indicators }) {
    const psar = indicators.library('psar', { step: 0.02, max: 0.2, window: 200 });
    const stochastic = indicators.library('stochastic', { period: 14, signalPeriod: 3 });
    const below = rule(
      'close_above_psar',
      (bar) => bar.close,
      '>',
      () => psar.value,
    );
    const low = rule('stochastic_low', () => stochastic.value.k, '<', 30);
    return {
      rules: { below, low },
      onBar(bar, context) {
        if (context.position !== null) {
          return below.holds(bar) ? null : context.exit({ reason: 'stopped and reversed' });
        }
        return below.holds(bar) && low.holds(bar)
          ? context.enter({ side: 'buy', reason: 'a dip in a rise', rules: low })
          : null;
      },
    };
  },
});
