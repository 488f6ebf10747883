import { ADJUSTMENTS, type Adjustment } from '../../../src/core/instrument.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, type EpochMs } from '../../../src/core/time.ts';

/** A bar as Alpaca writes it. */
export interface WireBar {
  readonly t: string;
  readonly o: number;
  readonly h: number;
  readonly l: number;
  readonly c: number;
  readonly v: number;
  readonly n: number;
  readonly vw: number;
}

/** From that session on there are `ratio` shares where one was. */
export interface PlantedSplit {
  readonly symbol: string;
  readonly date: string;
  readonly ratio: number;
}

export interface PlantedDividend {
  readonly symbol: string;
  readonly date: string;
  /** Share of the price that is paid out. */
  readonly yield: number;
}

export interface MarketQuery {
  readonly symbol: string;
  /** As Alpaca spells it: `15Min`. */
  readonly timeframe: string;
  readonly adjustment: Adjustment;
}

interface MarketOptions {
  readonly splits: readonly PlantedSplit[];
  readonly dividends: readonly PlantedDividend[];
}

interface Minute {
  readonly time: EpochMs;
  readonly isRegular: boolean;
}

/** Closed days and half days of 2024; every other year has only those of fixed date. */
const HOLIDAYS = new Set(
  ['2024-01-15', '2024-02-19', '2024-03-29', '2024-05-27', '2024-06-19', '2024-09-02'].concat(
    '2024-11-28',
  ),
);
const FIXED_HOLIDAYS = new Set(['01-01', '07-04', '12-25']);
const HALF_DAYS = new Set(['2024-07-03', '2024-11-29', '2024-12-24']);

/** Minutes of New York's day: from the first pre-market trade to the last after hours. */
const PRE_OPEN = 4 * 60;
const OPEN = 9 * 60 + 30;

/**
 * Prices of US stocks, the same every time: minutes of regular sessions are complete, those before
 * and after have gaps. Longer bars are made of the minutes; days and weeks of regular ones alone,
 * stamped with midnight in New York, as Alpaca does.
 */
export class AlpacaMarket {
  readonly #options: MarketOptions;

  constructor(options: MarketOptions) {
    this.#options = options;
  }

  /** Bars of `from ≤ t < to`, as far as they were known at `now`; of the last one perhaps a part. */
  *bars(
    query: MarketQuery,
    { from, to, now }: { readonly from: EpochMs; readonly to: EpochMs; readonly now: EpochMs },
  ): Generator<WireBar, void> {
    const bucketOf = buckets(query.timeframe);
    if (bucketOf === null) return;
    const isDaily = /Day|Week/.test(query.timeframe);
    let pending: Minute[] = [];
    let bucket = NaN;
    for (const minute of minutes(bucketOf(from), now)) {
      if (isDaily && !minute.isRegular) continue;
      if (!minute.isRegular && chance(query.symbol, minute.time, 1) > 0.4) continue;
      const start = bucketOf(minute.time);
      if (start !== bucket) {
        if (pending.length > 0) yield this.#bar(query, bucket, pending);
        if (start >= to) return;
        [bucket, pending] = [start, []];
      }
      if (start >= from) pending.push(minute);
    }
    if (pending.length > 0) yield this.#bar(query, bucket, pending);
  }

  #bar({ symbol, adjustment }: MarketQuery, time: EpochMs, parts: readonly Minute[]): WireBar {
    let [high, low, volume, trades, turnover] = [0, Infinity, 0, 0, 0];
    const { price, shares } = this.#factors(symbol, time, adjustment);
    for (const part of parts) {
      const open = path(symbol, part.time);
      const close = path(symbol, part.time + MINUTE_MS);
      high = Math.max(high, open, close, open + 0.3 * chance(symbol, part.time, 2));
      low = Math.min(low, open, close, open - 0.3 * chance(symbol, part.time, 3));
      const size = Math.round(
        (part.isRegular ? 12_000 : 300) * (chance(symbol, part.time, 4) + 0.01),
      );
      volume += size;
      trades += Math.ceil(size / 90);
      turnover += size * ((open + close) / 2);
    }
    const first = parts[0]?.time ?? time;
    const last = parts.at(-1)?.time ?? time;
    const round = (value: number) => Number((value * price).toFixed(4));
    return {
      t: formatted(time),
      o: round(path(symbol, first)),
      h: round(high),
      l: round(low),
      c: round(path(symbol, last + MINUTE_MS)),
      v: Math.round(volume * shares),
      n: trades,
      vw: round(turnover / volume),
    };
  }

  /** Today's path is the fully adjusted one; raw prices of the past are higher. */
  #factors(symbol: string, time: EpochMs, adjustment: Adjustment) {
    const isLater = (each: { symbol: string; date: string }) =>
      each.symbol === symbol && time < newYorkMidnight(Date.parse(each.date));
    let [price, shares] = [1, 1];
    if (adjustment === 'raw' || adjustment === 'dividend') {
      for (const { ratio } of this.#options.splits.filter(isLater)) {
        price *= ratio;
        shares /= ratio;
      }
    }
    if (adjustment === 'raw' || adjustment === 'split') {
      for (const dividend of this.#options.dividends.filter(isLater)) price /= 1 - dividend.yield;
    }
    return { price, shares };
  }
}

export function isAdjustment(text: string): text is Adjustment {
  return ADJUSTMENTS.some((each) => each === text);
}

/** Start of the bar that holds an instant, by Alpaca's name of the timeframe; null for no such. */
export function buckets(timeframe: string): ((time: EpochMs) => EpochMs) | null {
  const [, count = '', unit = ''] = /^([1-9]\d?)(Min|Hour|Day|Week)$/.exec(timeframe) ?? [];
  const floor = (step: number) => (time: EpochMs) => Math.floor(time / step) * step;
  if (unit === 'Min' && Number(count) < 60) return floor(Number(count) * MINUTE_MS);
  if (unit === 'Hour' && Number(count) < 24) return floor(Number(count) * HOUR_MS);
  if (timeframe === '1Day') return (time) => newYorkMidnight(newYorkDate(time));
  if (timeframe !== '1Week') return null;
  return (time) => {
    const date = newYorkDate(time);
    return newYorkMidnight(date - ((new Date(date).getUTCDay() + 6) % 7) * DAY_MS);
  };
}

/** Minutes in which trades could happen, from the day that holds `from` until `now`. */
function* minutes(from: EpochMs, now: EpochMs): Generator<Minute, void> {
  for (let date = newYorkDate(from); date <= now; date += DAY_MS) {
    const day = new Date(date).toISOString().slice(0, 10);
    const weekday = new Date(date).getUTCDay();
    if (weekday === 0 || weekday === 6) continue;
    if (HOLIDAYS.has(day) || FIXED_HOLIDAYS.has(day.slice(5))) continue;
    const close = (HALF_DAYS.has(day) ? 13 : 16) * 60;
    const midnight = newYorkMidnight(date);
    for (let minute = PRE_OPEN; minute < close + 4 * 60; minute += 1) {
      const time = midnight + minute * MINUTE_MS;
      if (time + MINUTE_MS > now) return;
      if (time >= from) yield { time, isRegular: minute >= OPEN && minute < close };
    }
  }
}

/** The path every price is on: slow waves, and noise that the minute decides. */
function path(symbol: string, time: EpochMs): number {
  const base = 20 + 300 * chance(symbol, 0, 0);
  const wave = Math.sin(time / (40 * DAY_MS)) * 0.1 + Math.sin(time / (3 * HOUR_MS)) * 0.01;
  return Number((base * (1 + wave + 0.002 * (chance(symbol, time, 5) - 0.5))).toFixed(2));
}

/** A number in [0, 1) that symbol, time and purpose decide. */
function chance(symbol: string, time: EpochMs, purpose: number): number {
  let hash = 2_166_136_261 ^ purpose;
  for (const letter of symbol) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16_777_619);
  hash = Math.imul(hash ^ Math.floor(time / MINUTE_MS), 2_654_435_761);
  hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_519);
  return ((hash ^ (hash >>> 13)) >>> 0) / 4_294_967_296;
}

const OFFSET = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/New_York',
  timeZoneName: 'longOffset',
});
const offsets = new Map<EpochMs, number>();

/** How far New York is behind UTC at noon of a date. Clocks change on Sundays, when nobody trades. */
function offsetOn(date: EpochMs): number {
  const known = offsets.get(date);
  if (known !== undefined) return known;
  const [, hours = '5'] = /GMT-0?(\d)/.exec(OFFSET.format(date + DAY_MS / 2)) ?? [];
  offsets.set(date, Number(hours) * HOUR_MS);
  return Number(hours) * HOUR_MS;
}

/** New York's date of an instant, as 00:00Z of that date. */
function newYorkDate(time: EpochMs): EpochMs {
  const utcDate = Math.floor(time / DAY_MS) * DAY_MS;
  return time < newYorkMidnight(utcDate) ? utcDate - DAY_MS : utcDate;
}

function newYorkMidnight(date: EpochMs): EpochMs {
  return date + offsetOn(date);
}

function formatted(time: EpochMs): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}
