import { allOf, defineStrategy, rule, z } from 'quantsage';

export default defineStrategy({
  id: 'rsi_swing',
  params: z.object({ oversold: z.number().default(30), overbought: z.number().default(60) }),
  create({ params, indicators }) {
    const rsi = indicators.rsi({ period: 14 });
    const trend = indicators.ema({ period: 50 });
    const entry = allOf([
      rule('rsi_low', () => rsi.value, '<', params.oversold),
      rule(
        'near_trend',
        (bar) => bar.close,
        '>',
        () => trend.value * 0.9,
      ),
    ]);
    const exit = rule('rsi_high', () => rsi.value, '>', params.overbought);
    return {
      rules: { entry, exit },
      onBar(bar, context) {
        if (context.position !== null) {
          return exit.holds(bar) ? context.exit({ reason: 'recovered', rules: exit }) : null;
        }
        return entry.holds(bar)
          ? context.enter({ side: 'buy', reason: 'oversold', rules: entry })
          : null;
      },
    };
  },
});
