import type { Database } from '../../../src/adapters/sqlite/database.ts';
import {
  explainRun,
  type ExplainRequest,
  type RunExplanation,
  type StrategyExplanation,
} from '../../../src/app/explain-run.ts';
import type { EpochMs } from '../../../src/core/time.ts';

/** `quantsage explain last` on that database, as a value. */
export function explainLast(
  file: string,
  request: Partial<ExplainRequest> & { readonly at: EpochMs },
): Promise<RunExplanation> {
  const options = {
    configFiles: [],
    settings: [],
    databasePath: file,
    environment: {
      overrides: {},
      noColor: true,
      secret: () => null,
      redact: (text: string) => text,
    },
    verbose: false,
    log: () => undefined,
  };
  return explainRun(options, { run: 'last', symbol: null, strategy: null, ...request });
}

/** What the run's one strategy is told to have done about one symbol. */
export async function explainOne(
  file: string,
  at: EpochMs,
  symbol: string,
): Promise<StrategyExplanation> {
  const { strategies } = await explainLast(file, { at, symbol });
  const [told] = strategies;
  if (told === undefined || strategies.length !== 1) {
    throw new Error(`one explanation was expected, was ${strategies.length}`);
  }
  return told;
}

interface StoredBar {
  readonly openTime: EpochMs;
  readonly close: number;
  readonly volume: number;
}

/** All stored bars of a symbol, ascending. */
export function storedBars(database: Database, symbol: string): readonly StoredBar[] {
  return database
    .prepare<[string], StoredBar>(
      `SELECT open_time AS openTime, close, volume FROM market_data
       WHERE series_id = (SELECT id FROM series WHERE symbol = ? AND timeframe = '1h')
       ORDER BY open_time`,
    )
    .all(symbol);
}
