import type { LibraryName, LibraryValueOf } from './library-catalogue.ts';
import { NO_BARS, NO_VALUES, ofBars, ofValues, readField, readNumber } from './library-feeds.ts';
import type { Feed, Recipe, WindowPlan } from './library-stream.ts';

/** Begins the stream anew for every reading. */
function windowOf(bars: number, start: () => Feed): WindowPlan {
  return {
    bars,
    evaluate: (window) => {
      const feed = start();
      let output: unknown;
      for (const bar of window) output = feed(bar);
      return output;
    },
  };
}

/** Those that know nothing but their last bars, or are told to. */
export const WINDOWS = {
  awesomeOscillator: {
    read: readNumber,
    plan: ({ AwesomeOscillator }, options) => {
      const fastPeriod = options.period('fastPeriod');
      const slowPeriod = options.period('slowPeriod');
      return windowOf(Math.max(fastPeriod, slowPeriod), () =>
        ofBars(new AwesomeOscillator({ fastPeriod, slowPeriod, ...NO_BARS })),
      );
    },
  },
  cci: {
    read: readNumber,
    plan: ({ CCI }, options) => {
      const period = options.period();
      return windowOf(period, () => ofBars(new CCI({ period, ...NO_BARS })));
    },
  },
  highest: {
    read: readNumber,
    plan: ({ Highest }, options) => {
      const period = options.period();
      const source = options.source();
      return windowOf(period, () => ofValues(new Highest({ period, ...NO_VALUES }), source));
    },
  },
  ichimokuCloud: {
    read: (output) => ({
      conversion: readField(output, 'conversion'),
      base: readField(output, 'base'),
      spanA: readField(output, 'spanA'),
      spanB: readField(output, 'spanB'),
    }),
    plan: ({ IchimokuCloud }, options) => {
      const conversionPeriod = options.period('conversionPeriod');
      const basePeriod = options.period('basePeriod');
      const spanPeriod = options.period('spanPeriod');
      // The library does not displace the spans: its displacement only delays the first reading.
      const periods = { conversionPeriod, basePeriod, spanPeriod, displacement: 1 };
      return windowOf(Math.max(conversionPeriod, basePeriod, spanPeriod), () =>
        ofBars(new IchimokuCloud({ ...periods, ...NO_BARS })),
      );
    },
  },
  kst: {
    read: (output) => ({
      kst: readField(output, 'kst'),
      // The library drops a signal of exactly zero.
      signal: Number.isNaN(readField(output, 'kst')) ? NaN : readField(output, 'signal') || 0,
    }),
    plan: ({ KST }, options) => {
      const settings = {
        ROCPer1: options.period('ROCPer1'),
        ROCPer2: options.period('ROCPer2'),
        ROCPer3: options.period('ROCPer3'),
        ROCPer4: options.period('ROCPer4'),
        SMAROCPer1: options.period('SMAROCPer1'),
        SMAROCPer2: options.period('SMAROCPer2'),
        SMAROCPer3: options.period('SMAROCPer3'),
        SMAROCPer4: options.period('SMAROCPer4'),
        signalPeriod: options.period('signalPeriod'),
      };
      const source = options.source();
      const first = Math.max(
        settings.ROCPer1 + settings.SMAROCPer1,
        settings.ROCPer2 + settings.SMAROCPer2,
        settings.ROCPer3 + settings.SMAROCPer3,
        settings.ROCPer4 + settings.SMAROCPer4,
      );
      return windowOf(first + settings.signalPeriod - 1, () =>
        ofValues(new KST({ ...settings, ...NO_VALUES }), source),
      );
    },
  },
  lowest: {
    read: readNumber,
    plan: ({ Lowest }, options) => {
      const period = options.period();
      const source = options.source();
      return windowOf(period, () => ofValues(new Lowest({ period, ...NO_VALUES }), source));
    },
  },
  mfi: {
    read: readNumber,
    plan: ({ MFI }, options) => {
      const period = options.period();
      // The library makes nothing of its first bar, and compares the third with the second.
      return windowOf(period + 2, () => ofBars(new MFI({ period, ...NO_BARS })));
    },
  },
  obv: {
    read: readNumber,
    plan: ({ OBV }, options) => windowOf(options.period('window'), () => ofBars(new OBV(NO_BARS))),
  },
  psar: {
    read: readNumber,
    plan: ({ PSAR }, options) => {
      const step = options.positive('step');
      const max = options.positive('max');
      return windowOf(options.period('window'), () => ofBars(new PSAR({ step, max, ...NO_BARS })));
    },
  },
  roc: {
    read: readNumber,
    plan: ({ ROC }, options) => {
      const period = options.period();
      const source = options.source();
      return windowOf(period + 1, () => ofValues(new ROC({ period, ...NO_VALUES }), source));
    },
  },
  stochastic: {
    read: (output) => ({ k: readField(output, 'k'), d: readField(output, 'd') }),
    plan: ({ Stochastic }, options) => {
      const period = options.period();
      const signalPeriod = options.period('signalPeriod');
      return windowOf(period + signalPeriod - 1, () =>
        ofBars(new Stochastic({ period, signalPeriod, ...NO_BARS })),
      );
    },
  },
  sum: {
    read: readNumber,
    plan: ({ Sum }, options) => {
      const period = options.period();
      const source = options.source();
      return windowOf(period, () => ofValues(new Sum({ period, ...NO_VALUES }), source));
    },
  },
  trueRange: {
    read: readNumber,
    plan: ({ TrueRange }) => windowOf(2, () => ofBars(new TrueRange(NO_BARS))),
  },
  vwap: {
    read: readNumber,
    plan: ({ VWAP }, options) =>
      windowOf(options.period('window'), () => ofBars(new VWAP(NO_BARS))),
  },
  williamsR: {
    read: readNumber,
    plan: ({ WilliamsR }, options) => {
      const period = options.period();
      return windowOf(period, () => ofBars(new WilliamsR({ period, ...NO_BARS })));
    },
  },
  wma: {
    read: readNumber,
    plan: ({ WMA }, options) => {
      const period = options.period();
      const source = options.source();
      return windowOf(period, () => ofValues(new WMA({ period, ...NO_VALUES }), source));
    },
  },
} as const satisfies { readonly [Name in LibraryName]?: Recipe<LibraryValueOf<Name>> };
