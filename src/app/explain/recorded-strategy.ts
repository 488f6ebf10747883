import { present } from '../../core/assert.ts';
import { QuantSageError } from '../../core/errors.ts';
import { isStrategyId } from '../../core/ids.ts';
import { tradingCalendar } from '../../core/trading-calendar.ts';
import type { RecordedStrategy } from '../../ports/run-archive.ts';
import type { StrategySource } from '../../ports/run-store.ts';
import { findStrategy } from '../../strategies/strategy-registry.ts';
import type { StrategyDefinition } from '../../strategies/strategy.ts';
import type { HostedStrategy } from '../../strategies/strategy-runner.ts';
import { loadRecordedFile } from '../strategy-file.ts';
import { warmupBarsOf } from '../warmup-bars.ts';
import type { RunData } from './run-data.ts';

/** A strategy of a recorded run, made again where that is possible. */
export interface RemadeStrategy {
  readonly record: RecordedStrategy;
  readonly symbols: readonly string[];
  /** Null where it cannot be made again; then `problem` says why. */
  readonly hosted: HostedStrategy | null;
  readonly problem: string | null;
}

/** What it takes to know of a run's market. */
interface RemadeMarket extends Pick<RunData, 'timeframe'> {
  readonly series: readonly Pick<RunData['series'][number], 'symbol' | 'calendar'>[];
}

/** Its recorded parameters go in as they are: a schema may not accept what it once gave. */
export async function remadeStrategy(
  record: RecordedStrategy,
  { series, timeframe }: RemadeMarket,
): Promise<RemadeStrategy> {
  const symbols = record.symbols ?? series.map(({ symbol }) => symbol);
  try {
    const definition = await definitionOf(record);
    if (typeof definition === 'string')
      return { record, symbols, hosted: null, problem: definition };
    const { id } = record;
    if (!isStrategyId(id)) throw new TypeError(`"${id}" is no strategy id`);
    const hosted: HostedStrategy = {
      id,
      definition,
      params: JSON.parse(record.params),
      symbols,
      timeframe,
      allowShort: record.allowShort ?? false,
      calendarOf: (symbol) => {
        const own = series.find((each) => each.symbol === symbol);
        return tradingCalendar(present(own, `the series of ${symbol}`).calendar);
      },
    };
    // Whether it can be made shows when it is made.
    warmupBarsOf([hosted]);
    return { record, symbols, hosted, problem: null };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const problem = error instanceof QuantSageError ? why : `it cannot be made again: ${why}`;
    return { record, symbols, hosted: null, problem };
  }
}

/** The definition, or why there is none. */
async function definitionOf({
  kind,
  source,
}: RecordedStrategy): Promise<StrategyDefinition | string> {
  if (source !== null) return definitionOfSource(source);
  return (
    findStrategy(kind) ??
    `this version has no strategy of the kind "${kind}", and no file of it is on record`
  );
}

/** What a file holds by now would explain another run. */
async function definitionOfSource({
  file,
  sha256,
}: StrategySource): Promise<StrategyDefinition | string> {
  const loaded = await loadRecordedFile(file);
  if (loaded === null) return `its file ${file} is gone`;
  const { definition, sourceHash } = loaded;
  if (sourceHash === sha256) return definition;
  return `its file ${file} was changed since (SHA-256 ${sha256.slice(0, 12)}… then, ${sourceHash.slice(0, 12)}… now)`;
}
