import {
  misalignmentMs,
  timeframeMs,
  type EpochMs,
  type TimeSpan,
  type Timeframe,
} from '../../../src/core/time.ts';

/** What a venue can put into a field, sense or nonsense; undefined leaves the field out. */
export type WireField = number | string | null | undefined;

/** A candle before it is put into a venue's words. Honest ones hold numbers. */
export interface WireCandle {
  /** UTC milliseconds. */
  readonly time: WireField;
  readonly open: WireField;
  readonly high: WireField;
  readonly low: WireField;
  readonly close: WireField;
  readonly volume: WireField;
}

export interface MarketSketch {
  /** `BTC/USD`; every venue has its own name for it. */
  readonly symbol: string;
  /** Price that the candles move about. */
  readonly price: number;
  /** As decimal text, for that is how venues send them. */
  readonly tickSize: string;
  readonly lotStep: string;
  readonly minNotional: string;
  /** No candle opens earlier. */
  readonly listedAt: EpochMs;
  /** No candle opens in these spans: nothing was traded. */
  readonly holes: readonly TimeSpan[];
}

/** 2015-01-01T00:00Z. */
const LISTED: EpochMs = 1_420_070_400_000;

export function marketSketch(symbol: string, change: Partial<MarketSketch> = {}): MarketSketch {
  const base = { tickSize: '0.01', lotStep: '0.00000001', minNotional: '1', holes: [] };
  return { symbol, price: 60_000, listedAt: LISTED, ...base, ...change };
}

const MARKETS = [
  marketSketch('BTC/USD'),
  marketSketch('ETH/USD', { price: 2_500 }),
  marketSketch('SHIB/USD', { price: 2.3e-5, tickSize: '0.00000001', lotStep: '1' }),
  marketSketch('BTC/USDT'),
];

export interface MarketOptions {
  readonly markets?: readonly MarketSketch[];
  readonly seed?: number;
  /** Where the venue's clock stands; it runs with the clock of this machine where nothing is said. */
  readonly now?: EpochMs;
}

/** Candles of a venue: a function of seed, symbol, timeframe and time, so any range can be had. */
export class CandleMarket {
  readonly markets: readonly MarketSketch[];
  /** Milliseconds by which the venue's clock is ahead of this machine's. */
  clockOffsetMs = 0;
  readonly #seed: number;
  readonly #revisions = new Map<string, Partial<WireCandle>>();
  #fixed: EpochMs | null;

  constructor({ markets = MARKETS, seed = 1, now }: MarketOptions = {}) {
    this.markets = markets;
    this.#seed = seed;
    this.#fixed = now ?? null;
  }

  /** The venue's clock. */
  now(): EpochMs {
    return (this.#fixed ?? Date.now()) + this.clockOffsetMs;
  }

  /** Stops the venue's clock at a time. */
  setNow(time: EpochMs): void {
    this.#fixed = time;
  }

  /** From now on the venue tells another story of one candle. */
  revise(symbol: string, timeframe: Timeframe, time: EpochMs, change: Partial<WireCandle>): void {
    this.#revisions.set(`${symbol} ${timeframe} ${time}`, change);
  }

  sketch(symbol: string): MarketSketch | undefined {
    return this.markets.find((each) => each.symbol === symbol);
  }

  /**
   * The first candles that open from `from` on and before `to`, the one that still forms included,
   * oldest first.
   */
  candles(symbol: string, timeframe: Timeframe, span: TimeSpan, limit = Infinity): WireCandle[] {
    const sketch = this.sketch(symbol);
    if (sketch === undefined) throw new Error(`no market "${symbol}" on this server`);
    const step = timeframeMs(timeframe);
    const from = Math.max(span.from, sketch.listedAt);
    const to = Math.min(span.to, this.now() + 1);
    const found: WireCandle[] = [];
    const miss = misalignmentMs(from, timeframe);
    for (let time = miss === 0 ? from : from - miss + step; time < to; time += step) {
      if (found.length >= limit) break;
      const hole = sketch.holes.find((each) => time >= each.from && time < each.to);
      if (hole === undefined) found.push(this.#candle(sketch, timeframe, time));
    }
    return found;
  }

  #candle(sketch: MarketSketch, timeframe: Timeframe, time: EpochMs): WireCandle {
    const step = timeframeMs(timeframe);
    const elapsed = Math.min(1, (this.now() - time) / step);
    const open = this.#price(sketch, time);
    const close = this.#price(sketch, time + Math.floor(elapsed * step));
    const tick = Number(sketch.tickSize);
    const stretch = (salt: string) => Math.floor(20 * elapsed * this.#chance(salt, sketch, time));
    const decimals = decimalsOf(sketch.tickSize);
    const round = (value: number) => Number(value.toFixed(decimals));
    const candle = {
      time,
      open,
      high: round(Math.max(open, close) + tick * stretch('high')),
      low: round(Math.min(open, close) - tick * stretch('low')),
      close,
      volume: Number((elapsed * (0.1 + 10 * this.#chance(timeframe, sketch, time))).toFixed(8)),
    };
    return { ...candle, ...this.#revisions.get(`${sketch.symbol} ${timeframe} ${time}`) };
  }

  #price(sketch: MarketSketch, time: EpochMs): number {
    const days = time / 86_400_000;
    const wave = 0.05 * Math.sin(days / 9) + 0.01 * Math.sin(days * 3 + this.#seed);
    const noise = 0.002 * (this.#chance('price', sketch, time) - 0.5);
    const ticks = Math.round((sketch.price * (1 + wave + noise)) / Number(sketch.tickSize));
    return Number((ticks * Number(sketch.tickSize)).toFixed(decimalsOf(sketch.tickSize)));
  }

  /** From 0 to 1, the same for the same salt and time. */
  #chance(salt: string, { symbol }: MarketSketch, time: EpochMs): number {
    let hash = Math.imul(this.#seed, 2_654_435_761) ^ Math.floor(time / 1000);
    for (const letter of `${salt}${symbol}`)
      hash = Math.imul(hash ^ letter.charCodeAt(0), 16_777_619);
    hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_507);
    return ((hash ^ (hash >>> 13)) >>> 0) / 4_294_967_296;
  }
}

/** Decimals of a step given as text: two for `0.01`, none for `1`. */
export function decimalsOf(step: string): number {
  return step.split('.')[1]?.length ?? 0;
}
