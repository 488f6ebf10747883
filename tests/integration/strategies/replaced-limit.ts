import { defineStrategy, z, type Replacement } from 'quantsage';

/** Follows the market down with one limit order, which it replaces rather than adds to. */
export default defineStrategy({
  id: 'replaced_limit',
  params: z.object({ below: z.number().gt(0).lt(1).default(0.005) }),
  create: ({ params }) => ({
    onBar(bar, context) {
      if (context.position !== null) return context.exit({ reason: 'a bar is enough' });
      const limitPrice = bar.close * (1 - params.below);
      const [resting] = context.orders;
      if (resting === undefined) {
        const order = { type: 'limit', limitPrice, timeInForce: 'gtc' } as const;
        return context.enter({ side: 'buy', reason: 'below the market', order });
      }
      if (resting.type !== 'limit' || resting.limitPrice.toNumber() <= limitPrice) return null;
      const lower: Replacement = { reason: 'the market fell', limitPrice };
      return context.replace(resting.id, lower);
    },
  }),
});
