import { capitalShares } from '../../portfolio/capital-shares.ts';
import type { Config } from '../../config/config-schema.ts';
import { ConfigError } from '../../core/errors.ts';
import {
  assetClassOf,
  quoteCurrencyOf,
  refuseMeantPair,
  type SymbolName,
} from '../../core/instrument.ts';
import type { Timeframe } from '../../core/time.ts';
import { calendarFor, tradingCalendar, type TradingCalendar } from '../../core/trading-calendar.ts';
import type { BarStore, SeriesKey } from '../../ports/bar-store.ts';
import { watchedOnly } from '../../strategies/declared-symbols.ts';
import {
  plannedStrategies,
  planText,
  sharedTimeframe,
  symbolsOf,
  tradedSymbols,
} from '../asked-strategies.ts';
import { accountTerms, tradingTerms } from '../config-terms.ts';
import type { ConfiguredStrategy } from '../configured-strategy.ts';
import { sha256 } from '../content-hash.ts';
import type { EngineTerms } from '../engine-terms.ts';
import { homeExchange } from '../home-exchange.ts';
import { InstrumentDirectory } from '../instrument-directory.ts';
import { seriesKeyOf } from '../series-key.ts';

/** What a user asks of paper or live trading on the command line; null takes the configured value. */
export interface TradingRequest {
  readonly symbols: readonly SymbolName[] | null;
  readonly timeframe: Timeframe | null;
  readonly exchange: string | null;
}

/** Which bars a trading engine needs, before anything is known of their instruments. */
export interface TradingMarket {
  readonly exchange: string;
  /** Traded. */
  readonly symbols: readonly SymbolName[];
  /** Looked at and not traded. */
  readonly informative: readonly SymbolName[];
  readonly timeframe: Timeframe;
  readonly currency: string;
}

/** Everything an engine that trades in real time is determined by, the market apart. */
export interface TradingPlan extends EngineTerms, TradingMarket {
  readonly strategyName: string;
  /**
   * Held, or with orders, from an earlier session that traded them: their bars and orders are looked
   * after, no strategy decides on them.
   */
  readonly managed: readonly SymbolName[];
  /** Of all symbols, those that are only looked at or looked after too. */
  readonly keys: readonly SeriesKey[];
  /** Effective configuration, canonical JSON, and its SHA-256. */
  readonly config: string;
  readonly configHash: string;
}

interface MarketInput {
  readonly config: Config;
  readonly strategies: readonly ConfiguredStrategy[];
  readonly request: TradingRequest;
}

/**
 * Where and what is to be traded. Throws a `ConfigError` where that is not one account: symbols of
 * two exchanges or of two currencies, or limits that were switched off for research.
 */
export function tradingMarket({ config, strategies, request }: MarketInput): TradingMarket {
  refuseNoLimits(config);
  const asked = { config, request };
  const symbols = tradedSymbols(strategies, asked);
  for (const symbol of symbols) refuseMeantPair(symbol);
  const trading = strategies.map((each) => ({ ...each, symbols: symbolsOf(each, asked) }));
  const exchangeOf = (symbol: SymbolName) => request.exchange ?? homeExchange(symbol, config);
  const informative = watchedOnly(trading);
  const all = [...symbols, ...informative];
  return {
    exchange: theOne('exchange', all, exchangeOf),
    symbols,
    informative,
    timeframe: sharedTimeframe(strategies, asked),
    currency: theOne('currency', symbols, quoteCurrencyOf),
  };
}

/** Settles everything else, once the instruments are stored. */
export function planTrading(
  input: MarketInput & {
    readonly store: Pick<BarStore, 'instruments'>;
    /** In which an earlier session left something. */
    readonly carried: readonly SymbolName[];
  },
): TradingPlan {
  const { config, strategies, request, store } = input;
  const asked = { config, request };
  const market = tradingMarket(input);
  const { exchange, symbols, informative, timeframe } = market;
  const managed = input.carried.filter((symbol) => !symbols.includes(symbol));
  const all = [...new Set([...symbols, ...informative, ...managed])];
  const text = planText(
    { ...asked, strategies },
    {
      symbols,
      ...(informative.length === 0 ? {} : { informative }),
      timeframe,
      exchange,
      range: { start: null, end: null },
    },
  );
  return {
    ...accountTerms(config),
    ...tradingTerms(config),
    ...market,
    managed,
    strategyName: strategies.map(({ id }) => id).join(', '),
    strategies: plannedStrategies(strategies, asked, { timeframe, calendarOf }),
    capitalShares: capitalShares(
      strategies.map(({ id }) => id),
      config.portfolio.capitalShares,
    ),
    keys: all.map((symbol) => seriesKeyOf(symbol, { exchange, timeframe, config })),
    instruments: new InstrumentDirectory(
      store,
      all.map((symbol) => ({ exchange, symbol })),
      config.execution,
    ),
    calendarOf,
    config: text,
    configHash: sha256(text),
  };
}

function calendarOf(symbol: SymbolName): TradingCalendar {
  return tradingCalendar(calendarFor(assetClassOf(symbol)));
}

function theOne(
  what: string,
  symbols: readonly SymbolName[],
  of: (symbol: SymbolName) => string,
): string {
  const [first = ''] = symbols;
  const other = symbols.find((symbol) => of(symbol) !== of(first));
  if (other === undefined) return of(first);
  throw new ConfigError(
    `symbols of one ${what} were expected for one account, was "${first}" (${of(first)}) and ` +
      `"${other}" (${of(other)}); run them one by one, each with a --db of its own`,
  );
}

function refuseNoLimits({ riskLimits }: Config): void {
  if (riskLimits.enabled) return;
  throw new ConfigError(
    'risk_limits.enabled: true was expected outside backtests, was false; switch the limits on, or ' +
      'set single ones to null',
  );
}
