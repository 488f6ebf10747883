import { quoteCurrencyOf, type SymbolName } from '../core/instrument.ts';
import {
  formatTime,
  timeframeMs,
  type EpochMs,
  type Timeframe,
  type TimeRange,
} from '../core/time.ts';
import { present } from '../core/assert.ts';
import { tradingCalendar, type TradingCalendar } from '../core/trading-calendar.ts';
import { watchedOnly } from '../strategies/declared-symbols.ts';
import type { Config } from '../config/config-schema.ts';
import type { BarStore, Series } from '../ports/bar-store.ts';
import {
  plannedStrategies,
  planText,
  sharedTimeframe,
  symbolsOf,
  tradedSymbols,
} from './asked-strategies.ts';
import type { BacktestPlan } from './backtest-plan.ts';
import { capitalShares } from '../portfolio/capital-shares.ts';
import type { ConfiguredStrategy } from './configured-strategy.ts';
import { accountTerms, tradingTerms } from './config-terms.ts';
import { homeExchange } from './home-exchange.ts';
import { InstrumentDirectory } from './instrument-directory.ts';
import type { ReadableSeries } from './readable-series.ts';
import { resultLabels } from './result-labels.ts';
import { fillSampleMarket, wantsSampleMarket } from './sample-data.ts';
import { selectSeries, type SeriesQuery } from './select-series.ts';

/** What a user asks of one backtest on the command line; null takes the configured value. */
export interface BacktestRequest {
  readonly symbols: readonly SymbolName[] | null;
  readonly timeframe: Timeframe | null;
  readonly range: TimeRange;
  readonly exchange: string | null;
}

interface PlanInput {
  readonly config: Config;
  /** At least one, of different ids. */
  readonly strategies: readonly ConfiguredStrategy[];
  readonly request: BacktestRequest;
  readonly store: BarStore;
  /** Told when a fresh database is filled with the synthetic market; null never fills one. */
  readonly onSample: ((series: readonly Series[]) => void) | null;
}

/** The bars a request asks for, with what configuration and strategy fill in. */
export function seriesQuery({
  config,
  strategies,
  request,
}: Pick<PlanInput, 'config' | 'strategies' | 'request'>): SeriesQuery {
  const input = { config, request };
  const symbols = tradedSymbols(strategies, input);
  const trading = strategies.map((each) => ({ ...each, symbols: symbolsOf(each, input) }));
  return {
    symbols: [...symbols, ...watchedOnly(trading)],
    timeframe: sharedTimeframe(strategies, input),
    range: request.range,
    exchange: request.exchange,
    preferredExchange: homeExchange(symbols[0] ?? '', config),
    adjustment: config.data.adjustment,
  };
}

/** Settles everything a backtest depends on. Throws a `DataError` when there are no bars for it. */
export function planBacktest(input: PlanInput): BacktestPlan {
  const { config, strategies, store } = input;
  const query = seriesQuery(input);
  const symbols = tradedSymbols(strategies, input);
  const { timeframe, range } = query;
  const { onSample } = input;
  if (onSample !== null && wantsSampleMarket(store, query)) onSample(fillSampleMarket(store));
  const read = selectSeries(store, query);
  const series = read.filter(({ symbol }) => symbols.includes(symbol));
  const informative = read.filter((each) => !series.includes(each));
  const venue = series[0]?.exchange ?? query.preferredExchange;
  const period = periodOf(series, range);
  return {
    ...accountTerms(config),
    ...tradingTerms(config),
    strategyName: strategies.map(({ id }) => id).join(', '),
    strategies: plannedStrategies(strategies, input, {
      timeframe,
      calendarOf: (symbol) => calendarOf(read, symbol),
    }),
    capitalShares: capitalShares(
      strategies.map(({ id }) => id),
      config.portfolio.capitalShares,
    ),
    exchange: venue,
    series,
    informative,
    timeframe,
    ...period,
    currency: quoteCurrencyOf(symbols[0] ?? ''),
    splits: config.data.splits,
    instruments: new InstrumentDirectory(store, series, config.execution),
    equityIntervalMs: timeframeMs(config.monitoring.equityInterval),
    config: planText(input, {
      symbols,
      ...informed(informative),
      timeframe,
      exchange: venue,
      range,
    }),
    labels: [
      ...resultLabels(config),
      ...builtLabels(read),
      ...informativeLabels(informative),
      ...rangeLabels(range, period),
    ],
  };
}

/** Absent where there are none: the hash of other runs does not depend on them. */
function informed(series: readonly Series[]): { readonly informative?: readonly SymbolName[] } {
  return series.length === 0 ? {} : { informative: series.map(({ symbol }) => symbol) };
}

function informativeLabels(series: readonly Series[]): readonly string[] {
  if (series.length === 0) return [];
  return [`looks at ${series.map(({ symbol }) => symbol).join(', ')} without trading there`];
}

function calendarOf(series: readonly Series[], symbol: SymbolName): TradingCalendar {
  const own = present(
    series.find((each) => each.symbol === symbol),
    `the series of ${symbol}`,
  );
  return tradingCalendar(own.calendar);
}

/** Said of bars that nobody stored as they are: `4h bars built from 1h bars`. */
function builtLabels(series: readonly ReadableSeries[]): readonly string[] {
  const sentences = series.flatMap(({ symbol, timeframe, builtFrom }) =>
    builtFrom === null
      ? []
      : [{ symbol, text: `${timeframe} bars built from ${builtFrom.timeframe} bars` }],
  );
  const texts = [...new Set(sentences.map(({ text }) => text))];
  if (texts.length <= 1 && sentences.length === series.length) return texts;
  return sentences.map(({ symbol, text }) => `${symbol}: ${text}`);
}

interface Period {
  readonly start: EpochMs;
  readonly end: EpochMs;
}

/** Said where less was run than was asked for. */
function rangeLabels(asked: TimeRange, { start, end }: Period): readonly string[] {
  const late = asked.start !== null && asked.start < start;
  const short = asked.end !== null && asked.end > end;
  if (!late && !short) return [];
  return [`there are bars from ${formatTime(start)} to ${formatTime(end)} of what was asked for`];
}

/** What was asked for, cut to what there is: from the first bar any series has to the last. */
function periodOf(series: readonly Series[], range: TimeRange): Period {
  const first = Math.min(...series.map(({ firstOpen }) => firstOpen ?? Infinity));
  const last = Math.max(
    ...series.map(({ lastOpen, timeframe }) => (lastOpen ?? -Infinity) + timeframeMs(timeframe)),
  );
  const start = Math.max(range.start ?? first, first);
  const end = Math.min(range.end ?? last, last);
  return { start, end };
}
