import type { AssetClass, SymbolName } from '../core/instrument.ts';
import type { Instrument } from '../core/instrument.ts';
import type { EpochMs, Timeframe } from '../core/time.ts';

/** What makes a series of bars a series: two of these never mix. */
export interface SeriesKey {
  readonly exchange: string;
  readonly symbol: SymbolName;
  readonly timeframe: Timeframe;
}

/** A stored series and its extent. `firstOpen`/`lastOpen` are open times, null when empty. */
export interface Series extends SeriesKey {
  readonly id: number;
  readonly assetClass: AssetClass;
  readonly bars: number;
  readonly firstOpen: EpochMs | null;
  readonly lastOpen: EpochMs | null;
}

/** Doubles per bar in a `BarPage`. */
export const BAR_STRIDE = 7;

/**
 * Bars of one series in ascending open time, row after row of
 * `[openTime, open, high, low, close, volume, flags]`.
 */
export type BarPage = Float64Array;

/** One bar on its way into the store. */
export interface BarRow {
  readonly openTime: EpochMs;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly flags: number;
}

/** Something wrong with a bar or a stretch of time; never silently dropped. */
export interface DataIssue {
  readonly openTime: EpochMs | null;
  readonly rule: string;
  readonly detail: string;
  /** The bar was kept out of the series. */
  readonly quarantined: boolean;
}

export interface SavedBars {
  readonly inserted: number;
  /** Already there with the same values. */
  readonly unchanged: number;
  /** Already there with other values: kept as they were, the difference recorded as an issue. */
  readonly conflicting: number;
}

export interface SeriesWrite {
  readonly key: SeriesKey;
  readonly assetClass: AssetClass;
  readonly instrument: Instrument;
  readonly bars: Iterable<BarRow>;
  readonly issues: readonly DataIssue[];
  /** Where the bars came from, for the record: a file name, an exchange id. */
  readonly source: string;
}

export interface BarStore {
  /** Saves bars and issues in one transaction: all or nothing. Creates the series if need be. */
  save(write: SeriesWrite): SavedBars;
  series(): readonly Series[];
  findSeries(key: SeriesKey): Series | null;
  instrument(exchange: string, symbol: SymbolName): Instrument | null;
  issues(seriesId: number): readonly DataIssue[];
  /** Pages of ascending bars with `from ≤ openTime < to`. */
  pages(seriesId: number, from: EpochMs, to: EpochMs): Iterable<BarPage>;
  /** Open time of the bar `count` bars before `time`, or of the first bar when there are fewer. */
  openTimeBefore(seriesId: number, time: EpochMs, count: number): EpochMs | null;
}
