import { DataError } from '../../core/errors.ts';
import type { Adjustment, AssetClass } from '../../core/instrument.ts';
import { TIMEFRAMES, type EpochMs, type Timeframe } from '../../core/time.ts';
import type { CalendarId } from '../../core/trading-calendar.ts';
import type { Series, SeriesKey, SeriesWrite } from '../../ports/bar-store.ts';
import type { Database } from './connection.ts';

interface SeriesRow {
  readonly id: number;
  readonly exchange: string;
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly adjustment: Adjustment;
  readonly asset_class: AssetClass;
  readonly calendar: CalendarId;
  readonly bars: number;
  readonly first_open: EpochMs | null;
  readonly last_open: EpochMs | null;
}

const SERIES_WITH_EXTENT = `
  SELECT id, exchange, symbol, timeframe, adjustment, asset_class, calendar, bars,
    (SELECT min(open_time) FROM market_data WHERE series_id = id) AS first_open,
    (SELECT max(open_time) FROM market_data WHERE series_id = id) AS last_open
  FROM series
`;

/** By the length of a bar, not by its name: 15m, 1h, 1d. */
const SHORTEST_FIRST = `instr(' ${TIMEFRAMES.join(' ')} ', ' ' || timeframe || ' ')`;

/** What series there are, and what each is made of. */
export class SeriesTable {
  readonly #all;
  readonly #one;
  readonly #add;
  readonly #learnCalendar;

  constructor(database: Database) {
    this.#all = database.prepare<[], SeriesRow>(
      `${SERIES_WITH_EXTENT} ORDER BY exchange, symbol, ${SHORTEST_FIRST}, adjustment`,
    );
    this.#one = database.prepare<[string, string, string, string], SeriesRow>(
      SERIES_WITH_EXTENT + 'WHERE exchange = ? AND symbol = ? AND timeframe = ? AND adjustment = ?',
    );
    this.#add = database.prepare<[string, string, string, string, string, string]>(
      `INSERT INTO series (exchange, symbol, timeframe, adjustment, asset_class, calendar)
       VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    this.#learnCalendar = database.prepare<[string, number]>(
      'UPDATE series SET calendar = ? WHERE id = ?',
    );
  }

  all(): readonly Series[] {
    return this.#all.all().map(seriesOf);
  }

  find({ exchange, symbol, timeframe, adjustment }: SeriesKey): Series | null {
    const row = this.#one.get(exchange, symbol, timeframe, adjustment);
    return row === undefined ? null : seriesOf(row);
  }

  /**
   * The id of a series, which is made if need be; a calendar that was unknown is learned. Throws a
   * `DataError` where the series is stored as of another asset class.
   */
  idOf({ key, assetClass, calendar }: SeriesWrite): number {
    const { exchange, symbol, timeframe, adjustment } = key;
    this.#add.run(exchange, symbol, timeframe, adjustment, assetClass, calendar);
    const series = this.find(key);
    if (series?.assetClass !== assetClass) {
      throw new DataError(
        `series ${exchange} ${symbol} ${timeframe}: asset class ` +
          `"${series?.assetClass}" was expected, was "${assetClass}"; import it as what it is stored as`,
      );
    }
    if (series.calendar === 'unknown') this.#learnCalendar.run(calendar, series.id);
    return series.id;
  }
}

function seriesOf(row: SeriesRow): Series {
  return {
    id: row.id,
    exchange: row.exchange,
    symbol: row.symbol,
    timeframe: row.timeframe,
    adjustment: row.adjustment,
    assetClass: row.asset_class,
    calendar: row.calendar,
    bars: row.bars,
    firstOpen: row.first_open,
    lastOpen: row.last_open,
  };
}
