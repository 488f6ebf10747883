import * as z from 'zod';
import type { Bar } from '../core/bar.ts';
import type { Signal } from '../core/signal.ts';
import { defineStrategy } from './define-strategy.ts';
import type { Indicators } from './indicators/indicator-set.ts';
import { allOf, rule } from './rule.ts';
import type { Entry, StrategyContext } from './strategy.ts';

const period = z.int().min(1).max(1000);

const params = z
  .strictObject({
    fast_period: period.default(12).describe('Bars of the fast EMA; below slow_period'),
    slow_period: period.default(26).describe('Bars of the slow EMA'),
    trend_period: period
      .default(100)
      .describe('Bars of the EMA that tells the trend: buy only above it, sell only below'),
    volume_period: period.default(20).describe('Bars of the mean volume'),
    volume_multiple: z
      .number()
      .min(0)
      .max(100)
      .default(1)
      .describe('Trade only on volume above this multiple of its mean'),
    atr_period: period.default(14).describe('Bars of the average true range'),
    atr_stop_multiple: z
      .number()
      .positive()
      .max(100)
      .default(2)
      .describe('Stop-loss this many average true ranges away from the entry'),
  })
  .superRefine(({ fast_period: fast, slow_period: slow }, context) => {
    if (fast < slow) return;
    context.addIssue({
      code: 'custom',
      path: ['fast_period'],
      message: `a period below slow_period (${slow}) was expected, was "${fast}"`,
    });
  });

type Params = z.output<typeof params>;

/** Follows a trend from the crossing of two averages to the crossing back. */
export const momentum = defineStrategy({
  id: 'momentum',
  description: 'Follows EMA crossings in the direction of the trend, with an ATR stop.',
  params,
  create({ params, indicators }) {
    const atr = indicators.atr({ period: params.atr_period });
    const rules = makeRules(params, indicators);

    const entry = (side: Entry['side'], context: StrategyContext): Signal =>
      context.enter({
        side,
        reason: side === 'buy' ? 'fast EMA crossed above slow' : 'fast EMA crossed below slow',
        rules: side === 'buy' ? rules.long_entry : rules.short_entry,
        protection: {
          stopLoss: { kind: 'distance', distance: atr.value * params.atr_stop_multiple },
        },
      });

    const entryOn = (bar: Bar, context: StrategyContext): Signal | null => {
      if (rules.long_entry.holds(bar)) return entry('buy', context);
      return context.allowShort && rules.short_entry.holds(bar) ? entry('sell', context) : null;
    };

    return {
      rules,
      onBar(bar, context) {
        const { position } = context;
        if (position === null) return entryOn(bar, context);
        const crossedBack = position.side === 'long' ? rules.long_exit : rules.short_exit;
        if (!crossedBack.holds(bar)) return null;
        const exit = context.exit({ reason: 'fast EMA crossed back', rules: crossedBack });
        const reversal = entryOn(bar, context);
        return reversal === null ? exit : [exit, reversal];
      },
    };
  },
});

function makeRules(params: Params, indicators: Indicators) {
  const fast = indicators.ema({ period: params.fast_period });
  const slow = indicators.ema({ period: params.slow_period });
  const trend = indicators.ema({ period: params.trend_period });
  const volume = indicators.sma({ period: params.volume_period, source: 'volume' });

  const fastNow = (): number => fast.value;
  const slowNow = (): number => slow.value;
  const fastBefore = (): number => fast.previous;
  const slowBefore = (): number => slow.previous;
  const close = (bar: Bar): number => bar.close;
  const isBusy = rule(
    'volume_above_mean',
    (bar) => bar.volume,
    '>',
    () => params.volume_multiple * volume.value,
  );
  return {
    long_entry: allOf([
      rule('fast_above_slow', fastNow, '>', slowNow),
      rule('fast_was_not_above_slow', fastBefore, '<=', slowBefore),
      rule('close_above_trend', close, '>', () => trend.value),
      isBusy,
    ]),
    short_entry: allOf([
      rule('fast_below_slow', fastNow, '<', slowNow),
      rule('fast_was_not_below_slow', fastBefore, '>=', slowBefore),
      rule('close_below_trend', close, '<', () => trend.value),
      isBusy,
    ]),
    // The state after the crossing rather than the crossing itself: an exit that could not be
    // made on its bar is wished for again on the next.
    long_exit: rule('fast_below_slow', fastNow, '<', slowNow),
    short_exit: rule('fast_above_slow', fastNow, '>', slowNow),
  };
}
