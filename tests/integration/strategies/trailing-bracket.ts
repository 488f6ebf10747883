import { allOf, defineStrategy, rule, z, type NewProtection, type StopLevel } from 'quantsage';

/** A bracket whose stop trails the market, and moves closer once there is something to lose. */
export default defineStrategy({
  id: 'trailing_bracket',
  params: z.object({ trail: z.number().gt(0).lt(1).default(0.04), period: z.int().default(50) }),
  create({ params, indicators }) {
    const mean = indicators.sma({ period: params.period });
    const entry = allOf([
      rule(
        'close_above_mean',
        (bar) => bar.close,
        '>',
        () => mean.value,
      ),
    ]);
    const stop = (fraction: number): StopLevel => ({ kind: 'trailing_fraction', fraction });
    let isClose = false;
    return {
      rules: { entry },
      onBar(bar, context) {
        const { position } = context;
        if (position === null) {
          isClose = false;
          if (!entry.holds(bar)) return null;
          return context.enter({
            side: 'buy',
            reason: 'above the mean',
            rules: entry,
            confidence: 0.5,
            protection: {
              stopLoss: stop(params.trail),
              takeProfit: { kind: 'toward', reference: bar.close * 1.1, multiple: 1 },
            },
          });
        }
        if (isClose || bar.close < position.entryPrice.toNumber() * 1.03) return null;
        isClose = true;
        const closer: NewProtection = { reason: 'in profit', stopLoss: stop(params.trail / 2) };
        return context.protect(closer);
      },
    };
  },
});
