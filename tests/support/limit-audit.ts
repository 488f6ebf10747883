import type { Database } from '../../src/adapters/sqlite/database.ts';
import { DAY_MS, utcDayStart, type EpochMs } from '../../src/core/time.ts';

/** The limits an audit knows; fractions of equity but for the counts. */
export interface AuditedLimits {
  readonly maxFraction: number;
  readonly maxExposure: number;
  readonly maxInvested: number;
  readonly threshold: number;
  readonly lookbackBars: number;
  readonly maxGroupExposure: number;
  readonly maxDailyLoss: number;
  readonly maxDrawdown: number;
  readonly maxOrdersPerDay: number;
}

export interface RequestedEntry {
  readonly order_id: string;
  readonly symbol: string;
  readonly quantity: number;
  readonly reference_price: number;
  readonly requested_seq: number;
  readonly requested_ts: EpochMs;
  /** Null where risk refused it. */
  readonly approved_seq: number | null;
  readonly state: string;
  readonly state_seq: number;
  /** The check that refused it, with its numbers; null where it was approved. */
  readonly check_name: string | null;
  readonly limit_value: number | null;
  readonly actual_value: number | null;
}

interface Trade {
  readonly order_id: string;
  readonly symbol: string;
  readonly seq: number;
  readonly ts: EpochMs;
  /** Negative for sales. */
  readonly quantity: number;
  /** What it added to cash. */
  readonly flow: number;
  readonly is_last: 0 | 1;
}

const FINAL = new Set(['filled', 'canceled', 'expired', 'rejected']);
const ENTRIES = `SELECT o.order_id, o.symbol, CAST(o.quantity AS REAL) AS quantity,
    o.reference_price, o.requested_seq, o.requested_ts, o.approved_seq, o.state, o.state_seq,
    e.check_name, e.limit_value, e.actual_value
  FROM orders AS o LEFT JOIN risk_events AS e
    ON e.run_id = o.run_id AND e.order_id = o.order_id AND e.kind = 'refused'
  WHERE o.run_id = ? AND o.role = 'entry' ORDER BY o.requested_seq`;
const TRADES = `SELECT t.order_id, t.symbol, t.seq, t.ts, o.reason = 'end of data' AS is_last,
    iif(t.side = 'buy', 1, -1) * CAST(t.quantity AS REAL) AS quantity,
    iif(t.side = 'buy', -1, 1) * CAST(t.quantity AS REAL) * CAST(t.price AS REAL)
      - CAST(t.fee AS REAL) AS flow
  FROM trades AS t JOIN orders AS o ON o.run_id = t.run_id AND o.order_id = t.order_id
  WHERE t.run_id = ? ORDER BY t.seq`;
const CLOSES = `SELECT c.symbol, m.open_time + 3600000 AS time, m.close
  FROM runs AS r JOIN series AS c ON c.exchange = r.exchange AND c.timeframe = r.timeframe
  JOIN market_data AS m ON m.series_id = c.id
  WHERE r.run_id = ? AND m.open_time < r.end_time ORDER BY m.open_time`;

/**
 * What risk should have known of a run, worked out from its trades and the stored closes: equity,
 * exposures and correlations are this class's own. Hourly bars, long positions, one strategy.
 */
export class LimitAudit {
  readonly entries: readonly RequestedEntry[];
  readonly #trades: readonly Trade[];
  readonly #closes = new Map<string, { times: EpochMs[]; prices: number[] }>();
  readonly #initial: number;
  readonly #limits: AuditedLimits;
  /** Marks at which a limit of the system was broken. */
  readonly #dailyBreaches: EpochMs[] = [];
  #firstDrawdownBreach = Infinity;

  constructor(database: Database, run: string, limits: AuditedLimits) {
    this.#limits = limits;
    this.entries = database.prepare<[string], RequestedEntry>(ENTRIES).all(run);
    this.#trades = database.prepare<[string], Trade>(TRADES).all(run);
    const bars = database.prepare<[string], [string, EpochMs, number]>(CLOSES).raw().all(run);
    for (const [symbol, time, close] of bars) {
      const series = this.#closes.get(symbol) ?? { times: [], prices: [] };
      this.#closes.set(symbol, series);
      series.times.push(time);
      series.prices.push(close);
    }
    const row = database
      .prepare<[string], [string, EpochMs]>(
        'SELECT initial_capital, start_time FROM runs WHERE run_id = ?',
      )
      .raw()
      .get(run);
    if (row === undefined) throw new Error(`a recorded run was expected, was ${run}`);
    this.#initial = Number(row[0]);
    this.#findSystemBreaches(row[1]);
  }

  /** Every limit the entry breaks, by the name of its check, with what it comes to. */
  breaches(entry: RequestedEntry): ReadonlyMap<string, number> {
    const { symbol, requested_seq: seq, requested_ts: time } = entry;
    const equity = this.#equity(time, (trade) => trade.seq < seq);
    const exposures = this.#exposures(entry);
    const value = entry.quantity * entry.reference_price;
    const own = (exposures.get(symbol) ?? 0) + value;
    const all = [...exposures.values()].reduce((sum, each) => sum + each, 0) + value;
    const limits = this.#limits;
    const shares: readonly (readonly [string, number, number])[] = [
      ['position-size', own, limits.maxFraction],
      ['symbol-exposure', own, limits.maxExposure],
      ['invested-share', all, limits.maxInvested],
      ['correlated-group', this.#group(entry, exposures, value), limits.maxGroupExposure],
    ];
    const broken = new Map<string, number>();
    for (const [check, exposure, limit] of shares) {
      if (exposure > limit * equity * (1 + 1e-9)) broken.set(check, exposure / equity);
    }
    const today = this.#approvedToday(entry) + 1;
    if (today > limits.maxOrdersPerDay) broken.set('orders-per-day', today);
    if (this.#isHalted(time)) broken.set('halted', 1);
    return broken;
  }

  #findSystemBreaches(start: EpochMs): void {
    const { maxDailyLoss, maxDrawdown } = this.#limits;
    let peak = this.#initial;
    let last = this.#initial;
    let opening = this.#initial;
    let day: EpochMs | null = null;
    const trades = this.#trades.filter((trade) => trade.is_last === 0);
    let next = 0;
    let cash = this.#initial;
    const held = new Map<string, number>();
    for (const time of this.#markTimes(start)) {
      for (
        let trade = trades[next];
        trade !== undefined && trade.ts <= time;
        trade = trades[next]
      ) {
        cash += trade.flow;
        held.set(trade.symbol, (held.get(trade.symbol) ?? 0) + trade.quantity);
        next++;
      }
      let equity = cash;
      for (const [symbol, quantity] of held) equity += quantity * this.#close(symbol, time);
      if (dayClosedBy(time) !== day) {
        if (day !== null) opening = last;
        day = dayClosedBy(time);
      }
      peak = Math.max(peak, equity);
      if (opening - equity > maxDailyLoss * opening) this.#dailyBreaches.push(time);
      if (peak - equity > maxDrawdown * peak) {
        this.#firstDrawdownBreach = Math.min(this.#firstDrawdownBreach, time);
      }
      last = equity;
    }
  }

  /** A drawdown halts for good, a daily loss until the UTC day is over. */
  #isHalted(time: EpochMs): boolean {
    if (time >= this.#firstDrawdownBreach) return true;
    const day = dayClosedBy(time);
    return this.#dailyBreaches.some((breach) => breach <= time && dayClosedBy(breach) === day);
  }

  #equity(time: EpochMs, isBooked: (trade: Trade) => boolean): number {
    return this.#trades
      .filter(isBooked)
      .reduce(
        (sum, { flow, quantity, symbol }) => sum + flow + quantity * this.#close(symbol, time),
        this.#initial,
      );
  }

  /** What is held and what approved entries may still buy, by symbol. */
  #exposures({ requested_seq: seq, requested_ts: time }: RequestedEntry): Map<string, number> {
    const values = new Map<string, number>();
    const add = (symbol: string, value: number) =>
      values.set(symbol, (values.get(symbol) ?? 0) + value);
    const earlier = this.#trades.filter((trade) => trade.seq < seq);
    for (const { symbol, quantity } of earlier) add(symbol, quantity * this.#close(symbol, time));
    for (const order of this.entries) {
      const { approved_seq, state, state_seq, reference_price } = order;
      if (approved_seq === null || approved_seq > seq) continue;
      if (FINAL.has(state) && state_seq < seq) continue;
      const filled = earlier.filter(({ order_id }) => order_id === order.order_id);
      const rest = filled.reduce((sum, trade) => sum - trade.quantity, order.quantity);
      add(order.symbol, rest * reference_price);
    }
    for (const [symbol, value] of values) if (Math.abs(value) < 1e-6) values.delete(symbol);
    return values;
  }

  /** The entry with everything that moves with it; zero where nothing does. */
  #group(entry: RequestedEntry, exposures: ReadonlyMap<string, number>, value: number): number {
    const { symbol, requested_ts: time } = entry;
    const { threshold } = this.#limits;
    const others = [...exposures].filter(
      ([other]) => other !== symbol && this.#correlation(symbol, other, time) > threshold,
    );
    if (others.length === 0) return 0;
    const held = exposures.get(symbol) ?? 0;
    return others.reduce((sum, [, exposure]) => sum + exposure, held + value);
  }

  /** Pearson's r of the last returns, from the textbook's sums. */
  #correlation(one: string, other: string, time: EpochMs): number {
    const { lookbackBars } = this.#limits;
    const [x, y] = [one, other].map((symbol) => this.#returns(symbol, time, lookbackBars));
    if (x === undefined || y === undefined) throw new Error('two symbols');
    const mean = (values: readonly number[]) =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    const cross = (a: readonly number[], b: readonly number[]) =>
      mean(a.map((value, index) => value * (b[index] ?? Number.NaN))) - mean(a) * mean(b);
    return cross(x, y) / Math.sqrt(cross(x, x) * cross(y, y));
  }

  #returns(symbol: string, time: EpochMs, count: number): readonly number[] {
    const { prices } = this.#series(symbol);
    const last = this.#indexAt(symbol, time);
    const closes = prices.slice(last - count, last + 1);
    return closes.slice(1).map((close, index) => close / (closes[index] ?? Number.NaN) - 1);
  }

  #approvedToday({ requested_seq, requested_ts }: RequestedEntry): number {
    return this.entries.filter(
      (order) =>
        order.approved_seq !== null &&
        order.approved_seq < requested_seq &&
        utcDayStart(order.requested_ts) === utcDayStart(requested_ts),
    ).length;
  }

  #markTimes(start: EpochMs): readonly EpochMs[] {
    const times = new Set([...this.#closes.values()].flatMap((series) => series.times));
    return [...times].filter((time) => time > start).sort((a, b) => a - b);
  }

  #close(symbol: string, time: EpochMs): number {
    const price = this.#series(symbol).prices[this.#indexAt(symbol, time)];
    if (price === undefined) throw new Error(`${symbol} has no bar at ${time}`);
    return price;
  }

  #series(symbol: string) {
    const series = this.#closes.get(symbol);
    if (series === undefined) throw new Error(`bars of ${symbol} were expected`);
    return series;
  }

  /** The markets audited have a bar every hour. */
  #indexAt(symbol: string, time: EpochMs): number {
    const { times } = this.#series(symbol);
    const index = (time - (times[0] ?? Number.NaN)) / 3_600_000;
    if (times[index] !== time) throw new Error(`${symbol} has no bar that closes at ${time}`);
    return index;
  }
}

/** Number of the UTC day that an instant belongs to the end of: midnight closes a day. */
function dayClosedBy(time: EpochMs): number {
  return Math.ceil(time / DAY_MS) - 1;
}
