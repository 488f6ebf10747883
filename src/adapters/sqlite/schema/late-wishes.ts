/**
 * Wishes that came to nothing because the order they were to replace ended too late.
 *
 * `signals` is rebuilt, since a CHECK cannot be altered; the view on it is made again as it was.
 */
export const LATE_WISHES_SCHEMA = `
DROP VIEW trade_chain;

CREATE TABLE new_signals (
  run_id TEXT NOT NULL REFERENCES runs (run_id),
  seq INTEGER NOT NULL CHECK (seq > 0),
  ts INTEGER NOT NULL,
  caused_by INTEGER,
  strategy_id TEXT NOT NULL,
  symbol TEXT NOT NULL,
  -- With the run's exchange and timeframe this leads to the bar in market_data.
  bar_open_time INTEGER NOT NULL,
  intent TEXT NOT NULL CHECK (intent = 'enter' OR intent = 'exit' OR intent = 'cancel'
    OR intent = 'replace' OR intent = 'protect'),
  side TEXT CHECK (side IN ('buy', 'sell')),
  confidence REAL CHECK (confidence > 0 AND confidence <= 1),
  price REAL NOT NULL CHECK (price > 0 AND price < 9e999),
  reason TEXT NOT NULL,
  conditions TEXT NOT NULL,
  -- What was wished beyond that: terms, order, changes or levels, as far as the intent has them.
  wish TEXT NOT NULL CHECK (json_valid(wish)),
  -- 'pending' only where the run ended before the portfolio answered; 'done' is for wishes that ask
  -- for no order of their own.
  outcome TEXT NOT NULL CHECK (outcome = 'pending' OR outcome = 'ordered' OR outcome = 'done'
    OR outcome = 'position-open' OR outcome = 'order-pending' OR outcome = 'no-position'
    OR outcome = 'shorting-disabled' OR outcome = 'no-cash' OR outcome = 'below-minimum'
    OR outcome = 'order-final' OR outcome = 'wrong-side-protection' OR outcome = 'too-late'),
  PRIMARY KEY (run_id, seq),
  CHECK ((intent = 'enter') = (side IS NOT NULL AND confidence IS NOT NULL))
) STRICT, WITHOUT ROWID;

INSERT INTO new_signals
SELECT run_id, seq, ts, caused_by, strategy_id, symbol, bar_open_time, intent, side, confidence,
  price, reason, conditions, wish, outcome
FROM signals;

DROP TABLE signals;
ALTER TABLE new_signals RENAME TO signals;

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
