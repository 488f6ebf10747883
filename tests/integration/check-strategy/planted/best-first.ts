import { defineStrategy, z } from 'quantsage';

const closes = new Map<string, number>();
const TWO_HOURS_MS = 7_200_000;

/** Wants all symbols; the one that will rise most is served first while there is cash. */
export default defineStrategy({
  id: 'best_first',
  params: z.object({}),
  createForAll: ({ symbols, of }) => {
    for (const symbol of symbols) of(symbol).indicators.sma({ period: 20 });
    return {
      onBars(bars, contexts) {
        for (const { symbol, openTime, close } of bars.values()) {
          closes.set(`${symbol} ${openTime}`, close);
        }
        return [...bars.values()]
          .toSorted((one, other) => rise(other) - rise(one))
          .map(({ symbol }) => {
            const { position, enter, exit } = contexts.of(symbol);
            return position === null
              ? enter({ side: 'buy', reason: 'every hour' })
              : exit({ reason: 'every hour' });
          });
      },
    };
  },
});

function rise(bar: { symbol: string; openTime: number; close: number }): number {
  return (closes.get(`${bar.symbol} ${bar.openTime + TWO_HOURS_MS}`) ?? bar.close) / bar.close;
}
