import { openDatabase } from '../../../src/adapters/sqlite/database.ts';
import type { CollectReport } from '../../../src/app/collect-report.ts';
import { HOUR_MS, type EpochMs } from '../../../src/core/time.ts';
import type { CandleMarket } from '../../support/exchanges/candle-market.ts';
import type { LoopbackServer } from '../../support/exchanges/loopback-server.ts';
import { DATABASE, type Outcome, type UserDirectory } from '../cli/command-line.ts';

/** Half past twelve: the bar of noon still forms. */
export const NOW: EpochMs = Date.UTC(2024, 5, 1, 12, 30);

/** The words of `collect` that send it to a server on this machine, patient for no fault. */
export function collectWords(
  server: LoopbackServer,
  words: readonly string[] = [],
  exchange = 'coinbase',
): readonly string[] {
  return ['collect', '--set', `data.endpoints.${exchange}=${server.url}`, ...words];
}

/** What `collect --json` printed. */
export function reportOf({ stdout }: Pick<Outcome, 'stdout'>): CollectReport {
  return JSON.parse(stdout) as CollectReport;
}

type Row = Readonly<Record<string, unknown>>;

interface StoredRows {
  readonly bars: readonly Row[];
  readonly issues: readonly Row[];
  readonly spans: readonly Row[];
}

/** What a run leaves behind, row for row, in an order that does not depend on when it was written. */
export function storedRows(directory: UserDirectory): StoredRows {
  const database = openDatabase(directory.at(DATABASE), { readonly: true });
  const rows = (sql: string) => database.prepare<[], Row>(sql).all();
  const series = 's.exchange, s.symbol, s.timeframe, s.adjustment';
  try {
    return {
      bars: rows(
        `SELECT ${series}, m.open_time, m.open, m.high, m.low, m.close, m.volume, m.flags
         FROM market_data AS m JOIN series AS s ON s.id = m.series_id
         ORDER BY ${series}, m.open_time`,
      ),
      issues: rows(
        `SELECT ${series}, i.open_time, i.rule, i.detail, i.quarantined, i.source
         FROM data_issues AS i JOIN series AS s ON s.id = i.series_id
         ORDER BY ${series}, i.open_time, i.rule, i.detail`,
      ),
      spans: rows(
        `SELECT ${series}, c.from_time, c.to_time
         FROM covered_spans AS c JOIN series AS s ON s.id = c.series_id
         ORDER BY ${series}, c.from_time`,
      ),
    };
  } finally {
    database.close();
  }
}

/**
 * Puts something wrong into every stretch of 500 hours, always at the same candles whatever is asked
 * for: prices that jump, fields that are missing, nonsense.
 */
export function spoil(market: CandleMarket, symbol: string, from: EpochMs, hours: number): void {
  const wrongs = [
    { high: 200_000, close: 150_000 },
    { close: 'NaN' },
    { low: 999_999 },
    { volume: -1 },
    { low: 1_000 },
  ];
  for (let hour = 137; hour < hours; hour += 100) {
    const wrong = wrongs[Math.floor(hour / 100) % wrongs.length] ?? {};
    market.revise(symbol, '1h', from + hour * HOUR_MS, wrong);
  }
}
