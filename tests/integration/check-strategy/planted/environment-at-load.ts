import { defineStrategy, z } from 'quantsage';

const oversold = Number(process.env['PLANTED_OVERSOLD'] ?? 30);

export default defineStrategy({
  id: 'environment_at_load',
  params: z.object({}),
  create({ indicators }) {
    const rsi = indicators.rsi({ period: 14 });
    return {
      onBar(_, context) {
        if (context.position !== null) return context.exit({ reason: 'enough' });
        return rsi.value < oversold ? context.enter({ side: 'buy', reason: 'oversold' }) : null;
      },
    };
  },
});
