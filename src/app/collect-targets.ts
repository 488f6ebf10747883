import type { Config } from '../config/config-schema.ts';
import { assetClassOf, refuseMeantPair, type SymbolName } from '../core/instrument.ts';
import type { TimeRange, Timeframe } from '../core/time.ts';
import { calendarFor } from '../core/trading-calendar.ts';
import { homeExchange } from './home-exchange.ts';
import { seriesKeyOf } from './series-key.ts';
import type { SeriesTarget } from '../data/collect/series-collector.ts';

export interface CollectRequest {
  /** Null takes `data.symbols`. */
  readonly symbols: readonly SymbolName[] | null;
  /** Null takes `data.timeframe`. */
  readonly timeframes: readonly Timeframe[] | null;
  /** Null for everything from the last stored bar until now. */
  readonly range: TimeRange | null;
  /** Null takes `data.exchange` for crypto and `data.stock_exchange` for stocks. */
  readonly exchange: string | null;
  /** Go on with new bars until interrupted. */
  readonly follow: boolean;
  /** Delete what is stored of the series first. */
  readonly restart: boolean;
}

/** The series of one exchange, symbol by symbol, the timeframes of a symbol as they were named. */
export interface ExchangeTargets {
  readonly exchange: string;
  readonly targets: readonly SeriesTarget[];
}

/** What to collect, by exchange, in the order the symbols were named. */
export function collectTargets(
  request: CollectRequest,
  config: Pick<Config, 'data'>,
): readonly ExchangeTargets[] {
  const { data } = config;
  const timeframes = request.timeframes ?? [data.timeframe];
  const byExchange = new Map<string, SeriesTarget[]>();
  for (const symbol of request.symbols ?? data.symbols) {
    refuseMeantPair(symbol);
    const assetClass = assetClassOf(symbol);
    const exchange = request.exchange ?? homeExchange(symbol, config);
    const targets = byExchange.get(exchange) ?? [];
    byExchange.set(exchange, targets);
    for (const timeframe of timeframes) {
      targets.push({
        key: seriesKeyOf(symbol, { exchange, timeframe, config }),
        rules: {
          assetClass,
          calendar: calendarFor(assetClass),
          outliers: data.outlierPolicy,
          outlierMeasure: { sigmas: data.outlierSigma, window: data.outlierWindow },
        },
      });
    }
  }
  return [...byExchange].map(([exchange, targets]) => ({ exchange, targets }));
}
