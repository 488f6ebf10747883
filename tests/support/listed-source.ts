import { Decimal } from '../../src/core/decimal.ts';
import { ExchangeError } from '../../src/core/errors.ts';
import { assetClassOf, quoteCurrencyOf, type Instrument } from '../../src/core/instrument.ts';
import { timeframeMs, type EpochMs, type TimeSpan } from '../../src/core/time.ts';
import type { BarSource, SourceBar, SourcePage, SourceSeries } from '../../src/ports/bar-source.ts';
import type { Clock } from '../../src/ports/clock.ts';

interface ListedOptions {
  readonly bars: readonly SourceBar[];
  readonly pageBars?: number;
  readonly clock: Clock;
}

/** What a venue of the tests lets one trade. */
export function listedInstrument(symbol: string): Instrument {
  return {
    symbol,
    assetClass: assetClassOf(symbol),
    quoteCurrency: quoteCurrencyOf(symbol),
    tickSize: Decimal.parse('0.01'),
    lotStep: Decimal.parse('1e-8'),
    minNotional: Decimal.one,
    fees: null,
  };
}

/** A venue that has exactly the bars of a list, for every symbol. */
export class ListedSource implements BarSource {
  readonly exchange = 'listed';
  readonly timeframes = ['1m', '1h', '1d'] as const;
  readonly pageBars: number;
  watch: BarSource['watch'] = null;
  bars: SourceBar[];
  /** Spans of all requests, those that failed among them. */
  readonly asked: TimeSpan[] = [];
  /** What the next requests come to, in turn; null for an honest answer. */
  readonly faults: (ExchangeError | SourcePage | null)[] = [];
  readonly #clock: Clock;

  constructor({ bars, pageBars = 300, clock }: ListedOptions) {
    this.bars = [...bars];
    this.pageBars = pageBars;
    this.#clock = clock;
  }

  async serverTime(): Promise<EpochMs> {
    return this.#clock.now();
  }

  async instrument(symbol: string): Promise<Instrument> {
    return listedInstrument(symbol);
  }

  async page(
    { timeframe }: SourceSeries,
    span: TimeSpan,
    signal: AbortSignal,
  ): Promise<SourcePage> {
    signal.throwIfAborted();
    this.asked.push(span);
    const fault = this.faults.shift() ?? null;
    if (fault instanceof ExchangeError) throw fault;
    if (fault !== null) return fault;
    const within = this.bars.filter(
      ({ openTime }) =>
        Number.isNaN(openTime) ||
        (openTime >= span.from && openTime < span.to && openTime <= this.#clock.now()),
    );
    const last = within[this.pageBars - 1]?.openTime ?? Infinity;
    // A page never ends between two bars of one time.
    const bars = within.filter(({ openTime }) => !(openTime > last));
    const isCut = bars.length < within.length;
    return { bars, completeTo: isCut ? last + timeframeMs(timeframe) : span.to };
  }

  async close(): Promise<void> {}
}
