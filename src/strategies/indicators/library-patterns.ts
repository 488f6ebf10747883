import type { Bar } from '../../core/bar.ts';
import type { Recipe } from './library-stream.ts';
import type { Library } from './load-library.ts';

/** Those functions of the library that tell whether a pattern ends on the last bar. */
type PatternFunction = {
  [Name in keyof Library]: Library[Name] extends Library['doji'] ? Name : never;
}[keyof Library];

type PatternInput = Parameters<Library['doji']>[0];

/** Bars that the longest pattern reads; given fewer, the library writes to the console. */
const PATTERN_BARS = 5;

function pattern(name: PatternFunction): Recipe<boolean> {
  return {
    read: (output) => output === true,
    plan: (library) => {
      const find: (input: PatternInput) => unknown = library[name];
      return { bars: PATTERN_BARS, evaluate: (bars) => find(columnsOf(bars)) };
    },
  };
}

function columnsOf(bars: readonly Bar[]): PatternInput {
  return {
    open: bars.map((bar) => bar.open),
    high: bars.map((bar) => bar.high),
    low: bars.map((bar) => bar.low),
    close: bars.map((bar) => bar.close),
  };
}

export type PatternName = keyof typeof PATTERNS;

/** The candlestick patterns of the library, by our names. */
export const PATTERNS = {
  abandonedBaby: pattern('abandonedbaby'),
  bearish: pattern('bearish'),
  bearishEngulfingPattern: pattern('bearishengulfingpattern'),
  bearishHammerStick: pattern('bearishhammerstick'),
  bearishHarami: pattern('bearishharami'),
  bearishHaramiCross: pattern('bearishharamicross'),
  bearishInvertedHammerStick: pattern('bearishinvertedhammerstick'),
  bearishMarubozu: pattern('bearishmarubozu'),
  bearishSpinningTop: pattern('bearishspinningtop'),
  bullish: pattern('bullish'),
  bullishEngulfingPattern: pattern('bullishengulfingpattern'),
  bullishHammerStick: pattern('bullishhammerstick'),
  bullishHarami: pattern('bullishharami'),
  bullishHaramiCross: pattern('bullishharamicross'),
  bullishInvertedHammerStick: pattern('bullishinvertedhammerstick'),
  bullishMarubozu: pattern('bullishmarubozu'),
  bullishSpinningTop: pattern('bullishspinningtop'),
  darkCloudCover: pattern('darkcloudcover'),
  doji: pattern('doji'),
  downsideTasukiGap: pattern('downsidetasukigap'),
  dragonFlyDoji: pattern('dragonflydoji'),
  eveningDojiStar: pattern('eveningdojistar'),
  eveningStar: pattern('eveningstar'),
  graveStoneDoji: pattern('gravestonedoji'),
  hammerPattern: pattern('hammerpattern'),
  hammerPatternUnconfirmed: pattern('hammerpatternunconfirmed'),
  hangingMan: pattern('hangingman'),
  hangingManUnconfirmed: pattern('hangingmanunconfirmed'),
  morningDojiStar: pattern('morningdojistar'),
  morningStar: pattern('morningstar'),
  piercingLine: pattern('piercingline'),
  shootingStar: pattern('shootingstar'),
  shootingStarUnconfirmed: pattern('shootingstarunconfirmed'),
  threeBlackCrows: pattern('threeblackcrows'),
  threeWhiteSoldiers: pattern('threewhitesoldiers'),
  tweezerBottom: pattern('tweezerbottom'),
  tweezerTop: pattern('tweezertop'),
} as const;
