import * as library from 'technicalindicators';
import type { Bar } from '../../../../src/core/bar.ts';
import type {
  LibraryName,
  LibraryOptionsOf,
} from '../../../../src/strategies/indicators/library-catalogue.ts';
import { libraryIndicator } from '../../../../src/strategies/indicators/library-indicator.ts';
import type { PatternName } from '../../../../src/strategies/indicators/library-patterns.ts';

type NumericName = Exclude<LibraryName, PatternName>;

export interface LibraryStream {
  readonly firstValue: number;
  readonly warmup: number;
  readonly update: (bar: Bar) => void;
  /** The reading by field; by `value` where it is one number. */
  readonly reading: () => Readonly<Record<string, number>>;
}

export interface LibraryCase {
  readonly name: string;
  readonly start: () => LibraryStream;
  /** What the library makes of whole series; rows of the warm-up are left out. */
  readonly batch: (bars: readonly Bar[]) => readonly unknown[];
  /** Bars the batch is to be computed over, where it is not the whole series. */
  readonly window: number | null;
  /** What the library's own rounding, which ours leaves out, may make of it. */
  readonly tolerance: number;
}

const KST = {
  ROCPer1: 10,
  ROCPer2: 15,
  ROCPer3: 20,
  ROCPer4: 30,
  SMAROCPer1: 10,
  SMAROCPer2: 10,
  SMAROCPer3: 10,
  SMAROCPer4: 15,
  signalPeriod: 9,
};

/** Every indicator with the options it is tested with: the compiler asks for a missing one. */
const OPTIONS: { readonly [Name in NumericName]: readonly LibraryOptionsOf<Name>[] } = {
  adx: [{ period: 14 }, { period: 3 }, { period: 30 }],
  averageGain: [{ period: 14 }],
  averageLoss: [{ period: 14 }, { period: 2 }],
  awesomeOscillator: [{ fastPeriod: 5, slowPeriod: 34 }],
  cci: [{ period: 20 }],
  chandelierExit: [{ period: 22, multiplier: 3 }],
  forceIndex: [{ period: 13 }, { period: 1 }],
  heikinAshi: [{}],
  highest: [{ period: 20 }, { period: 1 }],
  ichimokuCloud: [{ conversionPeriod: 9, basePeriod: 26, spanPeriod: 52 }],
  keltnerChannels: [{ maPeriod: 20, atrPeriod: 10, multiplier: 1.5 }],
  kst: [KST],
  lowest: [{ period: 20 }],
  mfi: [{ period: 14 }],
  obv: [{ window: 50 }],
  psar: [{ step: 0.02, max: 0.2, window: 100 }],
  roc: [{ period: 12 }, { period: 1 }],
  stochastic: [
    { period: 14, signalPeriod: 3 },
    { period: 5, signalPeriod: 1 },
  ],
  stochasticRsi: [{ rsiPeriod: 14, stochasticPeriod: 14, kPeriod: 3, dPeriod: 3 }],
  sum: [{ period: 20 }],
  trix: [{ period: 15 }, { period: 3 }],
  trueRange: [{}],
  vwap: [{ window: 30 }],
  wema: [{ period: 14 }, { period: 50 }],
  williamsR: [{ period: 14 }],
  wma: [{ period: 20 }],
};

/** The money flow index is rounded to two decimals, and so is the RSI below the other. */
const ROUNDED: Readonly<Record<string, number>> = { mfi: 0.005_001, stochasticRsi: 0.5 };

const FUNCTIONS: Readonly<Record<string, unknown>> = { ...library };

/** The function of the library that `name` stands for. */
export function libraryFunction(name: string): (input: object) => unknown {
  const found = FUNCTIONS[name.toLowerCase()];
  if (typeof found !== 'function') throw new Error(`the library has no function for ${name}`);
  return (input) => {
    const output: unknown = Reflect.apply(found, undefined, [input]);
    return output;
  };
}

export function columnsOf(bars: readonly Bar[]) {
  return {
    open: bars.map((bar) => bar.open),
    high: bars.map((bar) => bar.high),
    low: bars.map((bar) => bar.low),
    close: bars.map((bar) => bar.close),
    volume: bars.map((bar) => bar.volume),
    values: bars.map((bar) => bar.close),
  };
}

/** Rows of what the library returns: Heikin-Ashi alone comes in columns. */
function rowsOf(output: unknown): readonly unknown[] {
  if (Array.isArray(output)) return output;
  if (typeof output !== 'object' || output === null) throw new Error('the library gave no rows');
  const column = (name: string): readonly unknown[] => {
    const values: unknown = Reflect.get(output, name);
    return Array.isArray(values) ? values : [];
  };
  const [open, high, low] = [column('open'), column('high'), column('low')];
  return column('close').map((close, at) => ({
    open: open[at],
    high: high[at],
    low: low[at],
    close,
  }));
}

/** A reading by field; by `value` where it is one number. */
export function fieldsOf(value: unknown): Readonly<Record<string, number>> {
  if (typeof value === 'number') return { value };
  if (typeof value !== 'object' || value === null) return { value: NaN };
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, Number(field)]));
}

function casesOf(name: NumericName): readonly LibraryCase[] {
  return OPTIONS[name].map((options): LibraryCase => {
    const settings: Readonly<Record<string, unknown>> = { ...options };
    const extra = { useSMA: false, displacement: 1, ...settings };
    return {
      name: `${name} ${JSON.stringify(settings)}`,
      start: () => {
        const indicator = libraryIndicator(name, options);
        return {
          firstValue: indicator.firstValue,
          warmup: indicator.warmup,
          update: (bar) => indicator.update(bar),
          reading: () => fieldsOf(indicator.value),
        };
      },
      batch: (bars) => rowsOf(libraryFunction(name)({ ...extra, ...columnsOf(bars) })),
      window: typeof settings['window'] === 'number' ? settings['window'] : null,
      tolerance: ROUNDED[name] ?? 0,
    };
  });
}

function isNumericName(name: string): name is NumericName {
  return Object.hasOwn(OPTIONS, name);
}

export const LIBRARY_CASES: readonly LibraryCase[] = Object.keys(OPTIONS)
  .filter(isNumericName)
  .flatMap(casesOf);
