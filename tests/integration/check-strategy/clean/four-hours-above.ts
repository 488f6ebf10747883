import { defineStrategy, z } from 'quantsage';

export default defineStrategy({
  id: 'four_hours_above',
  params: z.object({}),
  create({ indicators, timeframes }) {
    const fourHours = timeframes.of('4h', { history: 3 });
    const trend = fourHours.indicators.ema({ period: 10 });
    const fast = indicators.sma({ period: 5 });
    return {
      onBar(bar, context) {
        const highest = Math.max(...fourHours.history(3).map(({ high }) => high));
        if (context.position !== null) {
          return bar.close < trend.value ? context.exit({ reason: 'below the trend' }) : null;
        }
        return fast.value > trend.value && bar.close < highest
          ? context.enter({ side: 'buy', reason: 'above the trend' })
          : null;
      },
    };
  },
});
