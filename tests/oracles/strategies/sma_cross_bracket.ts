import { defineStrategy, z } from 'quantsage';

/** Buys a fixed quantity when the fast average crosses above the slow one, with a bracket. */
export default defineStrategy({
  id: 'sma_cross_bracket',
  params: z.object({
    fast: z.int().min(1).default(10),
    slow: z.int().min(2).default(30),
    quantity: z.number().gt(0).default(10),
    stop: z.number().gt(0).default(0.05).describe('Fraction below the close of the signal'),
    target: z.number().gt(0).default(0.1).describe('Fraction above the close of the signal'),
  }),
  create({ params, indicators }) {
    const fast = indicators.sma({ period: params.fast });
    const slow = indicators.sma({ period: params.slow });
    let before: number | null = null;
    return {
      onBar(bar, context) {
        const last = before;
        const now = fast.value - slow.value;
        before = now;
        const crossedUp = last !== null && last < 0 && now > 0;
        if (!crossedUp || context.position !== null) return null;
        return context.enter({
          side: 'buy',
          quantity: params.quantity,
          reason: 'crossed above',
          protection: {
            stopLoss: { kind: 'price', price: bar.close * (1 - params.stop) },
            takeProfit: { kind: 'price', price: bar.close * (1 + params.target) },
          },
        });
      },
    };
  },
});
