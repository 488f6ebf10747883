import type { IndicatorSource } from './indicator-source.ts';
import type { PatternName } from './library-patterns.ts';

type Numbers<Name extends string> = Readonly<Record<Name, number>>;

/** An indicator of the library: its options, named as the library names them, and its reading. */
interface Entry<Option extends string, Value = number> {
  readonly options: Numbers<Option>;
  readonly value: Value;
}

/** An indicator over one number a bar. */
interface ValueEntry<Option extends string, Value = number> {
  readonly options: Numbers<Option> & {
    /** What of each bar is read; the close when absent. */
    readonly source?: IndicatorSource;
  };
  readonly value: Value;
}

interface PatternEntry {
  readonly options: Readonly<Record<string, never>>;
  /** Whether the pattern ends on the bar; false until five bars came. */
  readonly value: boolean;
}

type KstOption = `ROCPer${1 | 2 | 3 | 4}` | `SMAROCPer${1 | 2 | 3 | 4}` | 'signalPeriod';

/** Everything of the library that gives the same readings wherever a stream began. */
export interface LibraryCatalogue extends Readonly<Record<PatternName, PatternEntry>> {
  readonly adx: Entry<'period', Numbers<'adx' | 'pdi' | 'mdi'>>;
  readonly averageGain: ValueEntry<'period'>;
  readonly averageLoss: ValueEntry<'period'>;
  readonly awesomeOscillator: Entry<'fastPeriod' | 'slowPeriod'>;
  readonly cci: Entry<'period'>;
  readonly chandelierExit: Entry<'period' | 'multiplier', Numbers<'exitLong' | 'exitShort'>>;
  readonly forceIndex: Entry<'period'>;
  readonly heikinAshi: Entry<never, Numbers<'open' | 'high' | 'low' | 'close'>>;
  readonly highest: ValueEntry<'period'>;
  readonly ichimokuCloud: Entry<
    'conversionPeriod' | 'basePeriod' | 'spanPeriod',
    Numbers<'conversion' | 'base' | 'spanA' | 'spanB'>
  >;
  readonly keltnerChannels: Entry<
    'maPeriod' | 'atrPeriod' | 'multiplier',
    Numbers<'middle' | 'upper' | 'lower'>
  >;
  readonly kst: ValueEntry<KstOption, Numbers<'kst' | 'signal'>>;
  readonly lowest: ValueEntry<'period'>;
  readonly mfi: Entry<'period'>;
  /** Over the last `window` bars: the library's own would count from the first bar of the stream. */
  readonly obv: Entry<'window'>;
  /** As if the stream began `window` bars ago. */
  readonly psar: Entry<'step' | 'max' | 'window'>;
  readonly roc: ValueEntry<'period'>;
  readonly stochastic: Entry<'period' | 'signalPeriod', Numbers<'k' | 'd'>>;
  /** Over the engine's own RSI; in a window of equal ones the library gives 0. */
  readonly stochasticRsi: ValueEntry<
    'rsiPeriod' | 'stochasticPeriod' | 'kPeriod' | 'dPeriod',
    Numbers<'stochRSI' | 'k' | 'd'>
  >;
  readonly sum: ValueEntry<'period'>;
  readonly trix: ValueEntry<'period'>;
  readonly trueRange: Entry<never>;
  /** Over the last `window` bars. */
  readonly vwap: Entry<'window'>;
  readonly wema: ValueEntry<'period'>;
  readonly williamsR: Entry<'period'>;
  readonly wma: ValueEntry<'period'>;
}

export type LibraryName = keyof LibraryCatalogue;
export type LibraryOptionsOf<Name extends LibraryName> = LibraryCatalogue[Name]['options'];
export type LibraryValueOf<Name extends LibraryName> = LibraryCatalogue[Name]['value'];
