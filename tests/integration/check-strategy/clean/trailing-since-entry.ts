import { defineStrategy, z } from 'quantsage';

export default defineStrategy({
  id: 'trailing_since_entry',
  params: z.object({}),
  create({ indicators }) {
    const atr = indicators.atr({ period: 14 });
    const mean = indicators.sma({ period: 30 });
    let highest = 0;
    let barsHeld = 0;
    let barsSinceExit = Infinity;
    return {
      onBar(bar, context) {
        if (context.position === null) {
          highest = 0;
          barsHeld = 0;
          barsSinceExit++;
          const isReady = barsSinceExit > 6 && bar.close > mean.value;
          return isReady ? context.enter({ side: 'buy', reason: 'above the mean' }) : null;
        }
        highest = Math.max(highest, bar.high);
        barsHeld++;
        barsSinceExit = 0;
        const isDone = bar.close < highest - 2 * atr.value || barsHeld > 100;
        return isDone ? context.exit({ reason: 'fell from its highest' }) : null;
      },
    };
  },
});
