import * as z from 'zod';
import type { Bar } from '../core/bar.ts';
import type { ProtectiveLevel } from '../core/protection.ts';
import type { Signal } from '../core/signal.ts';
import { defineStrategy } from './define-strategy.ts';
import type { Indicators } from './indicators/indicator-set.ts';
import { allOf, rule } from './rule.ts';
import type { Entry, StrategyContext } from './strategy.ts';

const window = z.int().min(2).max(5000);

const params = z.strictObject({
  bollinger_period: window.default(20).describe('Bars of the Bollinger bands'),
  bollinger_deviations: z
    .number()
    .positive()
    .max(10)
    .default(2)
    .describe('Standard deviations between the middle band and the outer ones'),
  z_score_period: window.default(20).describe('Bars of the z-score of the close'),
  z_score_threshold: z
    .number()
    .positive()
    .max(10)
    .default(2)
    .describe('Buy below minus this z-score, sell above plus this'),
  rsi_period: z.int().min(1).max(1000).default(14).describe('Bars of the RSI'),
  rsi_oversold: z.number().min(0).max(100).default(40).describe('Buy below this RSI'),
  rsi_overbought: z.number().min(0).max(100).default(60).describe('Sell above this RSI'),
  volume_period: window.default(20).describe('Bars of the mean volume'),
  volume_multiple: z
    .number()
    .min(0)
    .max(100)
    .default(1.2)
    .describe('Trade only on volume above this multiple of its mean'),
  take_profit_multiple: z
    .number()
    .positive()
    .max(100)
    .default(1.5)
    .describe('Take profit at this multiple of the distance from the entry to the middle band'),
  stop_loss: z
    .number()
    .gt(0)
    .lt(1)
    .nullable()
    .default(null)
    .describe('Stop-loss as a fraction of the entry price; null takes the limit of risk.yaml'),
});

type Params = z.output<typeof params>;

/** Buys what has fallen far below its mean on high volume, and sells at the mean; or mirrored. */
export const meanReversion = defineStrategy({
  id: 'mean_reversion',
  description: 'Buys far below the Bollinger middle on high volume, sells back at the middle.',
  params,
  create({ params, indicators }) {
    const { bands, rules } = readings(params, indicators);
    const stopLoss: ProtectiveLevel | null =
      params.stop_loss === null ? null : { kind: 'fraction', fraction: params.stop_loss };

    const entry = (side: Entry['side'], context: StrategyContext): Signal =>
      context.enter({
        side,
        reason:
          side === 'buy' ? 'oversold below the lower band' : 'overbought above the upper band',
        rules: side === 'buy' ? rules.long_entry : rules.short_entry,
        protection: {
          stopLoss,
          takeProfit: {
            kind: 'toward',
            reference: bands.middle,
            multiple: params.take_profit_multiple,
          },
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
        const isLong = position.side === 'long';
        const opposite = isLong ? rules.short_entry : rules.long_entry;
        if (opposite.holds(bar)) {
          const exit = context.exit({ reason: 'opposite signal', rules: opposite });
          const reversal = entryOn(bar, context);
          return reversal === null ? exit : [exit, reversal];
        }
        const back = isLong ? rules.long_exit : rules.short_exit;
        if (!back.holds(bar)) return null;
        return context.exit({ reason: 'close back at the middle band', rules: back });
      },
    };
  },
});

function readings(params: Params, indicators: Indicators) {
  const bands = indicators.bollingerBands({
    period: params.bollinger_period,
    deviations: params.bollinger_deviations,
  });
  const rsi = indicators.rsi({ period: params.rsi_period });
  const volume = indicators.sma({ period: params.volume_period, source: 'volume' });
  const zScore = zScoreOf(params, indicators, bands);

  const close = (bar: Bar): number => bar.close;
  const isBusy = rule(
    'volume_above_mean',
    (bar) => bar.volume,
    '>',
    () => params.volume_multiple * volume.value,
  );
  return {
    bands,
    rules: {
      long_entry: allOf([
        rule('close_below_lower_band', close, '<', () => bands.lower),
        rule('z_score_low', zScore, '<', -params.z_score_threshold),
        rule('rsi_oversold', () => rsi.value, '<', params.rsi_oversold),
        isBusy,
      ]),
      short_entry: allOf([
        rule('close_above_upper_band', close, '>', () => bands.upper),
        rule('z_score_high', zScore, '>', params.z_score_threshold),
        rule('rsi_overbought', () => rsi.value, '>', params.rsi_overbought),
        isBusy,
      ]),
      long_exit: rule('close_back_at_middle_band', close, '>=', () => bands.middle),
      short_exit: rule('close_back_at_middle_band', close, '<=', () => bands.middle),
    },
  };
}

/** Bands over the same bars know the z-score already: a second window would only cost time. */
function zScoreOf(
  params: Params,
  indicators: Indicators,
  bands: { readonly zScore: number },
): () => number {
  if (params.z_score_period === params.bollinger_period) return () => bands.zScore;
  const own = indicators.zScore({ period: params.z_score_period });
  return () => own.value;
}
