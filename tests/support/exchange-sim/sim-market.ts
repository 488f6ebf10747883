import { timeframeMs, type EpochMs, type Timeframe } from '../../../src/core/time.ts';
import type { Listing } from './exchange-types.ts';
import { ceilTo, floorTo, units, type Units } from './units.ts';

export interface SimCandle {
  readonly openTime: EpochMs;
  readonly open: Units;
  readonly high: Units;
  readonly low: Units;
  readonly close: Units;
  readonly volume: Units;
  readonly trades: number;
}

const MINUTE = 60_000;
/** Half the spread, as a share of the price: two basis points. */
const HALF_SPREAD = 5_000n;

/** One symbol: its listing, its two best prices, and the candles of all that was traded. */
export class SimMarket {
  listing: Listing;
  bid: Units = 0n;
  ask: Units = 0n;
  last: Units = 0n;
  readonly base: string;
  readonly quote: string;
  readonly #minutes = new Map<EpochMs, SimCandle>();

  constructor(listing: Listing) {
    this.listing = listing;
    const [base = '', quote = ''] = listing.symbol.split('/');
    this.base = base;
    this.quote = quote;
    this.setPrice(units(listing.price));
  }

  get tick(): Units {
    return units(this.listing.tickSize);
  }

  get lot(): Units {
    return units(this.listing.lotStep);
  }

  /** The book about a price: both sides on ticks, at least one apart. */
  setPrice(price: Units): void {
    this.last = price;
    this.bid = floorTo(price - price / HALF_SPREAD, this.tick);
    this.ask = ceilTo(price + price / HALF_SPREAD, this.tick);
    if (this.bid === this.ask) this.ask += this.tick;
  }

  /** Somebody traded. */
  print(price: Units, volume: Units, time: EpochMs): void {
    const openTime = time - (time % MINUTE);
    const candle = this.#minutes.get(openTime);
    this.#minutes.set(openTime, {
      openTime,
      open: candle?.open ?? price,
      high: candle === undefined || price > candle.high ? price : candle.high,
      low: candle === undefined || price < candle.low ? price : candle.low,
      close: price,
      volume: (candle?.volume ?? 0n) + volume,
      trades: (candle?.trades ?? 0) + 1,
    });
  }

  /** Candles that open in a span, the forming one included, oldest first; none where nobody traded. */
  candles(timeframe: Timeframe, from: EpochMs, to: EpochMs): readonly SimCandle[] {
    const step = timeframeMs(timeframe);
    const found = new Map<EpochMs, SimCandle>();
    for (const minute of this.#minutes.values()) {
      const openTime = minute.openTime - (minute.openTime % step);
      if (openTime < from || openTime >= to) continue;
      const candle = found.get(openTime);
      found.set(openTime, candle === undefined ? { ...minute, openTime } : joined(candle, minute));
    }
    return [...found.values()].sort((one, other) => one.openTime - other.openTime);
  }
}

function joined(candle: SimCandle, minute: SimCandle): SimCandle {
  return {
    ...candle,
    high: minute.high > candle.high ? minute.high : candle.high,
    low: minute.low < candle.low ? minute.low : candle.low,
    close: minute.close,
    volume: candle.volume + minute.volume,
    trades: candle.trades + minute.trades,
  };
}
