import { defineStrategy, z } from 'quantsage';

export default defineStrategy({
  id: 'environment_on_every_bar',
  params: z.object({}),
  create({ indicators }) {
    const rsi = indicators.rsi({ period: 14 });
    return {
      onBar(_, context) {
        if (context.position !== null) return context.exit({ reason: 'enough' });
        const oversold = Number(process.env['PLANTED_OVERSOLD'] ?? 30);
        return rsi.value < oversold ? context.enter({ side: 'buy', reason: 'oversold' }) : null;
      },
    };
  },
});
