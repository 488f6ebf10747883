/**
 * What makes data worth trusting: which prices a series holds and when its market trades, what a
 * source has answered for, what it said differently later, what was repaired, and what venues say
 * of their instruments.
 *
 * `series` is rebuilt, since a UNIQUE constraint cannot be altered: with foreign keys off, copied,
 * dropped, the copy renamed (sqlite.org/lang_altertable.html, section 7). Renaming reads every
 * trigger and view, so those that name `series` go first and come back in the end.
 */
export const TRUSTED_DATA_SCHEMA = `
DROP VIEW trade_chain;
DROP TRIGGER market_data_updated;
DROP TRIGGER market_data_deleted;

CREATE TABLE new_series (
  id INTEGER NOT NULL PRIMARY KEY,
  exchange TEXT NOT NULL CHECK (exchange <> ''),
  symbol TEXT NOT NULL CHECK (symbol <> ''),
  timeframe TEXT NOT NULL CHECK (timeframe IN
    ('1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '8h', '12h', '1d', '1w')),
  adjustment TEXT NOT NULL CHECK (adjustment IN ('raw', 'split', 'dividend', 'all')),
  asset_class TEXT NOT NULL CHECK (asset_class IN ('crypto', 'stock')),
  calendar TEXT NOT NULL CHECK (calendar IN ('always', 'us', 'unknown')),
  -- Rows of market_data, kept up to date by every write: counting a million takes 50 ms.
  bars INTEGER NOT NULL DEFAULT 0 CHECK (bars >= 0),
  -- Rises with every write that changed a bar.
  revision INTEGER NOT NULL DEFAULT 0 CHECK (revision >= 0),
  UNIQUE (exchange, symbol, timeframe, adjustment)
) STRICT;

INSERT INTO new_series
SELECT id, exchange, symbol, timeframe, 'raw', asset_class,
  iif(asset_class = 'crypto', 'always', 'us'), bars, revision
FROM series;

DROP TABLE series;
ALTER TABLE new_series RENAME TO series;

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

-- Open times that a source has answered for, from inclusive, to exclusive: what is missing there,
-- the source does not have. The spans of a series neither overlap nor touch.
CREATE TABLE covered_spans (
  series_id INTEGER NOT NULL REFERENCES series (id),
  from_time INTEGER NOT NULL,
  to_time INTEGER NOT NULL,
  PRIMARY KEY (series_id, from_time),
  CHECK (from_time < to_time)
) STRICT, WITHOUT ROWID;

-- Whoever stored bars so far gave all there were from the first to the last.
INSERT INTO covered_spans
SELECT id, first_open, last_open + CASE timeframe
    WHEN '1m' THEN 60000 WHEN '3m' THEN 180000 WHEN '5m' THEN 300000 WHEN '15m' THEN 900000
    WHEN '30m' THEN 1800000 WHEN '1h' THEN 3600000 WHEN '2h' THEN 7200000 WHEN '4h' THEN 14400000
    WHEN '6h' THEN 21600000 WHEN '8h' THEN 28800000 WHEN '12h' THEN 43200000
    WHEN '1d' THEN 86400000 WHEN '1w' THEN 604800000 END
FROM (
  SELECT id, timeframe,
    (SELECT min(open_time) FROM market_data WHERE series_id = id) AS first_open,
    (SELECT max(open_time) FROM market_data WHERE series_id = id) AS last_open
  FROM series
)
WHERE first_open IS NOT NULL;

-- Other values for a stored bar that came later. The stored bar stays as it is, flagged. Its own
-- values are among them where they came again after others.
CREATE TABLE bar_revisions (
  id INTEGER NOT NULL PRIMARY KEY,
  series_id INTEGER NOT NULL REFERENCES series (id),
  open_time INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  open REAL NOT NULL,
  high REAL NOT NULL,
  low REAL NOT NULL,
  close REAL NOT NULL,
  volume REAL NOT NULL,
  source TEXT NOT NULL,
  -- The same values seen again are no second revision; after others, they are the latest again.
  UNIQUE (series_id, open_time, open, high, low, close, volume),
  CHECK (low > 0 AND low <= open AND low <= close AND open <= high AND close <= high
    AND high < 9e999),
  CHECK (volume >= 0 AND volume < 9e999)
) STRICT;

-- A number is never given twice: what somebody noted for undoing must not undo another repair.
CREATE TABLE repair_batches (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  series_id INTEGER NOT NULL REFERENCES series (id),
  method TEXT NOT NULL CHECK (method IN ('refetch', 'flat', 'finer', 'revision')),
  at INTEGER NOT NULL,
  bars INTEGER NOT NULL CHECK (bars > 0),
  source TEXT NOT NULL,
  undone_at INTEGER
) STRICT;

-- What a repair put into market_data, and what stood there before; NULLs where nothing did.
CREATE TABLE repaired_bars (
  batch_id INTEGER NOT NULL REFERENCES repair_batches (id),
  open_time INTEGER NOT NULL,
  old_open REAL,
  old_high REAL,
  old_low REAL,
  old_close REAL,
  old_volume REAL,
  old_flags INTEGER,
  open REAL NOT NULL,
  high REAL NOT NULL,
  low REAL NOT NULL,
  close REAL NOT NULL,
  volume REAL NOT NULL,
  flags INTEGER NOT NULL,
  PRIMARY KEY (batch_id, open_time)
) STRICT, WITHOUT ROWID;

-- Fractions of the traded value, decimals as text. Until a venue is asked, steps are what imported
-- prices suggest.
ALTER TABLE instruments ADD COLUMN maker_fee TEXT;
ALTER TABLE instruments ADD COLUMN taker_fee TEXT
  CHECK ((taker_fee IS NULL) = (maker_fee IS NULL));
ALTER TABLE instruments ADD COLUMN origin TEXT NOT NULL DEFAULT 'inferred'
  CHECK (origin IN ('inferred', 'venue'));

-- Which prices of stocks the run traded on; those of crypto are always raw.
ALTER TABLE runs ADD COLUMN adjustment TEXT NOT NULL DEFAULT 'raw'
  CHECK (adjustment IN ('raw', 'split', 'dividend', 'all'));

-- Every execution walked back: trade, order, approval, request, signal, bar.
CREATE VIEW trade_chain AS
SELECT
  t.run_id, t.trade_id, t.seq AS trade_seq, t.caused_by AS trade_caused_by, t.time AS trade_time,
  t.symbol, t.side, t.quantity, t.price, t.raw_price, t.fee,
  o.order_id, o.role, o.reason AS order_reason, o.state AS order_state, o.position_id,
  o.approved_seq, o.approved_caused_by, o.requested_seq, o.requested_caused_by,
  s.seq AS signal_seq, s.caused_by AS signal_caused_by, s.ts AS signal_ts, s.strategy_id,
  s.intent, s.confidence, s.reason AS signal_reason, s.conditions, s.bar_open_time,
  r.exchange, r.timeframe, c.adjustment,
  m.open AS bar_open, m.high AS bar_high, m.low AS bar_low, m.close AS bar_close,
  m.volume AS bar_volume, m.flags AS bar_flags
FROM trades AS t
JOIN orders AS o ON o.run_id = t.run_id AND o.order_id = t.order_id
JOIN signals AS s ON s.run_id = o.run_id AND s.seq = o.signal_seq
JOIN runs AS r ON r.run_id = t.run_id
LEFT JOIN series AS c
  ON c.exchange = r.exchange AND c.symbol = s.symbol AND c.timeframe = r.timeframe
  AND c.adjustment = iif(c.asset_class = 'crypto', 'raw', r.adjustment)
LEFT JOIN market_data AS m ON m.series_id = c.id AND m.open_time = s.bar_open_time;
`;
