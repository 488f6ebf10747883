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
  readonly close: number;
  /** High and low are sure to come after the start; after a fill inside a bar nobody knows. */
  readonly rangeFollows: boolean;
}

/** Where an order meets the market, before slippage. */
export interface Meeting {
  readonly exact: Decimal;
  readonly double: number;
  /** It met the first price of the span, not one inside it. */
  readonly atStart: boolean;
}

/** Whether a span comes to the price an order waits for; an order at the market waits for none. */
export function isInReach(
  { kind, level, request }: WorkingOrder,
  { high, low }: Pick<PriceSpan, 'high' | 'low'>,
): boolean {
  if (level === null) return true;
  const waitsForHigher = (request.side === 'buy') === (kind === 'stop');
  return waitsForHigher ? high >= level.double : low <= level.double;
}

/** Where a working order meets the span, or null where it does not. */
export function meetingOf(
  { kind, level, request, isImmediate }: WorkingOrder,
  span: PriceSpan,
  limitFill: LimitFillRule,
): Meeting | null {
  if (kind === 'market' || level === null) return startOf(span);
  if (kind === 'stop') return stopMeeting(request.side, level, span);
  const seen = isImmediate ? onePrice(span.start) : span;
  return limitMeeting({ side: request.side, level, span: seen, limitFill });
}

/** A stop beyond which the span starts is filled at that first price: gaps hurt. */
function stopMeeting(side: Side, level: Level, span: PriceSpan): Meeting | null {
  if (reachesStop(side, span.start, level)) return startOf(span);
  const farthest = side === 'buy' ? span.high : span.low;
  return reachesStop(side, farthest, level) ? inside(level) : null;
}

/** Whether a price lies at a stop or beyond it. */
export function reachesStop(side: Side, price: number, { double }: Level): boolean {
  return side === 'buy' ? price >= double : price <= double;
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
  const best = side === 'buy' ? span.low : span.high;
  return fillsLimit({ side, level, limitFill }, best) ? inside(level) : null;
}

/** Whether trading at a price fills a limit that rests. */
export function fillsLimit(
  { side, level, limitFill }: Omit<LimitInput, 'span'>,
  price: number,
): boolean {
  const passed = side === 'buy' ? price < level.double : price > level.double;
  return passed || (price === level.double && limitFill === 'touch');
}

/** The first price of the span. */
export function startOf({ start }: Pick<PriceSpan, 'start'>): Meeting {
  return { exact: Decimal.fromNumber(start), double: start, atStart: true };
}

/** A price that the span comes to after its first one. */
export function inside({ exact, double }: Level): Meeting {
  return { exact, double, atStart: false };
}

/** A moment of trading: nothing but one price. */
export function onePrice(price: number): PriceSpan {
  return { start: price, high: price, low: price, close: price, rangeFollows: true };
}
