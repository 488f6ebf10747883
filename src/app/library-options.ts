import type * as z from 'zod';
import { configOf } from '../config/load-config.ts';
import type { Config, configSchema } from '../config/config-schema.ts';
import { parseNode } from '../config/explain-issues.ts';
import { suggestion } from '../config/nearest.ts';
import { strategySchema } from '../config/strategy-schema.ts';
import { valueNode } from '../config/value-node.ts';
import { ConfigError } from '../core/errors.ts';
import { isStrategyId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import { isTimeframe, TIMEFRAMES, type EpochMs, type Timeframe } from '../core/time.ts';
import { parseTimestamp } from '../data/timestamp-parsing.ts';
import { informativeSymbolsOf } from '../strategies/declared-symbols.ts';
import { isStrategyDefinition } from '../strategies/define-strategy.ts';
import type { StrategyDefinition } from '../strategies/strategy.ts';
import type { ConfiguredStrategy } from './configured-strategy.ts';
import type { BarInput } from './memory-bars.ts';
import type { BacktestRequest } from './plan-backtest.ts';
import { strictParams } from './strict-params.ts';

/** What `config.yaml` and `risk.yaml` may hold, together, by the same keys; all of it optional. */
export type ConfigInput = z.input<typeof configSchema>;

/** A strategy with what a file of `config/strategies` would say of it. */
export interface StrategyRun {
  readonly definition: StrategyDefinition;
  /** Names it in results; the id of the definition when absent. */
  readonly id?: string;
  /** By the names its schema has; defaults where absent. */
  readonly params?: Readonly<Record<string, unknown>>;
  readonly symbols?: readonly SymbolName[];
  readonly timeframe?: Timeframe;
  readonly allowShort?: boolean;
}

/** UTC milliseconds, a date, or text such as `2024-01-31` or `2024-01-31T15:00:00Z`. */
export type TimeInput = number | string | Date;

/** What a backtest is made of. Exactly one of `bars` and `database` is given. */
export interface BacktestOptions {
  /** One strategy, or several on one account. */
  readonly strategy:
    StrategyDefinition | StrategyRun | readonly (StrategyDefinition | StrategyRun)[];
  /** Candles by symbol, of the length `timeframe`. */
  readonly bars?: Readonly<Record<SymbolName, readonly BarInput[]>>;
  /** File that `collect` or `import` filled. Only read, unless `record` is true. */
  readonly database?: string;
  /** Whether the run is recorded in the database, for `runs list` and its like; false when absent. */
  readonly record?: boolean;
  /** As in the YAML files; defaults where absent. No file and no environment is read. */
  readonly config?: ConfigInput;
  /**
   * Of all strategies; when absent their own, or those of the bars that they do not declare as
   * informative, or those of `config.data`, whichever there is.
   */
  readonly symbols?: readonly SymbolName[];
  /** Of all strategies; when absent their own, or that of `config.data`. */
  readonly timeframe?: Timeframe;
  /** First and last moment at which a traded bar may open: inclusive, exclusive. */
  readonly start?: TimeInput;
  readonly end?: TimeInput;
  /** Whose bars, where the database has several; what `bars` are said to be of. */
  readonly exchange?: string;
  /** Ends the run where it stands when it aborts; the report says so. */
  readonly signal?: AbortSignal;
}

/** The options of a run, checked. */
export interface ReadOptions {
  readonly config: Config;
  readonly strategies: readonly ConfiguredStrategy[];
  readonly request: BacktestRequest;
}

const OPTIONS: Readonly<Record<keyof BacktestOptions, true>> = {
  strategy: true,
  bars: true,
  database: true,
  record: true,
  config: true,
  symbols: true,
  timeframe: true,
  start: true,
  end: true,
  exchange: true,
  signal: true,
};
const RUN_OPTIONS: Readonly<Record<keyof StrategyRun, true>> = {
  definition: true,
  id: true,
  params: true,
  symbols: true,
  timeframe: true,
  allowShort: true,
};

/** Throws a `ConfigError` with a sentence for what is wrong. */
export function readOptions(options: BacktestOptions): ReadOptions {
  requireKnown('options', options, OPTIONS);
  requireSource(options);
  const { bars, symbols, timeframe, exchange } = options;
  if (timeframe !== undefined && !isTimeframe(timeframe)) {
    throw new ConfigError(
      `timeframe: one of ${TIMEFRAMES.join(', ')} was expected, was ${JSON.stringify(timeframe)}`,
    );
  }
  const { config } = configOf([valueNode(options.config ?? {}, 'config')]);
  return {
    config,
    strategies: strategiesOf(options.strategy).map((each) => tradingBars(each, bars)),
    request: {
      symbols: symbols ?? null,
      timeframe: timeframe ?? null,
      range: { start: timeOf('start', options.start), end: timeOf('end', options.end) },
      exchange: exchange ?? null,
    },
  };
}

function requireSource({ bars, database, record = false }: BacktestOptions): void {
  if ((bars === undefined) === (database === undefined)) {
    const was = bars === undefined ? 'neither' : 'both';
    throw new ConfigError(`either bars or database was expected, was ${was}`);
  }
  if (record && database === undefined) {
    throw new ConfigError('a database was expected to record the run in, was none');
  }
}

function strategiesOf(strategy: BacktestOptions['strategy']): readonly ConfiguredStrategy[] {
  const runs = [strategy].flat();
  if (runs.length === 0) throw new ConfigError('strategy: at least one was expected, was none');
  const read = runs.map(strategyOf);
  const ids = read.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice === undefined) return read;
  throw new ConfigError(
    `strategies of different ids were expected, was "${twice}" twice; give one of them another: ` +
      `{ definition, id: '${twice}_2' }`,
  );
}

/** Bars in memory are there to be traded, unless they are of a symbol that is only looked at. */
function tradingBars(
  strategy: ConfiguredStrategy,
  bars: BacktestOptions['bars'],
): ConfiguredStrategy {
  if (bars === undefined || strategy.symbols !== null) return strategy;
  const given = Object.keys(bars);
  const looked = informativeSymbolsOf(strategy);
  const traded = given.filter((symbol) => !looked.includes(symbol));
  return { ...strategy, symbols: traded.length === 0 ? given : traded };
}

function strategyOf(given: StrategyDefinition | StrategyRun): ConfiguredStrategy {
  const run: StrategyRun = isStrategyDefinition(given) ? { definition: given } : runOf(given);
  const { definition, symbols, timeframe, allowShort } = run;
  const id = run.id ?? definition.id;
  if (!isStrategyId(id)) {
    throw new ConfigError(
      'strategy: an id of at most 64 lower-case letters, digits and underscores that begins with ' +
        `a letter was expected, was ${JSON.stringify(id)}`,
    );
  }
  const written = valueNode(
    { strategy: definition.id, symbols, timeframe, allow_short: allowShort, params: run.params },
    `strategy "${id}"`,
  );
  const { strategy: _, ...settled } = parseNode(
    written,
    strategySchema(strictParams(definition.params)),
  );
  return { id, definition, ...settled };
}

/** Types say so already, but not to those who write JavaScript. */
function runOf(given: StrategyDefinition | StrategyRun): StrategyRun {
  if ('definition' in given && isStrategyDefinition(given.definition)) {
    requireKnown('strategy', given, RUN_OPTIONS);
    return given;
  }
  throw new ConfigError(
    'strategy: what defineStrategy returns, or { definition } with it, was expected, was another ' +
      'object',
  );
}

/** An option in the wrong place must not pass for one that counts. */
function requireKnown(place: string, given: object, known: Readonly<Record<string, true>>): void {
  for (const key of Object.keys(given)) {
    if (Object.hasOwn(known, key)) continue;
    throw new ConfigError(
      `${place}: unknown key "${key}"${suggestion(key, Object.keys(known), 'ones')}`,
    );
  }
}

function timeOf(name: string, time: TimeInput | undefined): EpochMs | null {
  if (time === undefined) return null;
  if (typeof time === 'string') {
    const reading = parseTimestamp(time, { assumeUtc: true });
    if (reading.ok) return reading.time;
    throw new ConfigError(`${name}: ${reading.expected} was expected, was ${JSON.stringify(time)}`);
  }
  const ms = time instanceof Date ? time.getTime() : time;
  if (Number.isSafeInteger(ms)) return ms;
  throw new ConfigError(
    `${name}: a time in whole UTC milliseconds was expected, was ${String(ms)}`,
  );
}
