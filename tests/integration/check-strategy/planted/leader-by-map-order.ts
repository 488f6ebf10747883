import { defineStrategy, z } from 'quantsage';

/** Whoever was made first leads. */
const members = new Map<string, number>();

export default defineStrategy({
  id: 'leader_by_map_order',
  params: z.object({}),
  create({ symbol, indicators }) {
    members.set(symbol, 0);
    const rsi = indicators.rsi({ period: 14 });
    return {
      onBar(bar, context) {
        members.set(symbol, bar.close);
        const [leader] = members.keys();
        if (context.position !== null) {
          return rsi.value > 55 ? context.exit({ reason: 'recovered' }) : null;
        }
        return leader === symbol && rsi.value < 35
          ? context.enter({ side: 'buy', reason: 'the leader is oversold' })
          : null;
      },
    };
  },
});
