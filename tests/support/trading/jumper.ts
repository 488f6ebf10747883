/**
 * A user's strategy file, as text: it buys a bar that rises by more than `jump`, and sells one that
 * falls by as much. `deaf` names the bars, by open time, on which it does nothing.
 */
export const JUMPER = `
import { defineStrategy, z } from 'quantsage';

export default defineStrategy({
  id: 'jumper',
  params: z.object({
    jump: z.number().default(0.4),
    deaf: z.array(z.number()).default([]),
    trail: z.boolean().default(false),
  }),
  create: ({ params, indicators }) => {
    const mean = indicators.sma({ period: 3 });
    return {
      onBar(bar, context) {
        if (params.deaf.includes(bar.openTime) || context.orders.some(({ role }) => role === 'entry' || role === 'exit')) return null;
        const rose = bar.close - bar.open;
        if (context.position === null && rose > params.jump) {
          return context.enter({ side: 'buy', reason: 'it rose', confidence: mean.value > bar.close ? 0.5 : 1 });
        }
        if (context.position !== null && rose < -params.jump) return context.exit({ reason: 'it fell' });
        return null;
      },
    };
  },
});
`;
