import { Decimal } from '../core/decimal.ts';
import type { Side } from '../core/order.ts';
import type { Level, WorkingOrder } from './working-order.ts';

const LIMIT_FILL_RULES = ['through', 'touch'] as const;
/** `through`: a bar must trade beyond the limit to fill it; `touch`: reaching it is enough. */
export type LimitFillRule = (typeof LIMIT_FILL_RULES)[number];

/** The stretch of trading an order meets: a whole bar from its open, or what is left of one. */
export interface PriceSpan {
  readonly start: number;
  readonly high: number;
  readonly low: number;
}

/** Where an order meets the market, before slippage. */
export interface Meeting {
  readonly exact: Decimal;
  readonly double: number;
  /** It met the first price of the span, not one inside it. */
  readonly atStart: boolean;
}

/** Where a working order meets the span, or null where it does not. */
export function meetingOf(
  { kind, level, request }: WorkingOrder,
  span: PriceSpan,
  limitFill: LimitFillRule,
): Meeting | null {
  if (kind === 'market' || level === null) return startOf(span);
  return kind === 'stop'
    ? stopMeeting(request.side, level, span)
    : limitMeeting({ side: request.side, level, span, limitFill });
}

/** A stop beyond which the span starts is filled at that first price: gaps hurt. */
function stopMeeting(side: Side, level: Level, span: PriceSpan): Meeting | null {
  const stop = level.double;
  const gapped = side === 'buy' ? span.start >= stop : span.start <= stop;
  if (gapped) return startOf(span);
  const reached = side === 'buy' ? span.high >= stop : span.low <= stop;
  return reached ? inside(level) : null;
}

interface LimitInput {
  readonly side: Side;
  readonly level: Level;
  readonly span: PriceSpan;
  readonly limitFill: LimitFillRule;
}

/** A limit better than which the span starts is filled at that first price. */
function limitMeeting({ side, level, span, limitFill }: LimitInput): Meeting | null {
  const limit = level.double;
  const better = side === 'buy' ? span.start < limit : span.start > limit;
  if (better) return startOf(span);
  const passed = side === 'buy' ? span.low < limit : span.high > limit;
  const touched = side === 'buy' ? span.low <= limit : span.high >= limit;
  return passed || (touched && limitFill === 'touch') ? inside(level) : null;
}

/** The first price of the span. */
export function startOf({ start }: PriceSpan): Meeting {
  return { exact: Decimal.fromNumber(start), double: start, atStart: true };
}

function inside({ exact, double }: Level): Meeting {
  return { exact, double, atStart: false };
}
