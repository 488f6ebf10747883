/**
 * What a run leaves behind that outlives its processes: sessions, the engine's state, whose account
 * it is about, orders and executions at an exchange; fees in other currencies, and what operators
 * and surroundings did to trading.
 *
 * `risk_events` is rebuilt, since a CHECK cannot be altered.
 */
export const LIVE_SCHEMA = `
-- Whose money this file is about, for ever. At most one row.
CREATE TABLE database_owner (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  mode TEXT NOT NULL CHECK (mode <> ''),
  exchange TEXT NOT NULL CHECK (exchange <> ''),
  -- NULL for a simulated account.
  account TEXT CHECK (account <> '')
) STRICT;

-- Made once, at random, for a run that outlives its processes; NULL for any other.
ALTER TABLE runs ADD COLUMN nonce TEXT CHECK (nonce <> '');

-- One process's share of a run.
CREATE TABLE sessions (
  run_id TEXT NOT NULL REFERENCES runs (run_id),
  number INTEGER NOT NULL CHECK (number > 0),
  started_at INTEGER NOT NULL,
  config TEXT NOT NULL,
  config_hash TEXT NOT NULL,
  version TEXT NOT NULL,
  first_seq INTEGER NOT NULL CHECK (first_seq > 0),
  -- What the engine began it with; NULL when fresh.
  start_state TEXT CHECK (start_state IS NULL OR json_valid(start_state)),
  -- The bars that strategies were warmed up with; NULL until it is known.
  warm_up TEXT CHECK (warm_up IS NULL OR json_valid(warm_up)),
  -- NULL while it runs, and for ever where its process died.
  ended_at INTEGER,
  outcome TEXT,
  PRIMARY KEY (run_id, number),
  CHECK ((ended_at IS NULL) = (outcome IS NULL))
) STRICT;

-- The engine after the last event of the journal. The hash is over run, number, time, that event's
-- hash and the state.
CREATE TABLE engine_state (
  run_id TEXT NOT NULL PRIMARY KEY REFERENCES runs (run_id),
  seq INTEGER NOT NULL CHECK (seq > 0),
  saved_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  sha256 TEXT NOT NULL
) STRICT;

-- Orders on their way through an exchange, committed before they are sent.
CREATE TABLE venue_orders (
  number INTEGER NOT NULL PRIMARY KEY,
  client_id TEXT NOT NULL UNIQUE CHECK (client_id <> ''),
  run_id TEXT NOT NULL,
  order_id TEXT NOT NULL,
  symbol TEXT NOT NULL,
  stage TEXT NOT NULL CHECK (stage = 'intended' OR stage = 'acknowledged' OR stage = 'unknown'
    OR stage = 'over'),
  venue_id TEXT,
  intended_at INTEGER NOT NULL,
  detail TEXT NOT NULL CHECK (json_valid(detail)),
  FOREIGN KEY (run_id, order_id) REFERENCES orders (run_id, order_id)
) STRICT;

CREATE INDEX venue_orders_by_venue_id ON venue_orders (venue_id) WHERE venue_id IS NOT NULL;
CREATE INDEX venue_orders_unfinished ON venue_orders (run_id) WHERE stage <> 'over';

-- Executions that were booked: none of them is ever booked again, in whatever run.
CREATE TABLE venue_trades (
  number INTEGER NOT NULL PRIMARY KEY,
  exchange TEXT NOT NULL,
  -- '' for a simulated account: NULLs would all differ.
  account TEXT NOT NULL,
  symbol TEXT NOT NULL,
  venue_trade_id TEXT NOT NULL CHECK (venue_trade_id <> ''),
  run_id TEXT NOT NULL,
  trade_id TEXT NOT NULL,
  order_id TEXT NOT NULL,
  time INTEGER NOT NULL,
  detail TEXT NOT NULL CHECK (json_valid(detail)),
  UNIQUE (exchange, account, symbol, venue_trade_id),
  FOREIGN KEY (run_id, order_id) REFERENCES orders (run_id, order_id)
) STRICT;

CREATE INDEX venue_trades_of_order ON venue_trades (run_id, order_id);

-- How a fee was taken that was not taken from the quote currency; all three NULL where it was.
ALTER TABLE trades ADD COLUMN fee_from TEXT CHECK (fee_from IN ('base', 'other'));
ALTER TABLE trades ADD COLUMN fee_currency TEXT
  CHECK ((fee_currency IS NULL) = (fee_from IS NULL));
ALTER TABLE trades ADD COLUMN fee_amount TEXT CHECK ((fee_amount IS NULL) = (fee_from IS NULL));
-- The venue had not said what the fee is, and has not said it since.
ALTER TABLE trades ADD COLUMN is_provisional INTEGER NOT NULL DEFAULT 0
  CHECK (is_provisional IN (0, 1));

-- 'commanded': an operator's act is the check. 'closed' and 'opened': a gate is. 'differed': what
-- the exchange's account shows and the books do not explain.
CREATE TABLE new_risk_events (
  run_id TEXT NOT NULL REFERENCES runs (run_id),
  seq INTEGER NOT NULL CHECK (seq > 0),
  ts INTEGER NOT NULL,
  caused_by INTEGER,
  kind TEXT NOT NULL CHECK (kind = 'refused' OR kind = 'halted' OR kind = 'resumed'
    OR kind = 'warned' OR kind = 'commanded' OR kind = 'closed' OR kind = 'opened'
    OR kind = 'differed'),
  -- NULL where all symbols are concerned, and for kinds that concern none.
  symbol TEXT,
  order_id TEXT,
  layer TEXT CHECK (layer = 'order' OR layer = 'position' OR layer = 'symbol' OR layer = 'portfolio'
    OR layer = 'system'),
  check_name TEXT NOT NULL,
  -- NULL where the number was NaN, which is itself a reason to refuse, or where there is none.
  limit_value REAL,
  actual_value REAL,
  on_breach TEXT CHECK (on_breach IN ('halt', 'flatten')),
  message TEXT NOT NULL,
  PRIMARY KEY (run_id, seq),
  FOREIGN KEY (run_id, order_id) REFERENCES orders (run_id, order_id),
  CHECK ((kind = 'refused') = (order_id IS NOT NULL AND layer IS NOT NULL))
) STRICT, WITHOUT ROWID;

INSERT INTO new_risk_events (run_id, seq, ts, caused_by, kind, order_id, layer, check_name,
  limit_value, actual_value, on_breach, message)
SELECT run_id, seq, ts, caused_by, kind, order_id, layer, check_name, limit_value, actual_value,
  on_breach, message
FROM risk_events;

DROP TABLE risk_events;
ALTER TABLE new_risk_events RENAME TO risk_events;
`;
