import { canonicalJson } from '../config/canonical-json.ts';
import type { Config } from '../config/config-schema.ts';
import { present } from '../core/assert.ts';
import { ConfigError } from '../core/errors.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { TimeRange, Timeframe } from '../core/time.ts';
import type { TradingCalendar } from '../core/trading-calendar.ts';
import type { StrategySource } from '../ports/run-store.ts';
import type { PlannedStrategy } from './backtest-plan.ts';
import type { ConfiguredStrategy } from './configured-strategy.ts';

/** What a user asks of a run on the command line; null takes the configured value. */
export interface Asked {
  readonly config: Config;
  readonly request: {
    readonly symbols: readonly SymbolName[] | null;
    readonly timeframe: Timeframe | null;
  };
}

/** What some strategy is to trade; others may be looked at besides. */
export function tradedSymbols(
  strategies: readonly ConfiguredStrategy[],
  asked: Asked,
): readonly SymbolName[] {
  return [...new Set(strategies.flatMap((each) => symbolsOf(each, asked)))];
}

/** What one strategy is to trade. */
export function symbolsOf(
  { symbols }: ConfiguredStrategy,
  { config, request }: Asked,
): readonly SymbolName[] {
  return request.symbols ?? symbols ?? config.data.symbols;
}

function timeframeOf({ timeframe }: ConfiguredStrategy, { config, request }: Asked): Timeframe {
  return request.timeframe ?? timeframe ?? config.data.timeframe;
}

/** The bars of one run are of one length: they are merged by the time they close at. */
export function sharedTimeframe(
  strategies: readonly ConfiguredStrategy[],
  asked: Asked,
): Timeframe {
  const [first, ...rest] = strategies;
  const strategy = present(first, 'a strategy to run');
  const timeframe = timeframeOf(strategy, asked);
  const other = rest.find((each) => timeframeOf(each, asked) !== timeframe);
  if (other === undefined) return timeframe;
  throw new ConfigError(
    `strategies of one timeframe were expected, was "${strategy.id}" on ${timeframe} and ` +
      `"${other.id}" on ${timeframeOf(other, asked)}; give one with --timeframe, or run them one ` +
      'by one',
  );
}

/** The strategies as they run: on these symbols, with bars of that length. */
export function plannedStrategies(
  strategies: readonly ConfiguredStrategy[],
  asked: Asked,
  run: {
    readonly timeframe: Timeframe;
    readonly calendarOf: (symbol: SymbolName) => TradingCalendar;
  },
): readonly PlannedStrategy[] {
  return strategies.map((each) => ({
    id: each.id,
    definition: each.definition,
    params: each.params,
    symbols: symbolsOf(each, asked),
    timeframe: run.timeframe,
    allowShort: each.allowShort,
    calendarOf: run.calendarOf,
    source: sourceOf(each),
  }));
}

/** For the record alone: where a file lies has no part in what a run comes to. */
function sourceOf({ sourceFile, sourceHash }: ConfiguredStrategy): StrategySource | null {
  if (sourceFile === undefined || sourceHash === undefined) return null;
  return { file: sourceFile, sha256: sourceHash };
}

/** What a run is about, as far as its configuration hash depends on it. */
interface AskedRun {
  readonly symbols: readonly SymbolName[];
  readonly informative?: readonly SymbolName[];
  readonly timeframe: Timeframe;
  readonly range: TimeRange;
  readonly exchange: string | null;
}

/** Everything but the data that a result depends on: what the configuration hash is taken of. */
export function planText(
  { config, strategies, request }: Asked & { readonly strategies: readonly ConfiguredStrategy[] },
  run: AskedRun,
): string {
  const asRun = strategies.map((each) => {
    const { id, definition, params, allowShort, sourceHash } = each;
    const source = sourceHash === undefined ? {} : { sourceSha256: sourceHash };
    return { id, kind: definition.id, params, allowShort, ...source };
  });
  const [strategy] = asRun;
  if (asRun.length === 1) return canonicalJson({ config, strategy, run });
  const symbols = strategies.map((each) => symbolsOf(each, { config, request }));
  const trading = asRun.map((each, index) => ({ ...each, symbols: symbols[index] }));
  return canonicalJson({ config, strategies: trading, run });
}
