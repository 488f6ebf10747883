/**
 * A strategy whose wish follows from the price alone: long at or below a level, flat above it. Whatever
 * was lost on the way, it asks for the same again at the next bar, so that what is held in the end
 * depends on the market and not on who was killed when.
 */
export const HOLD_STRATEGY = `
import { defineStrategy, z } from 'quantsage';

export default defineStrategy({
  id: 'hold',
  description: 'Long a little below a level, flat elsewhere.',
  params: z.object({
    levels: z.record(z.string(), z.number()).default({ BTC: 60000, ETH: 2500 }),
    // Share of the close that entries offer; null buys at the market.
    offer: z.number().nullable().default(null),
  }),
  create: ({ symbol, params }) => ({
    onBar(bar, context) {
      const level = params.levels[symbol.split('/')[0]];
      const isLow = bar.close <= level && bar.close > level * 0.98;
      if (context.position !== null) return isLow ? null : context.exit({ reason: 'above' });
      if (!isLow) return null;
      return context.enter({
        side: 'buy',
        reason: 'below',
        ...(params.offer === null
          ? {}
          : { order: { type: 'limit', limitPrice: bar.close * params.offer, timeInForce: 'gtc' } }),
        protection: { stopLoss: { kind: 'fraction', fraction: 0.02 } },
      });
    },
  }),
});
`;
