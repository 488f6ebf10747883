/**
 * Runs and everything that happened in them. Money and quantities are decimals as text, exact;
 * prices seen by strategies, marks and statistics are doubles. Times are UTC milliseconds. Every
 * row that stems from an event carries the event's number and the number of its cause.
 *
 * Closed sets of more than two words are chains of OR: for each row that IN checks SQLite builds a
 * table of the words, which takes half as long again as writing the row.
 */
export const RUNS_SCHEMA = `
CREATE TABLE runs (
  number INTEGER NOT NULL PRIMARY KEY,
  run_id TEXT NOT NULL UNIQUE,
  mode TEXT NOT NULL CHECK (mode <> ''),
  exchange TEXT NOT NULL,
  symbols TEXT NOT NULL CHECK (json_valid(symbols)),
  timeframe TEXT NOT NULL,
  start_time INTEGER,
  end_time INTEGER,
  initial_capital TEXT NOT NULL,
  currency TEXT NOT NULL,
  config TEXT NOT NULL,
  config_hash TEXT NOT NULL,
  version TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  -- A run whose process died stays 'running', without finished_at.
  status TEXT NOT NULL CHECK (status = 'running' OR status = 'completed' OR status = 'interrupted'
    OR status = 'failed'),
  finished_at INTEGER,
  result_hash TEXT,
  data_fingerprint TEXT,
  bars INTEGER NOT NULL DEFAULT 0 CHECK (bars >= 0),
  final_equity REAL,
  report TEXT,
  error TEXT,
  CHECK ((status = 'running') = (finished_at IS NULL))
) STRICT;

CREATE TABLE strategies (
  run_id TEXT NOT NULL REFERENCES runs (run_id),
  strategy_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  params TEXT NOT NULL CHECK (json_valid(params)),
  PRIMARY KEY (run_id, strategy_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE signals (
  run_id TEXT NOT NULL REFERENCES runs (run_id),
  seq INTEGER NOT NULL CHECK (seq > 0),
  ts INTEGER NOT NULL,
  caused_by INTEGER,
  strategy_id TEXT NOT NULL,
  symbol TEXT NOT NULL,
  -- With the run's exchange and timeframe this leads to the bar in market_data.
  bar_open_time INTEGER NOT NULL,
  intent TEXT NOT NULL CHECK (intent IN ('enter', 'exit')),
  side TEXT CHECK (side IN ('buy', 'sell')),
  confidence REAL CHECK (confidence > 0 AND confidence <= 1),
  price REAL NOT NULL CHECK (price > 0 AND price < 9e999),
  reason TEXT NOT NULL,
  conditions TEXT NOT NULL,
  -- 'pending' only where the run ended before the portfolio answered.
  outcome TEXT NOT NULL CHECK (outcome = 'pending' OR outcome = 'ordered' OR outcome = 'position-open'
    OR outcome = 'order-pending' OR outcome = 'no-position'
    OR outcome = 'shorting-disabled' OR outcome = 'no-cash'
    OR outcome = 'below-minimum'),
  PRIMARY KEY (run_id, seq),
  CHECK ((intent = 'enter') = (side IS NOT NULL AND confidence IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE positions (
  run_id TEXT NOT NULL REFERENCES runs (run_id),
  position_id TEXT NOT NULL,
  strategy_id TEXT NOT NULL,
  symbol TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('long', 'short')),
  state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
  quantity TEXT NOT NULL,
  entered TEXT NOT NULL,
  entry_price TEXT NOT NULL,
  exit_price TEXT,
  gross_pnl TEXT NOT NULL,
  fees TEXT NOT NULL,
  slippage TEXT NOT NULL,
  entry_time INTEGER NOT NULL,
  exit_time INTEGER,
  exit_reason TEXT,
  -- The event that led to this state, and its cause.
  updated_seq INTEGER NOT NULL CHECK (updated_seq > 0),
  updated_caused_by INTEGER,
  PRIMARY KEY (run_id, position_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE orders (
  run_id TEXT NOT NULL,
  order_id TEXT NOT NULL,
  strategy_id TEXT NOT NULL,
  symbol TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
  role TEXT NOT NULL CHECK (role = 'entry' OR role = 'exit' OR role = 'stop-loss' OR role = 'take-profit'),
  type TEXT NOT NULL,
  quantity TEXT NOT NULL,
  limit_price TEXT,
  stop_price TEXT,
  time_in_force TEXT NOT NULL,
  reference_price REAL NOT NULL,
  reason TEXT NOT NULL,
  signal_seq INTEGER NOT NULL,
  -- NULL while the order has opened nothing: refused, cancelled or still unfilled entries.
  position_id TEXT,
  group_id TEXT,
  requested_seq INTEGER NOT NULL CHECK (requested_seq > 0),
  requested_ts INTEGER NOT NULL,
  requested_caused_by INTEGER,
  -- NULL when risk refused the order.
  approved_seq INTEGER,
  approved_caused_by INTEGER,
  state TEXT NOT NULL CHECK (state = 'created' OR state = 'approved' OR state = 'submitted'
    OR state = 'accepted' OR state = 'partially_filled' OR state = 'filled'
    OR state = 'canceled' OR state = 'expired' OR state = 'rejected'
    OR state = 'unknown'),
  state_reason TEXT,
  -- The event that led to this state, and its cause.
  state_seq INTEGER NOT NULL,
  state_caused_by INTEGER,
  PRIMARY KEY (run_id, order_id),
  FOREIGN KEY (run_id, signal_seq) REFERENCES signals (run_id, seq),
  FOREIGN KEY (run_id, position_id) REFERENCES positions (run_id, position_id)
) STRICT, WITHOUT ROWID;

-- One row an execution.
CREATE TABLE trades (
  run_id TEXT NOT NULL,
  trade_id TEXT NOT NULL,
  order_id TEXT NOT NULL,
  seq INTEGER NOT NULL CHECK (seq > 0),
  ts INTEGER NOT NULL,
  caused_by INTEGER,
  time INTEGER NOT NULL,
  symbol TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
  quantity TEXT NOT NULL,
  price TEXT NOT NULL,
  raw_price TEXT NOT NULL,
  fee TEXT NOT NULL,
  liquidity TEXT NOT NULL CHECK (liquidity IN ('maker', 'taker')),
  PRIMARY KEY (run_id, trade_id),
  FOREIGN KEY (run_id, order_id) REFERENCES orders (run_id, order_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE risk_events (
  run_id TEXT NOT NULL REFERENCES runs (run_id),
  seq INTEGER NOT NULL CHECK (seq > 0),
  ts INTEGER NOT NULL,
  caused_by INTEGER,
  kind TEXT NOT NULL CHECK (kind = 'refused' OR kind = 'halted' OR kind = 'resumed'),
  order_id TEXT,
  layer TEXT CHECK (layer = 'order' OR layer = 'position' OR layer = 'symbol' OR layer = 'portfolio'
    OR layer = 'system'),
  check_name TEXT NOT NULL,
  -- NULL where the number was NaN, which is itself a reason to refuse.
  limit_value REAL,
  actual_value REAL,
  on_breach TEXT CHECK (on_breach IN ('halt', 'flatten')),
  message TEXT NOT NULL,
  PRIMARY KEY (run_id, seq),
  FOREIGN KEY (run_id, order_id) REFERENCES orders (run_id, order_id),
  CHECK ((kind = 'refused') = (order_id IS NOT NULL AND layer IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE equity (
  run_id TEXT NOT NULL REFERENCES runs (run_id),
  time INTEGER NOT NULL,
  equity REAL NOT NULL,
  cash REAL NOT NULL,
  exposure REAL NOT NULL,
  drawdown REAL NOT NULL,
  PRIMARY KEY (run_id, time)
) STRICT, WITHOUT ROWID;

CREATE TABLE performance_metrics (
  run_id TEXT NOT NULL REFERENCES runs (run_id),
  name TEXT NOT NULL,
  -- NULL where the metric is undefined.
  value REAL,
  PRIMARY KEY (run_id, name)
) STRICT, WITHOUT ROWID;

-- Journal of runs that must survive their process; hash chains each row to the one before.
CREATE TABLE events (
  run_id TEXT NOT NULL REFERENCES runs (run_id),
  seq INTEGER NOT NULL CHECK (seq > 0),
  ts INTEGER NOT NULL,
  type TEXT NOT NULL,
  caused_by INTEGER,
  payload TEXT NOT NULL CHECK (json_valid(payload)),
  hash TEXT NOT NULL,
  PRIMARY KEY (run_id, seq)
) STRICT, WITHOUT ROWID;

-- Every execution walked back: trade, order, approval, request, signal, bar.
CREATE VIEW trade_chain AS
SELECT
  t.run_id, t.trade_id, t.seq AS trade_seq, t.caused_by AS trade_caused_by, t.time AS trade_time,
  t.symbol, t.side, t.quantity, t.price, t.raw_price, t.fee,
  o.order_id, o.role, o.reason AS order_reason, o.state AS order_state, o.position_id,
  o.approved_seq, o.approved_caused_by, o.requested_seq, o.requested_caused_by,
  s.seq AS signal_seq, s.caused_by AS signal_caused_by, s.ts AS signal_ts, s.strategy_id,
  s.intent, s.confidence, s.reason AS signal_reason, s.conditions, s.bar_open_time,
  r.exchange, r.timeframe,
  m.open AS bar_open, m.high AS bar_high, m.low AS bar_low, m.close AS bar_close,
  m.volume AS bar_volume, m.flags AS bar_flags
FROM trades AS t
JOIN orders AS o ON o.run_id = t.run_id AND o.order_id = t.order_id
JOIN signals AS s ON s.run_id = o.run_id AND s.seq = o.signal_seq
JOIN runs AS r ON r.run_id = t.run_id
LEFT JOIN series AS c
  ON c.exchange = r.exchange AND c.symbol = s.symbol AND c.timeframe = r.timeframe
LEFT JOIN market_data AS m ON m.series_id = c.id AND m.open_time = s.bar_open_time;
`;
