import { Decimal } from '../core/decimal.ts';
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
import { canonicalJson } from '../config/canonical-json.ts';
import type { Config } from '../config/config-schema.ts';
import type { BarStore, Series } from '../ports/bar-store.ts';
import type { BacktestPlan } from './backtest-plan.ts';
import type { ConfiguredStrategy } from './configured-strategy.ts';
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
  readonly strategy: ConfiguredStrategy;
  readonly request: BacktestRequest;
  readonly store: BarStore;
  /** Told when a fresh database is filled with the synthetic market. */
  readonly onSample: (series: readonly Series[]) => void;
}

/** The bars a request asks for, with what configuration and strategy fill in. */
export function seriesQuery({
  config,
  strategy,
  request,
}: Pick<PlanInput, 'config' | 'strategy' | 'request'>): SeriesQuery {
  const symbols = request.symbols ?? strategy.symbols ?? config.data.symbols;
  return {
    symbols,
    timeframe: request.timeframe ?? strategy.timeframe ?? config.data.timeframe,
    range: request.range,
    exchange: request.exchange,
    preferredExchange: homeExchange(symbols[0] ?? '', config),
    adjustment: config.data.adjustment,
  };
}

/** Settles everything a backtest depends on. Throws a `DataError` when there are no bars for it. */
export function planBacktest(input: PlanInput): BacktestPlan {
  const { config, strategy, store } = input;
  const query = seriesQuery(input);
  const { symbols, timeframe, range } = query;
  if (wantsSampleMarket(store, query)) input.onSample(fillSampleMarket(store));
  const series = selectSeries(store, query);
  const venue = series[0]?.exchange ?? query.preferredExchange;
  const period = periodOf(series, range);
  const { slippage, commission } = config.transactionCosts;
  const { fillAt, limitFill, maxVolumeShare, closeAtEnd, entryBars } = config.execution;
  return {
    strategyName: strategy.id,
    strategies: [
      {
        id: strategy.id,
        definition: strategy.definition,
        params: strategy.params,
        symbols,
        timeframe,
        allowShort: strategy.allowShort,
        calendarOf: (symbol) => calendarOf(series, symbol),
      },
    ],
    exchange: venue,
    series,
    timeframe,
    ...period,
    initialCapital: Decimal.fromNumber(config.portfolio.initialCapital),
    currency: quoteCurrencyOf(symbols[0] ?? ''),
    limits: config.riskLimits,
    sizing: config.positionSizing,
    maxEntries: config.portfolio.maxEntries,
    oppositeSignal: config.portfolio.oppositeSignal,
    commission,
    slippage,
    fillAt,
    limitFill,
    maxVolumeShare,
    closeAtEnd,
    splits: config.data.splits,
    entryLifetimeMs: entryBars === null ? null : entryBars * timeframeMs(timeframe),
    instruments: new InstrumentDirectory(store, series, config.execution),
    equityIntervalMs: timeframeMs(config.monitoring.equityInterval),
    config: planText(input, { symbols, timeframe, exchange: venue, range }),
    labels: [...resultLabels(config), ...builtLabels(series), ...rangeLabels(range, period)],
  };
}

/** Everything but the data that a result depends on: what the configuration hash is taken of. */
function planText(
  { config, strategy }: Pick<PlanInput, 'config' | 'strategy'>,
  run: Pick<SeriesQuery, 'symbols' | 'timeframe' | 'range' | 'exchange'>,
): string {
  const { id, definition, params, allowShort, sourceHash } = strategy;
  const source = sourceHash === undefined ? {} : { sourceSha256: sourceHash };
  const asRun = { id, kind: definition.id, params, allowShort, ...source };
  return canonicalJson({ config, strategy: asRun, run });
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
