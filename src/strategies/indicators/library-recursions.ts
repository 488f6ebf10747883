import type { LibraryName, LibraryValueOf } from './library-catalogue.ts';
import { NO_BARS, NO_VALUES, ofBars, ofValues, readField, readNumber } from './library-feeds.ts';
import type { Feed, Recipe } from './library-stream.ts';
import { stochasticRsi, stochasticRsiWindow } from './stochastic-rsi.ts';
import { barsToForget } from './seeded-average.ts';

const emaForgets = (period: number): number => barsToForget(2 / (period + 1));
const wilderForgets = (period: number): number => barsToForget(1 / period);

/** Those in which every reading rests on the one before, and how long they remember. */
export const RECURSIONS = {
  adx: {
    read: (output) => ({
      adx: readField(output, 'adx'),
      pdi: readField(output, 'pdi'),
      mdi: readField(output, 'mdi'),
    }),
    plan: ({ ADX }, options) => {
      const period = options.period();
      return {
        bars: 2 * period,
        // The index begins to forget once what it averages has settled.
        forget: 2 * wilderForgets(period),
        // Without any movement it divides zero by zero. Real series needed up to 60 bars more.
        spare: 128,
        start: () => ofBars(new ADX({ period, ...NO_BARS })),
      };
    },
  },
  averageGain: {
    read: readNumber,
    plan: ({ AverageGain }, options) => {
      const period = options.period();
      const source = options.source();
      const start = (): Feed => ofValues(new AverageGain({ period, ...NO_VALUES }), source);
      return { bars: period + 1, forget: wilderForgets(period), start };
    },
  },
  averageLoss: {
    read: readNumber,
    plan: ({ AverageLoss }, options) => {
      const period = options.period();
      const source = options.source();
      const start = (): Feed => ofValues(new AverageLoss({ period, ...NO_VALUES }), source);
      return { bars: period + 1, forget: wilderForgets(period), start };
    },
  },
  chandelierExit: {
    read: (output) => ({
      exitLong: readField(output, 'exitLong'),
      exitShort: readField(output, 'exitShort'),
    }),
    plan: ({ ChandelierExit }, options) => {
      const period = options.period();
      const multiplier = options.positive('multiplier');
      return {
        bars: period + 1,
        forget: wilderForgets(period),
        start: () => ofBars(new ChandelierExit({ period, multiplier, ...NO_BARS })),
      };
    },
  },
  forceIndex: {
    read: readNumber,
    plan: ({ ForceIndex }, options) => {
      const period = options.period();
      return {
        bars: period + 1,
        forget: emaForgets(period),
        start: () => ofBars(new ForceIndex({ period, ...NO_BARS })),
      };
    },
  },
  heikinAshi: {
    read: (output) => ({
      open: readField(output, 'open'),
      high: readField(output, 'high'),
      low: readField(output, 'low'),
      close: readField(output, 'close'),
    }),
    plan: ({ HeikinAshi }) => ({
      bars: 1,
      // Every open is the mean of the open and the close before.
      forget: barsToForget(0.5),
      start: () => ofBars(new HeikinAshi(NO_BARS)),
    }),
  },
  keltnerChannels: {
    read: (output) => ({
      middle: readField(output, 'middle'),
      upper: readField(output, 'upper'),
      lower: readField(output, 'lower'),
    }),
    plan: ({ KeltnerChannels }, options) => {
      const maPeriod = options.period('maPeriod');
      const atrPeriod = options.period('atrPeriod');
      const multiplier = options.positive('multiplier');
      // With `useSMA` its middle would be a running sum, which drifts.
      const settings = { maPeriod, atrPeriod, multiplier, useSMA: false, ...NO_BARS };
      return {
        bars: Math.max(maPeriod, atrPeriod + 1),
        forget: Math.max(emaForgets(maPeriod), wilderForgets(atrPeriod)),
        start: () => ofBars(new KeltnerChannels(settings)),
      };
    },
  },
  stochasticRsi: {
    read: (output) => ({
      stochRSI: readField(output, 'stochRSI'),
      k: readField(output, 'k'),
      d: readField(output, 'd'),
    }),
    plan: (library, options) => {
      const periods = {
        rsiPeriod: options.period('rsiPeriod'),
        stochasticPeriod: options.period('stochasticPeriod'),
        kPeriod: options.period('kPeriod'),
        dPeriod: options.period('dPeriod'),
      };
      const source = options.source();
      return {
        bars: periods.rsiPeriod + stochasticRsiWindow(periods),
        forget: wilderForgets(periods.rsiPeriod),
        start: () => stochasticRsi(library, periods, source),
      };
    },
  },
  trix: {
    read: readNumber,
    plan: ({ TRIX }, options) => {
      const period = options.period();
      const source = options.source();
      return {
        bars: 3 * period - 1,
        forget: 3 * emaForgets(period),
        start: () => ofValues(new TRIX({ period, ...NO_VALUES }), source),
      };
    },
  },
  wema: {
    read: readNumber,
    plan: ({ WEMA }, options) => {
      const period = options.period();
      const source = options.source();
      const start = (): Feed => ofValues(new WEMA({ period, ...NO_VALUES }), source);
      return { bars: period, forget: wilderForgets(period), start };
    },
  },
} as const satisfies { readonly [Name in LibraryName]?: Recipe<LibraryValueOf<Name>> };
