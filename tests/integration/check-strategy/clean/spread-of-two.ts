import { defineStrategy, z, type Signal } from 'quantsage';

/** The first symbol leads, the second follows: their order is part of what it is asked to do. */
export default defineStrategy({
  id: 'spread_of_two',
  params: z.object({ period: z.int().min(2).default(30), lag: z.number().default(0.01) }),
  createForAll({ params, symbols: [leader = '', follower = ''], of }) {
    const means = new Map(
      [leader, follower].map((symbol) => [
        symbol,
        of(symbol).indicators.sma({ period: params.period }),
      ]),
    );
    return {
      history: 3,
      onBars(bars, contexts): Signal | null {
        const [led, own] = [bars.get(leader), bars.get(follower)];
        if (led === undefined || own === undefined) return null;
        const above = (symbol: string, close: number) =>
          close / (means.get(symbol)?.value ?? Number.NaN) - 1;
        const lag = above(leader, led.close) - above(follower, own.close);
        const { position, enter, exit, history } = contexts.of(follower);
        if (position !== null) return lag < 0 ? exit({ reason: 'caught up' }) : null;
        const isFalling = history(3).every(({ open, close }) => close < open);
        if (isFalling || lag < params.lag) return null;
        return enter({ side: 'buy', reason: 'lags behind' });
      },
    };
  },
});
