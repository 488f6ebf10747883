import type { Adjustment, AssetClass, Instrument, SymbolName } from '../core/instrument.ts';
import type { EpochMs, Timeframe, TimeSpan } from '../core/time.ts';
import type { CalendarId } from '../core/trading-calendar.ts';

/** What makes a series of bars a series: two of these never mix. */
export interface SeriesKey {
  readonly exchange: string;
  readonly symbol: SymbolName;
  readonly timeframe: Timeframe;
  /** Prices as traded and adjusted ones are different series. */
  readonly adjustment: Adjustment;
}

/** A stored series and its extent. `firstOpen`/`lastOpen` are open times, null when empty. */
export interface Series extends SeriesKey {
  readonly id: number;
  readonly assetClass: AssetClass;
  /** When bars are to be expected. */
  readonly calendar: CalendarId;
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
  /** Already there with the same values, or with others that are on record already. */
  readonly unchanged: number;
  /** Already there with other values: kept as they were, the difference recorded as an issue. */
  readonly conflicting: number;
  /** Already there with other values: kept, flagged as revised, the new values kept beside them. */
  readonly revised: number;
}

export interface SeriesWrite {
  readonly key: SeriesKey;
  readonly assetClass: AssetClass;
  readonly calendar: CalendarId;
  /** What the bars suggest of the instrument: holds until a venue says. Null where one was asked. */
  readonly instrument: Instrument | null;
  readonly bars: Iterable<BarRow>;
  /** Span of open times that these are all the bars of; null where nobody vouches for it. */
  readonly covers: TimeSpan | null;
  /**
   * What a stored bar with other values is: a fault of the file (recorded as an issue, and too many
   * refuse the whole write), or a revision by the venue. A bar that a repair made is revised either
   * way.
   */
  readonly onConflict: 'report' | 'revise';
  /** When the bars came, for the record: revisions carry it. */
  readonly at: EpochMs;
  readonly issues: readonly DataIssue[];
  /** Where the bars came from, for the record: a file name, an exchange id. */
  readonly source: string;
}

/** What a venue let one trade, from one moment on. */
export interface DatedInstrument {
  readonly validFrom: EpochMs;
  readonly instrument: Instrument;
}

/** Whether a venue named the terms, or prices suggested them. */
export type InstrumentOrigin = 'venue' | 'inferred';

export interface StoredInstrument extends DatedInstrument {
  readonly origin: InstrumentOrigin;
  /** Who said so, for the record: an exchange id, a file name. */
  readonly source: string;
}

/**
 * Other values for a stored bar that its venue sent later; its own ones where it sent them again
 * after others.
 */
export interface BarRevision {
  readonly openTime: EpochMs;
  /** When it last went over to these values. */
  readonly seenAt: EpochMs;
  readonly bar: BarRow;
}

export interface BarStore {
  /** Saves bars and issues in one transaction: all or nothing. Creates the series if need be. */
  save(write: SeriesWrite): SavedBars;
  series(): readonly Series[];
  findSeries(key: SeriesKey): Series | null;
  /**
   * Deletes all that is stored of a series: bars, spans, revisions, repairs, issues. What is left is
   * the series itself, empty, and the issue given, which says so.
   */
  drop(seriesId: number, issue: DataIssue, source: string): void;
  /** Ascending by time, the first from ever on; empty for what was never heard of. */
  instruments(exchange: string, symbol: SymbolName): readonly StoredInstrument[];
  /** Records what a venue says of an instrument now; the same as before adds nothing. */
  recordInstrument(exchange: string, told: DatedInstrument, source: string): void;
  /** Spans of open times that a source has answered for, ascending, apart from each other. */
  covered(seriesId: number): readonly TimeSpan[];
  /** Ascending by open time, then by when they were seen. */
  revisions(seriesId: number): readonly BarRevision[];
  issues(seriesId: number): readonly DataIssue[];
  /** Pages of ascending bars with `from ≤ openTime < to`. */
  pages(seriesId: number, from: EpochMs, to: EpochMs): Iterable<BarPage>;
  /** Open time of the bar `count` bars before `time`, or of the first bar when there are fewer. */
  openTimeBefore(seriesId: number, time: EpochMs, count: number): EpochMs | null;
}
