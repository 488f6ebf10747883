import { defineStrategy, z, type Entry, type StrategyContext } from 'quantsage';

/** Waits on both sides of a range: the first stop to be hit cancels the other. */
export default defineStrategy({
  id: 'breakout_oco',
  params: z.object({ bars: z.int().min(2).default(48) }),
  create({ params }) {
    const breakout = (side: Entry['side'], stopPrice: number, { enter }: StrategyContext) =>
      enter({
        side,
        reason: `leaves its range to the ${side} side`,
        oneCancelsOther: 'breakout',
        order: { type: 'stop', stopPrice, timeInForce: 'gtc' },
        protection: { stopLoss: { kind: 'fraction', fraction: 0.03 } },
      });
    return {
      history: params.bars,
      onBar(bar, context) {
        if (context.position !== null || context.orders.length > 0) return null;
        const range = context.history(params.bars);
        const high = Math.max(...range.map((each) => each.high));
        const low = Math.min(...range.map((each) => each.low));
        if (!(low < bar.close && bar.close < high)) return null;
        const up = breakout('buy', high, context);
        return context.allowShort ? [up, breakout('sell', low, context)] : up;
      },
    };
  },
});
