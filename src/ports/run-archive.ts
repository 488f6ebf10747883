import type { Condition } from '../core/condition.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { OrderState } from '../core/order.ts';
import type { EpochMs } from '../core/time.ts';
import type { StrategySource } from './run-store.ts';

/** A strategy as a run recorded it; null where an older version did not keep that. */
export interface RecordedStrategy {
  readonly id: string;
  readonly kind: string;
  /** JSON. */
  readonly params: string;
  readonly symbols: readonly string[] | null;
  readonly allowShort: boolean | null;
  readonly source: StrategySource | null;
}

export interface RecordedSignal {
  readonly seq: number;
  readonly strategy: string;
  readonly symbol: SymbolName;
  readonly barOpenTime: EpochMs;
  readonly intent: string;
  /** Null for anything but an entry, as is the confidence. */
  readonly side: string | null;
  readonly confidence: number | null;
  readonly price: number;
  readonly reason: string;
  readonly conditions: readonly Condition[];
  /** Terms, order, changes or levels, as far as the intent has them; JSON. */
  readonly wish: string;
  /** `ordered`, `done`, `pending`, or why it was ignored. */
  readonly outcome: string;
}

/** One check of risk. NaN comes back as null: no limit is set, or nothing could be measured. */
export interface RecordedCheck {
  readonly layer: string;
  readonly check: string;
  readonly limit: number | null;
  readonly actual: number | null;
  readonly passed: boolean;
}

/** A change of an order's state that is no fill. */
export interface RecordedStep {
  readonly state: OrderState;
  readonly seq: number;
  readonly ts: EpochMs;
  readonly reason: string | null;
}

/** Decimals as text. */
export interface RecordedFill {
  readonly seq: number;
  readonly ts: EpochMs;
  /** When it happened: the open of the bar it was made in, or a close. */
  readonly time: EpochMs;
  readonly quantity: string;
  readonly price: string;
  readonly rawPrice: string;
  readonly fee: string;
  readonly liquidity: string;
}

/** Decimals as text. */
export interface RecordedOrder {
  readonly id: string;
  readonly side: 'buy' | 'sell';
  readonly role: string;
  readonly type: string;
  readonly quantity: string;
  readonly limitPrice: string | null;
  readonly stopPrice: string | null;
  readonly trail: string | null;
  readonly timeInForce: string;
  readonly reason: string;
  readonly signalSeq: number;
  /** Null for an entry that opened nothing. */
  readonly position: string | null;
  readonly requestedSeq: number;
  readonly requestedTs: EpochMs;
  /** Null for what was asked from outside: closing out at the end. */
  readonly requestedCausedBy: number | null;
  readonly state: OrderState;
  readonly stateReason: string | null;
  /** Empty in runs of a version that did not keep them. */
  readonly steps: readonly RecordedStep[];
  readonly fills: readonly RecordedFill[];
  readonly checks: readonly RecordedCheck[];
  /** The sentence of risk's refusal. */
  readonly refusal: string | null;
}

/** A position as the run left it. Decimals as text. */
export interface RecordedPosition {
  readonly id: string;
  readonly side: 'long' | 'short';
  readonly state: 'open' | 'closed';
  readonly entered: string;
  readonly entryPrice: string;
  readonly exitPrice: string | null;
  readonly grossPnl: string;
  readonly fees: string;
  readonly financing: string;
  readonly entryTime: EpochMs;
  readonly exitTime: EpochMs | null;
  readonly exitReason: string | null;
}

export interface RecordedAlert {
  readonly seq: number;
  readonly ts: EpochMs;
  readonly kind: 'halted' | 'resumed';
  readonly check: string;
  readonly limit: number | null;
  readonly actual: number | null;
  readonly message: string;
}

/** A strategy's business in one symbol. */
export interface Business {
  readonly strategy: string;
  readonly symbol: SymbolName;
}

/** What a run did, to look up what happened around one bar. */
export interface RunArchive {
  strategies(runId: string): readonly RecordedStrategy[];
  /** Effective configuration, JSON. */
  config(runId: string): string;
  /** In the order they were raised. */
  signalsOn(runId: string, business: Business, barOpenTime: EpochMs): readonly RecordedSignal[];
  /** The last signal with conditions on an earlier bar, or the first one after; null without any. */
  nearestSignal(runId: string, business: Business, barOpenTime: EpochMs): RecordedSignal | null;
  /** Number of the first signal raised at that instant; null where none was. */
  firstSignalAt(runId: string, ts: EpochMs): number | null;
  /** Orders that stem from a signal, as far as they name it: the protective ones of an entry too. */
  ordersOf(runId: string, signalSeq: number): readonly RecordedOrder[];
  /** Orders requested by that instant that were not over before it, or whose end is not certain. */
  ordersAround(runId: string, business: Business, ts: EpochMs): readonly RecordedOrder[];
  ordersOfPosition(runId: string, position: string): readonly RecordedOrder[];
  position(runId: string, id: string): RecordedPosition | null;
  /** Positions entered by `until` that were not closed before `from`. */
  positionsWithin(
    runId: string,
    business: Business,
    span: { readonly from: EpochMs; readonly until: EpochMs },
  ): readonly RecordedPosition[];
  /** Halts and their ends up to that instant, in order. */
  alertsUntil(runId: string, ts: EpochMs): readonly RecordedAlert[];
}
