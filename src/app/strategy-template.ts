import { RANKING_TEMPLATE } from './ranking-template.ts';

/** Decides on each symbol by itself, or on all together. */
export type TemplateKind = 'single' | 'cross_sectional';

/** A strategy file to begin with: runs as it is, and shows what most of its kind need. */
export function strategyTemplate(id: string, kind: TemplateKind): string {
  const template = kind === 'single' ? SINGLE_TEMPLATE : RANKING_TEMPLATE;
  return template.replaceAll('STRATEGY_ID', id);
}

const SINGLE_TEMPLATE = `import { allOf, defineStrategy, rule, z } from 'quantsage';

// Run it as it is; without data of your own it runs on the synthetic sample market:
//   quantsage backtest --strategy ./STRATEGY_ID.ts
// With another parameter and one symbol:
//   quantsage backtest --strategy ./STRATEGY_ID.ts --set params.oversold=30 --symbols ETH/USD

export default defineStrategy({
  id: 'STRATEGY_ID', // names it in results: lower-case letters, digits and underscores
  description: 'Buys a dip inside a rising trend, sells when the price has recovered.',

  // Parameters with their defaults and bounds; --set params.oversold=25 overrides one. Their types
  // follow from here: params.oversold is a number below.
  params: z.object({
    trend_period: z.int().min(2).max(1000).default(200).describe('Bars of the average'),
    rsi_period: z.int().min(2).max(100).default(14).describe('Bars of the RSI'),
    oversold: z.number().min(0).max(100).default(35).describe('Buy below this RSI'),
    recovered: z.number().min(0).max(100).default(60).describe('Sell above this RSI'),
    // Fractions of the entry price. The limits in risk.yaml hold a wider stop-loss closer: 2 % for
    // crypto, 3 % for stocks; they count those, and --no-risk-limits shows the bare idea.
    stop_loss: z.number().gt(0).lt(1).default(0.02),
    take_profit: z.number().gt(0).default(0.06),
  }),

  // Called once for every symbol. Indicators are made here: they see every closed bar before
  // onBar does, and onBar is not called until they have seen enough of them.
  create({ params, indicators }) {
    const trend = indicators.sma({ period: params.trend_period });
    const rsi = indicators.rsi({ period: params.rsi_period });
    const rsiNow = () => rsi.value;

    // Rules have names, so that every signal is recorded with the numbers that led to it.
    const entry = allOf([
      rule(
        'close_above_trend',
        (bar) => bar.close,
        '>',
        () => trend.value,
      ),
      rule('rsi_oversold', rsiNow, '<', params.oversold),
    ]);
    const exit = rule('rsi_recovered', rsiNow, '>', params.recovered);

    return {
      rules: { entry, exit },

      // Called with every closed bar; gives a signal, a list of them, or null. A signal is filled on
      // the next bar: sizes, costs and risk limits are those of the configuration.
      onBar(bar, context) {
        if (context.position !== null) {
          return exit.holds(bar) ? context.exit({ reason: 'recovered', rules: exit }) : null;
        }
        if (!entry.holds(bar)) return null;
        return context.enter({
          side: 'buy',
          reason: 'a dip inside a rising trend',
          rules: entry,
          // At the market; 1 % below the close, as long as it takes, would be:
          //   order: { type: 'limit', limitPrice: bar.close * 0.99, timeInForce: 'gtc' },
          // The first of the two to fill cancels the other. A stop that follows the price:
          //   stopLoss: { kind: 'trailing_fraction', fraction: params.stop_loss },
          protection: {
            stopLoss: { kind: 'fraction', fraction: params.stop_loss },
            takeProfit: { kind: 'fraction', fraction: params.take_profit },
          },
        });
      },
    };
  },
});
`;
