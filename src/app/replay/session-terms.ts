import type { Config } from '../../config/config-schema.ts';
import type { Decimal } from '../../core/decimal.ts';
import { DataError } from '../../core/errors.ts';
import { assetClassOf, type SymbolName } from '../../core/instrument.ts';
import { isTimeframe, type Timeframe } from '../../core/time.ts';
import { calendarFor, tradingCalendar } from '../../core/trading-calendar.ts';
import { capitalShares } from '../../portfolio/capital-shares.ts';
import type { BarStore } from '../../ports/bar-store.ts';
import type { RunSession } from '../../ports/lasting-run.ts';
import type { RecordedStrategy, RunArchive } from '../../ports/run-archive.ts';
import { accountTerms, tradingTerms } from '../config-terms.ts';
import type { EngineTerms } from '../engine-terms.ts';
import { remadeStrategy } from '../explain/recorded-strategy.ts';
import { InstrumentDirectory } from '../instrument-directory.ts';

/** What a session ran with, made again from its own record. */
export interface SessionTerms extends EngineTerms {
  readonly config: Config;
  /** Traded. */
  readonly symbols: readonly SymbolName[];
  readonly informative: readonly SymbolName[];
  readonly timeframe: Timeframe;
}

interface RecordedText {
  readonly config: Config;
  readonly strategy?: RecordedRunStrategy;
  readonly strategies?: readonly RecordedRunStrategy[];
  readonly run: {
    readonly symbols: readonly SymbolName[];
    readonly informative?: readonly SymbolName[];
    readonly timeframe: string;
    readonly exchange: string;
  };
}

interface RecordedRunStrategy {
  readonly id: string;
  readonly kind: string;
  readonly params: unknown;
  readonly allowShort: boolean;
  readonly symbols?: readonly SymbolName[];
  /** Of the file it was loaded from; absent for a strategy that came with the program. */
  readonly sourceSha256?: string;
}

interface Records {
  readonly runId: string;
  /** Cash that the run began with: of a live run, what the account held. */
  readonly initialCapital: Decimal;
  readonly archive: Pick<RunArchive, 'strategies'>;
  readonly store: Pick<BarStore, 'instruments'>;
}

/**
 * Strategies, limits and settings of a session as it recorded them. Throws a `DataError` that names
 * what cannot be made again: a strategy whose file changed, a kind this version does not know.
 */
export async function sessionTerms(session: RunSession, records: Records): Promise<SessionTerms> {
  // Written by this program from a plan, canonical JSON of these very parts.
  const { config, strategy, strategies, run } = JSON.parse(session.config) as RecordedText;
  const { symbols, informative = [], timeframe, exchange } = run;
  if (!isTimeframe(timeframe)) throw unknown('timeframe', timeframe);
  const all = [...symbols, ...informative];
  const ran = strategies ?? (strategy === undefined ? [] : [strategy]);
  const recorded = records.archive.strategies(records.runId);
  const hosted = await Promise.all(
    ran.map(async (each) =>
      hostedAgain(recordOf(each, recorded, symbols), {
        series: all.map((symbol) => ({ symbol, calendar: calendarFor(assetClassOf(symbol)) })),
        timeframe,
      }),
    ),
  );
  return {
    ...accountTerms(config),
    ...tradingTerms(config),
    initialCapital: records.initialCapital,
    config,
    symbols,
    informative,
    timeframe,
    exchange,
    strategies: hosted.map((each) => ({ ...each, source: null })),
    capitalShares: capitalShares(
      hosted.map(({ id }) => id),
      config.portfolio.capitalShares,
    ),
    calendarOf: (symbol) => tradingCalendar(calendarFor(assetClassOf(symbol))),
    instruments: new InstrumentDirectory(
      records.store,
      all.map((symbol) => ({ exchange, symbol })),
      config.execution,
    ),
  };
}

function recordOf(
  { id, kind, params, allowShort, symbols, sourceSha256 }: RecordedRunStrategy,
  recorded: readonly RecordedStrategy[],
  ofRun: readonly SymbolName[],
): RecordedStrategy {
  // The run keeps where a file is, each session what it held.
  const file = recorded.find((each) => each.id === id)?.source?.file ?? '';
  const source = sourceSha256 === undefined ? null : { file, sha256: sourceSha256 };
  return {
    id,
    kind,
    params: JSON.stringify(params),
    symbols: symbols ?? ofRun,
    allowShort,
    source,
  };
}

async function hostedAgain(
  record: RecordedStrategy,
  market: Parameters<typeof remadeStrategy>[1],
): Promise<EngineTerms['strategies'][number]> {
  const { hosted, problem } = await remadeStrategy(record, market);
  if (hosted !== null) return { ...hosted, source: record.source };
  throw new DataError(
    `strategy ${record.id}: it was expected to be made again as it ran, but ${problem ?? 'cannot be'}`,
  );
}

function unknown(what: string, value: string): DataError {
  return new DataError(`a ${what} this version knows was expected in the record, was "${value}"`);
}
