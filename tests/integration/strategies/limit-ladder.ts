import { defineStrategy, z, type OpenOrder } from 'quantsage';

/** Rests buy limits below the market, takes back those that have fallen behind, sells in two parts. */
export default defineStrategy({
  id: 'limit_ladder',
  params: z.object({
    first_step: z.number().gt(0).lt(1).default(0.01),
    lifetime_bars: z.int().min(1).default(24),
    quantity: z.number().positive().default(0.01),
  }),
  create({ params, indicators }) {
    const rsi = indicators.rsi({ period: 14 });
    return {
      history: 2,
      onBar(bar, context) {
        const { position, orders, history } = context;
        const [before, now] = history(2);
        if (before === undefined || now !== bar) throw new Error('two bars were declared');
        if (position !== null) {
          if (rsi.value < 60) return null;
          const half = position.quantity.toNumber() / 2;
          return [
            context.exit({ reason: 'half of it', quantity: half }),
            context.exit({
              reason: 'the rest',
              order: { type: 'limit', limitPrice: bar.close * 1.02, timeInForce: 'gtc' },
            }),
          ];
        }
        const entries = orders.filter(({ role }: OpenOrder) => role === 'entry');
        if (entries.length > 0) {
          const old = entries.filter(({ requestedAt }) => requestedAt < before.openTime);
          return old.map((order) => context.cancel(order, { reason: 'fell behind' }));
        }
        if (!(rsi.value < 45)) return null;
        return context.enter({
          side: 'buy',
          reason: 'a step below',
          quantity: params.quantity,
          order: {
            type: 'limit',
            limitPrice: bar.close * (1 - params.first_step),
            timeInForce: 'gtd',
            expiresAt: bar.closeTime + params.lifetime_bars * 3_600_000,
          },
        });
      },
    };
  },
});
