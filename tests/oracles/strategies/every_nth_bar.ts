import { defineStrategy, z } from 'quantsage';

/**
 * Every so many bars: takes back what still waits, then sells what is held at the market, or else
 * places a buy order at a distance from the close.
 */
export default defineStrategy({
  id: 'every_nth_bar',
  params: z.object({
    kind: z.enum(['limit', 'stop']),
    every: z.int().min(1).default(20),
    first: z.int().min(1).default(30).describe('Bars before which nothing is done'),
    distance: z.number().gt(0).default(0.02).describe('Fraction of the close'),
    quantity: z.number().gt(0).default(100),
  }),
  create({ params }) {
    let bars = 0;
    return {
      onBar(bar, context) {
        bars++;
        if (bars < params.first || bars % params.every !== 0) return null;
        if (context.position !== null) {
          return context.exit({ reason: 'time is up' });
        }
        const waiting = context.orders.map((order) =>
          context.cancel(order, { reason: 'another takes its place' }),
        );
        const order =
          params.kind === 'limit'
            ? ({ type: 'limit', limitPrice: bar.close * (1 - params.distance) } as const)
            : ({ type: 'stop', stopPrice: bar.close * (1 + params.distance) } as const);
        const { quantity } = params;
        return [...waiting, context.enter({ side: 'buy', quantity, order, reason: params.kind })];
      },
    };
  },
});
