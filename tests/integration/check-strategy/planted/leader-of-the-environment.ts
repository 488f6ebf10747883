import { defineStrategy, z } from 'quantsage';

export default defineStrategy({
  id: 'leader_of_the_environment',
  params: z.object({}),
  informative: () => [process.env['PLANTED_LEADER'] ?? 'BTC/USD'],
  create({ informative }) {
    const leader = informative.of('BTC/USD');
    const rsi = leader.indicators.rsi({ period: 14 });
    return {
      onBar(_, context) {
        if (context.position !== null)
          return rsi.value > 60 ? context.exit({ reason: 'up' }) : null;
        return rsi.value < 40 ? context.enter({ side: 'buy', reason: 'down' }) : null;
      },
    };
  },
});
