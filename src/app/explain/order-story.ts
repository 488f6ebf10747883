import { isFinal } from '../../core/order.ts';
import { formatTime } from '../../core/time.ts';
import type {
  RecordedCheck,
  RecordedFill,
  RecordedOrder,
  RecordedPosition,
} from '../../ports/run-archive.ts';

/** One thing that happened to an order; `fill` where it was one. */
export interface PathStep {
  readonly time: string;
  readonly seq: number;
  readonly state: string;
  readonly reason: string | null;
  readonly fill: ExplainedFill | null;
}

export interface ExplainedFill {
  /** When it happened: the open of its bar, or a close. */
  readonly time: string;
  readonly quantity: number;
  readonly price: number;
  /** Before slippage. */
  readonly rawPrice: number;
  readonly fee: number;
  readonly liquidity: string;
}

/** An order from its request to its end. */
export interface ExplainedOrder {
  readonly id: string;
  readonly role: string;
  readonly side: string;
  readonly type: string;
  readonly quantity: number;
  readonly limitPrice: number | null;
  readonly stopPrice: number | null;
  readonly trail: string | null;
  readonly timeInForce: string;
  readonly reason: string;
  readonly position: string | null;
  readonly state: string;
  /** In the order they were made; a failed one is the last. */
  readonly checks: readonly RecordedCheck[];
  readonly refusal: string | null;
  readonly path: readonly PathStep[];
}

/** What became of a position by the end of the run. */
export interface ExplainedPosition {
  readonly id: string;
  readonly side: string;
  readonly state: string;
  readonly entered: number;
  readonly entryPrice: number;
  readonly entryTime: string;
  readonly exitPrice: number | null;
  readonly exitTime: string | null;
  readonly exitReason: string | null;
  readonly grossPnl: number;
  readonly fees: number;
  readonly financing: number;
  /** Gross less fees and financing. */
  readonly netPnl: number;
}

export function explainedOrder(order: RecordedOrder): ExplainedOrder {
  const { id, role, side, type, quantity, limitPrice, stopPrice, trail } = order;
  const { timeInForce, reason, position, state, checks, refusal } = order;
  return {
    id,
    role,
    side,
    type,
    quantity: Number(quantity),
    limitPrice: numberOf(limitPrice),
    stopPrice: numberOf(stopPrice),
    trail,
    timeInForce,
    reason,
    position,
    state,
    checks,
    refusal,
    path: pathOf(order),
  };
}

function pathOf(order: RecordedOrder): readonly PathStep[] {
  const { requestedSeq, requestedTs, steps, fills, state } = order;
  const plain = { reason: null, fill: null } as const;
  const last = fills.length - 1;
  return [
    { time: formatTime(requestedTs), seq: requestedSeq, state: 'requested', ...plain },
    ...steps.map(({ ts, seq, state, reason }) => ({
      time: formatTime(ts),
      seq,
      state,
      // The venue hands on why an order is there at all: that is said of the order already.
      reason: reason === order.reason ? null : reason,
      fill: null,
    })),
    ...fills.map((fill, at) => ({
      time: formatTime(fill.ts),
      seq: fill.seq,
      state: state === 'filled' && at === last ? 'filled' : 'partially_filled',
      reason: null,
      fill: explainedFill(fill),
    })),
  ].toSorted((one, other) => one.seq - other.seq);
}

function explainedFill(fill: RecordedFill): ExplainedFill {
  const { time, quantity, price, rawPrice, fee, liquidity } = fill;
  return {
    time: formatTime(time),
    quantity: Number(quantity),
    price: Number(price),
    rawPrice: Number(rawPrice),
    fee: Number(fee),
    liquidity,
  };
}

export function explainedPosition(position: RecordedPosition): ExplainedPosition {
  const { id, side, state, entered, entryPrice, exitPrice, entryTime, exitTime } = position;
  const [grossPnl, fees, financing] = [position.grossPnl, position.fees, position.financing];
  return {
    id,
    side,
    state,
    entered: Number(entered),
    entryPrice: Number(entryPrice),
    entryTime: formatTime(entryTime),
    exitPrice: numberOf(exitPrice),
    exitTime: exitTime === null ? null : formatTime(exitTime),
    exitReason: position.exitReason,
    grossPnl: Number(grossPnl),
    fees: Number(fees),
    financing: Number(financing),
    netPnl: Number(grossPnl) - Number(fees) - Number(financing),
  };
}

/** Whether nothing further could happen to it any more, once these things had. */
export function wasOver(order: RecordedOrder, precedes: (event: Moment) => boolean): boolean {
  if (order.steps.some((step) => isFinal(step.state) && precedes(step))) return true;
  return order.state === 'filled' && order.fills.every(precedes);
}

/** An event's number and time. */
export interface Moment {
  readonly seq: number;
  readonly ts: number;
  readonly reason?: string | null;
}

function numberOf(text: string | null): number | null {
  return text === null ? null : Number(text);
}
