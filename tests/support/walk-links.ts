/** One link of the way from a fill back to its bar: what must hold, and how to break it. */
export interface WalkLink {
  /** Completes "every trade …". */
  readonly fact: string;
  /** Which trades this is about, in SQL over `walk`. */
  readonly about: string;
  /** What must be true of them, in SQL over `walk`. */
  readonly holds: string;
  /** Spoils one record, given `:run` and the trade's `:trade`, so that the fact no longer holds. */
  readonly spoil: string;
}

const ORDER_OF_TRADE = `run_id = :run AND order_id =
  (SELECT order_id FROM trades WHERE run_id = :run AND trade_id = :trade)`;
const SIGNAL_OF_TRADE = `run_id = :run AND seq =
  (SELECT signal_seq FROM orders WHERE ${ORDER_OF_TRADE})`;
const BARS_OF_TRADE = `open_time = (SELECT bar_open_time FROM signals WHERE ${SIGNAL_OF_TRADE})`;
const TRADE = 'run_id = :run AND trade_id = :trade';
const ANY = 'TRUE';
const ENTRY = `role = 'entry'`;
const MARKET_EXIT = `role = 'exit'`;
const PROTECTIVE = `role IN ('stop-loss', 'take-profit')`;
const HOUR = 3_600_000;

/**
 * Every trade with all it leads back to, as columns; NULL where a link is missing. Written from the
 * tables, not from the view that the program offers for it.
 */
export const WALK = `WITH walk AS (
  SELECT t.run_id, t.trade_id, t.seq, t.ts, t.caused_by, t.time, t.side,
    CAST(t.raw_price AS REAL) AS raw_price,
    o.order_id, o.role, o.type, o.side AS order_side, o.reason, o.position_id, o.reference_price,
    o.requested_seq, o.requested_caused_by, o.approved_seq, o.approved_caused_by,
    s.seq AS signal_seq, s.ts AS signal_ts, s.caused_by AS signal_caused_by, s.intent,
    s.side AS signal_side, s.price, s.bar_open_time, s.conditions, s.outcome,
    m.series_id, m.open, m.close, m.volume,
    f.open AS fill_open, f.low AS fill_low, f.high AS fill_high
  FROM trades AS t
  JOIN runs AS r ON r.run_id = t.run_id
  LEFT JOIN orders AS o ON o.run_id = t.run_id AND o.order_id = t.order_id AND o.symbol = t.symbol
  LEFT JOIN signals AS s ON s.run_id = o.run_id AND s.seq = o.signal_seq AND s.symbol = o.symbol
    AND s.strategy_id = o.strategy_id
  LEFT JOIN series AS c
    ON c.exchange = r.exchange AND c.symbol = s.symbol AND c.timeframe = r.timeframe
  LEFT JOIN market_data AS m ON m.series_id = c.id AND m.open_time = s.bar_open_time
  -- What is closed at the end is dated with the last close, and fills in the bar before it.
  LEFT JOIN market_data AS f ON f.series_id = c.id
    AND f.open_time = iif(o.reason = 'end of data', t.time - ${HOUR}, t.time)
  WHERE t.run_id = :run
)`;

/** Volumes and closes of the last twenty bars up to the signal's own. */
const WINDOW = (value: string) => `(SELECT ${value} FROM (SELECT close, volume FROM market_data
  WHERE series_id = walk.series_id AND open_time <= walk.bar_open_time
  ORDER BY open_time DESC LIMIT 20))`;
const MEAN = WINDOW('avg(close)');
const SIGMA = WINDOW(`sqrt(avg((close - ${MEAN}) * (close - ${MEAN})))`);

const number = (field: string) => `json_extract(condition.value, '$.${field}')`;
const RE_EVALUATED = `CASE ${number('comparison')}
  WHEN '<' THEN ${number('value')} < ${number('threshold')}
  WHEN '<=' THEN ${number('value')} <= ${number('threshold')}
  WHEN '>' THEN ${number('value')} > ${number('threshold')}
  WHEN '>=' THEN ${number('value')} >= ${number('threshold')} END`;

/** True where every condition of that name has that property; a trade without it is passed over. */
const each = (name: string, property: string) => `NOT EXISTS (
  SELECT 1 FROM json_each(conditions) AS condition
  WHERE ${number('name')} LIKE '${name}' AND (${property}) IS NOT TRUE)`;
const near = (one: string, other: string) => `abs((${one}) / (${other}) - 1) <= 1e-9`;

const bend = (field: string, change: string) => `UPDATE signals SET conditions = json_set(
  conditions, '$[0].${field}', ${change}) WHERE ${SIGNAL_OF_TRADE}`;

export const LINKS: readonly WalkLink[] = [
  {
    fact: 'leads to an order, a signal and a stored bar',
    about: ANY,
    holds: 'order_id IS NOT NULL AND signal_seq IS NOT NULL AND series_id IS NOT NULL',
    spoil: `UPDATE signals SET bar_open_time = bar_open_time + 1 WHERE ${SIGNAL_OF_TRADE}`,
  },
  {
    fact: 'came after approval, request and signal, in this order',
    about: ANY,
    holds: 'signal_seq < requested_seq AND requested_seq < approved_seq AND approved_seq < seq',
    spoil: `UPDATE trades SET seq = 1 WHERE ${TRADE}`,
  },
  {
    fact: 'was caused after its order was approved',
    about: ANY,
    holds: 'approved_seq <= caused_by AND caused_by < seq',
    spoil: `UPDATE trades SET caused_by = 1 WHERE ${TRADE}`,
  },
  {
    fact: 'belongs to an order whose approval answers its request',
    about: ANY,
    holds: 'approved_caused_by = requested_seq',
    spoil: `UPDATE orders SET approved_caused_by = requested_seq - 1 WHERE ${ORDER_OF_TRADE}`,
  },
  {
    fact: 'is on the side of its order',
    about: ANY,
    holds: 'side = order_side',
    spoil: `UPDATE trades SET side = iif(side = 'buy', 'sell', 'buy') WHERE ${TRADE}`,
  },
  {
    fact: 'of an entry answers a signal to enter on that side, at the signal’s price',
    about: ENTRY,
    holds: `requested_caused_by = signal_seq AND intent = 'enter' AND signal_side = side
      AND reference_price = price AND outcome = 'ordered'`,
    spoil: `UPDATE orders SET requested_caused_by = signal_seq + 1 WHERE ${ORDER_OF_TRADE}`,
  },
  {
    fact: 'of a protective order answers a fill of the position’s entry',
    about: PROTECTIVE,
    holds: `EXISTS (SELECT 1 FROM trades AS e
        JOIN orders AS n ON n.run_id = e.run_id AND n.order_id = e.order_id
        WHERE e.run_id = walk.run_id AND e.seq = walk.requested_caused_by AND n.role = 'entry'
          AND n.position_id = walk.position_id AND n.signal_seq = walk.signal_seq)`,
    spoil: `UPDATE orders SET requested_caused_by = requested_caused_by - 1 WHERE ${ORDER_OF_TRADE}`,
  },
  {
    fact: 'of an exit at the market answers its signal, or the end of the data',
    about: MARKET_EXIT,
    holds: `requested_caused_by = signal_seq AND reason <> 'end of data'
      OR requested_caused_by IS NULL AND reason = 'end of data'`,
    spoil: `UPDATE orders SET requested_caused_by = signal_seq + 1 WHERE ${ORDER_OF_TRADE}`,
  },
  {
    fact: 'stems from a signal raised at the close of its bar, and caused',
    about: ANY,
    holds: `signal_caused_by < signal_seq AND signal_ts = bar_open_time + ${HOUR}`,
    spoil: `UPDATE signals SET ts = ts + 1 WHERE ${SIGNAL_OF_TRADE}`,
  },
  {
    fact: 'stems from a signal at the close of the stored bar',
    about: ANY,
    holds: 'price = close',
    spoil: `UPDATE signals SET price = price + 0.01 WHERE ${SIGNAL_OF_TRADE}`,
  },
  {
    fact: 'at the market happened in a bar after the signal’s, at the open',
    about: `type = 'market' AND reason <> 'end of data'`,
    holds: `time > bar_open_time AND raw_price = fill_open`,
    spoil: `UPDATE trades SET raw_price = raw_price + 1 WHERE ${TRADE}`,
  },
  {
    fact: 'happened at a price its bar traded at',
    about: ANY,
    holds: `fill_low <= raw_price AND raw_price <= fill_high AND
      ts = iif(reason = 'end of data', time, time + ${HOUR})`,
    spoil: `UPDATE trades SET raw_price = raw_price * 2 WHERE ${TRADE}`,
  },
  {
    fact: 'stems from conditions that hold again with their numbers',
    about: ANY,
    holds: `json_array_length(conditions) >= 1 AND ${each('%', `${number('holds')} AND ${RE_EVALUATED}`)}`,
    spoil: bend(
      'value',
      `json_extract(conditions, '$[0].threshold')
      + iif(json_extract(conditions, '$[0].comparison') LIKE '<%', 1, -1)`,
    ),
  },
  {
    fact: 'of an entry stems from four conditions',
    about: ENTRY,
    holds: 'json_array_length(conditions) = 4',
    spoil: `UPDATE signals SET conditions = json_remove(conditions, '$[0]') WHERE ${SIGNAL_OF_TRADE}`,
  },
  {
    fact: 'was decided on the close of the stored bar, where a condition is about it',
    about: `conditions LIKE '%"close_%'`,
    holds: each('close_%', `${number('value')} = close`),
    spoil: `UPDATE market_data SET close = low + 0.123 * (high - low) WHERE ${BARS_OF_TRADE}`,
  },
  {
    fact: 'of an entry was decided on the volume of the stored bar',
    about: ENTRY,
    holds: each('volume_%', `${number('value')} = volume`),
    spoil: `UPDATE market_data SET volume = volume + 1 WHERE ${BARS_OF_TRADE}`,
  },
];

/** Thresholds worked out again from the stored bars, for the conditions of mean reversion. */
export const MEAN_REVERSION_NUMBERS: readonly WalkLink[] = [
  {
    fact: 'met a volume of 1.2 times the mean of twenty bars',
    about: ENTRY,
    holds: each('volume_above_mean', near(number('threshold'), `1.2 * ${WINDOW('avg(volume)')}`)),
    spoil: `UPDATE signals SET conditions = json_set(conditions, '$[3].threshold', 1)
      WHERE ${SIGNAL_OF_TRADE}`,
  },
  {
    fact: 'was bought below the band of two deviations under the mean of twenty bars',
    about: ENTRY,
    holds: each('close_below_lower_band', near(number('threshold'), `${MEAN} - 2 * ${SIGMA}`)),
    spoil: bend('threshold', `json_extract(conditions, '$[0].threshold') * 1.00001`),
  },
  {
    fact: 'met the z-score of twenty bars',
    about: ENTRY,
    holds: each('z_score_low', near(number('value'), `(close - ${MEAN}) / ${SIGMA}`)),
    spoil: `UPDATE signals SET conditions = json_set(conditions, '$[1].value', -2.5)
      WHERE ${SIGNAL_OF_TRADE}`,
  },
];
