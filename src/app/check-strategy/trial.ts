/**
 * What goes to a process that runs a strategy once or more, and what comes back: plain data, so
 * that it can be sent.
 */
import type { SymbolName } from '../../core/instrument.ts';
import type { EpochMs } from '../../core/time.ts';
import type { Series } from '../../ports/bar-store.ts';

/** Bars of one symbol, row after row as in a `BarPage`, warm-up included. */
export interface TrialSeries {
  readonly series: Series;
  readonly rows: Float64Array;
  /** What its venue let one trade, from when on: text of `exactText`. */
  readonly instruments: string;
}

/** A stretch in which a strategy held the same position and the same open orders in a symbol. */
export interface HeldSpan {
  readonly symbol: SymbolName;
  /** Open time of the first bar on which it was seen. */
  readonly since: EpochMs;
  /** `FLAT`, or position and orders as text. */
  readonly held: string;
}

/** Neither a position nor an order. */
export const FLAT = '';

export interface TrialRun {
  /** Of the symbols that are traded, and of those that are looked at. */
  readonly series: readonly TrialSeries[];
  /** Those that are traded, in the order in which the strategy is made for them. */
  readonly symbols: readonly SymbolName[];
  /** The trading period: bars with `start ≤ openTime < end`. */
  readonly start: EpochMs;
  readonly end: EpochMs;
  /**
   * What the strategy is shown as its own position and orders. Null lets the engine trade, so that
   * they are what its decisions lead to.
   */
  readonly held: readonly HeldSpan[] | null;
  /** Whether the bars of one moment are handed out in the order of `symbols`, not of the names. */
  readonly inOrder: boolean;
  /** Whether the named rules are asked on every bar, as `explain` does. */
  readonly asksRules: boolean;
}

export interface TrialRequest {
  readonly configFiles: readonly string[];
  readonly settings: readonly string[];
  readonly databasePath: string;
  readonly overrides: Readonly<Record<string, string>>;
  /** An id or a file, as the user named it. */
  readonly strategy: string;
  /** One after the other in the same process, with the strategy's module loaded once. */
  readonly runs: readonly TrialRun[];
}

/** What a strategy decided on one bar. */
export interface BarTrace {
  readonly symbol: SymbolName;
  readonly openTime: EpochMs;
  /** The signals as JSON; empty for none. */
  readonly signals: string;
  /** Signals on other symbols that the same decision lists before its own. */
  readonly turn: number;
  /** Names of the conditions of its rules, by number in `RunTrace.shapes`. */
  readonly shape: number;
  /** Value and threshold of each condition in turn. */
  readonly values: readonly number[];
}

/** A place in the course of a run. */
export interface Place {
  readonly phase: 'load' | 'declare' | 'create' | 'decide';
  /** Null where it is all of them. */
  readonly symbol: SymbolName | null;
  /** Open time of the bar it was asked about. */
  readonly openTime: EpochMs | null;
}

/** Something handed out earlier that was no longer the same. */
export interface Repainting {
  readonly symbol: SymbolName;
  readonly openTime: EpochMs;
  readonly noticedAt: EpochMs;
  readonly before: string;
  readonly after: string;
}

export interface RunTrace {
  readonly bars: readonly BarTrace[];
  readonly shapes: readonly (readonly string[])[];
  readonly held: readonly HeldSpan[];
  readonly repainting: readonly Repainting[];
  /** What ended the run before its time. */
  readonly fault: { readonly place: Place | null; readonly message: string } | null;
}

export type AmbientKind =
  'clock' | 'randomness' | 'timer' | 'network' | 'file' | 'environment' | 'process';

/** A call by which a strategy reached past what it is given. */
export interface AmbientUse {
  readonly kind: AmbientKind;
  /** What was called, e.g. `Math.random()`. */
  readonly input: string;
  /** Absolute path of the file it was about; null where it was about none. */
  readonly file: string | null;
  /** `file:line` of the call; null where it is not known. */
  readonly source: string | null;
  /** Where it happened first. */
  readonly place: Place;
}

export interface TrialOutcome {
  readonly runs: readonly RunTrace[];
  readonly uses: readonly AmbientUse[];
  /** Names that the strategy put on `globalThis`. */
  readonly globals: readonly string[];
}

/** True for what a trial sends when it is over. */
export function isTrialOutcome(message: unknown): message is TrialOutcome {
  return typeof message === 'object' && message !== null && 'runs' in message && 'uses' in message;
}

/** True for what a trial is sent. */
export function isTrialRequest(message: unknown): message is TrialRequest {
  return typeof message === 'object' && message !== null && 'runs' in message;
}
