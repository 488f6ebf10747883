/**
 * Bars, what is known of their symbols, and what was found wrong with them.
 *
 * Times are UTC milliseconds. NaN binds as NULL, so NOT NULL refuses it; infinities are numbers to
 * SQLite, so a CHECK refuses them (`9e999` reads as infinity). Whoever writes rows of `market_data`
 * removes the blocks they fall into; for changed and deleted rows the triggers do.
 */
export const MARKET_DATA_SCHEMA = `
CREATE TABLE series (
  id INTEGER NOT NULL PRIMARY KEY,
  exchange TEXT NOT NULL CHECK (exchange <> ''),
  symbol TEXT NOT NULL CHECK (symbol <> ''),
  timeframe TEXT NOT NULL CHECK (timeframe IN
    ('1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '8h', '12h', '1d', '1w')),
  asset_class TEXT NOT NULL CHECK (asset_class IN ('crypto', 'stock')),
  -- Rows of market_data, kept up to date by every write: counting a million takes 50 ms.
  bars INTEGER NOT NULL DEFAULT 0 CHECK (bars >= 0),
  -- Rises with every write that changed a bar.
  revision INTEGER NOT NULL DEFAULT 0 CHECK (revision >= 0),
  UNIQUE (exchange, symbol, timeframe)
) STRICT;

CREATE TABLE market_data (
  series_id INTEGER NOT NULL REFERENCES series (id),
  open_time INTEGER NOT NULL,
  open REAL NOT NULL,
  high REAL NOT NULL,
  low REAL NOT NULL,
  close REAL NOT NULL,
  volume REAL NOT NULL,
  flags INTEGER NOT NULL,
  PRIMARY KEY (series_id, open_time),
  CHECK (low > 0 AND low <= open AND low <= close AND open <= high AND close <= high
    AND high < 9e999),
  CHECK (volume >= 0 AND volume < 9e999),
  CHECK (flags BETWEEN 0 AND 7)
) STRICT, WITHOUT ROWID;

-- A copy of stretches of market_data, for reading them eight times as fast: between first_open and
-- last_open a block holds every row there is. Little-endian doubles, seven a bar.
CREATE TABLE bar_blocks (
  id INTEGER NOT NULL PRIMARY KEY,
  series_id INTEGER NOT NULL REFERENCES series (id),
  first_open INTEGER NOT NULL,
  last_open INTEGER NOT NULL,
  bars INTEGER NOT NULL CHECK (bars > 0),
  data BLOB NOT NULL CHECK (length(data) = bars * 56),
  UNIQUE (series_id, last_open),
  CHECK (first_open <= last_open)
) STRICT;

CREATE TRIGGER market_data_updated AFTER UPDATE ON market_data BEGIN
  DELETE FROM bar_blocks WHERE series_id = OLD.series_id
    AND last_open >= OLD.open_time AND first_open <= OLD.open_time;
  DELETE FROM bar_blocks WHERE series_id = NEW.series_id
    AND last_open >= NEW.open_time AND first_open <= NEW.open_time;
  UPDATE series SET bars = bars - 1 WHERE id = OLD.series_id;
  UPDATE series SET bars = bars + 1 WHERE id = NEW.series_id;
  UPDATE series SET revision = revision + 1 WHERE id IN (OLD.series_id, NEW.series_id);
END;

CREATE TRIGGER market_data_deleted AFTER DELETE ON market_data BEGIN
  DELETE FROM bar_blocks WHERE series_id = OLD.series_id
    AND last_open >= OLD.open_time AND first_open <= OLD.open_time;
  UPDATE series SET bars = bars - 1, revision = revision + 1 WHERE id = OLD.series_id;
END;

CREATE TABLE data_issues (
  id INTEGER NOT NULL PRIMARY KEY,
  series_id INTEGER NOT NULL REFERENCES series (id),
  open_time INTEGER,
  rule TEXT NOT NULL CHECK (rule <> ''),
  detail TEXT NOT NULL,
  quarantined INTEGER NOT NULL CHECK (quarantined IN (0, 1)),
  source TEXT NOT NULL
) STRICT;

-- The same finding of a second import is no second finding; -1 stands for "no time", as NULLs
-- would all differ.
CREATE UNIQUE INDEX data_issues_once
  ON data_issues (series_id, coalesce(open_time, -1), rule, detail);

-- Decimals as text, exact. A row holds from valid_from on.
CREATE TABLE instruments (
  exchange TEXT NOT NULL CHECK (exchange <> ''),
  symbol TEXT NOT NULL CHECK (symbol <> ''),
  valid_from INTEGER NOT NULL,
  asset_class TEXT NOT NULL CHECK (asset_class IN ('crypto', 'stock')),
  quote_currency TEXT NOT NULL CHECK (quote_currency <> ''),
  tick_size TEXT NOT NULL,
  lot_step TEXT NOT NULL,
  min_notional TEXT NOT NULL,
  source TEXT NOT NULL,
  PRIMARY KEY (exchange, symbol, valid_from)
) STRICT, WITHOUT ROWID;
`;
