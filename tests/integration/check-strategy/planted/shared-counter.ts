import { defineStrategy, z } from 'quantsage';

let entries = 0;

export default defineStrategy({
  id: 'shared_counter',
  params: z.object({}),
  create({ indicators }) {
    const rsi = indicators.rsi({ period: 14 });
    return {
      onBar(_, context) {
        if (context.position !== null) {
          return rsi.value > 55 ? context.exit({ reason: 'recovered' }) : null;
        }
        if (rsi.value > 35) return null;
        entries++;
        return context.enter({
          side: 'buy',
          reason: 'oversold',
          confidence: entries % 2 === 0 ? 1 : 0.5,
        });
      },
    };
  },
});
