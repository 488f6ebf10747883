import * as z from 'zod';
import type { Timeframe } from '../../src/core/time.ts';
import { defineStrategy } from '../../src/strategies/define-strategy.ts';
import { allOf, rule } from '../../src/strategies/rule.ts';

/**
 * A strategy on two timeframes, written as the built-in ones are: buys dips on its own while the
 * trend of a longer one is up, and sells when either turns.
 */
export const higherTrendOf = (timeframe: Timeframe) =>
  defineStrategy({
    id: 'higher_trend',
    params: z.strictObject({
      trend_period: z.int().min(1).default(10),
      dip_period: z.int().min(2).default(8),
    }),
    create({ params, indicators, timeframes }) {
      const dip = indicators.zScore({ period: params.dip_period });
      const longer = timeframes.of(timeframe, { history: 2 });
      const trend = longer.indicators.sma({ period: params.trend_period });
      const longerClose = () => longer.bar?.close ?? Number.NaN;
      const closeBefore = () => longer.history(2)[0]?.close ?? Number.NaN;
      const rules = {
        long_entry: allOf([
          rule('trend_up', longerClose, '>', () => trend.value),
          rule('rising', longerClose, '>', closeBefore),
          rule('dip', () => dip.value, '<', -0.5),
        ]),
        long_exit: rule('trend_down', longerClose, '<', () => trend.value),
      };
      return {
        rules,
        onBar(bar, { position, enter, exit }) {
          if (position !== null) {
            if (!rules.long_exit.holds(bar)) return null;
            return exit({ reason: 'trend over', rules: rules.long_exit });
          }
          if (!rules.long_entry.holds(bar)) return null;
          return enter({ side: 'buy', reason: 'dip in a trend', rules: rules.long_entry });
        },
      };
    },
  });

export const higherTrend = higherTrendOf('4h');
