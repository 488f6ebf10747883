import type { Bar } from '../../core/bar.ts';
import { NO_BARS, readField } from './library-feeds.ts';
import type { Feed } from './library-stream.ts';
import type { Library } from './load-library.ts';
import { Rsi } from './rsi.ts';

interface StochasticRsiPeriods {
  readonly rsiPeriod: number;
  readonly stochasticPeriod: number;
  readonly kPeriod: number;
  readonly dPeriod: number;
}

/**
 * Added to every RSI: the library ends its search for the highest and lowest at a value of zero.
 * A stochastic tells distances, so that it is the same above as below.
 */
const ABOVE_ZERO = 1;

/** Values of the RSI that one reading rests on. */
export function stochasticRsiWindow(periods: StochasticRsiPeriods): number {
  return periods.stochasticPeriod + periods.kPeriod + periods.dPeriod - 2;
}

/** The library's stochastic over the engine's own RSI, as the library rounds its own. */
export function stochasticRsi(
  { Stochastic }: Library,
  periods: StochasticRsiPeriods,
  source: (bar: Bar) => number,
): Feed {
  const { rsiPeriod, stochasticPeriod, kPeriod, dPeriod } = periods;
  const size = stochasticRsiWindow(periods);
  const rsi = new Rsi({ period: rsiPeriod });
  const window: number[] = [];
  return (bar) => {
    rsi.update(source(bar));
    if (Number.isNaN(rsi.value)) return undefined;
    if (window.length === size) window.shift();
    window.push(rsi.value + ABOVE_ZERO);
    if (window.length < size) return undefined;
    const settings = { period: stochasticPeriod, signalPeriod: kPeriod, ...NO_BARS };
    const { generator } = new Stochastic(settings);
    const outputs: unknown[] = window.map((value) => {
      const output: unknown = generator.next({ high: value, low: value, close: value }).value;
      return output;
    });
    const smooth = outputs.slice(-dPeriod).map((output) => readField(output, 'd'));
    return {
      stochRSI: readField(outputs.at(-1), 'k'),
      k: smooth.at(-1),
      d: smooth.reduce((sum, value) => sum + value, 0) / dPeriod,
    };
  };
}
