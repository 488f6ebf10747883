import { Decimal } from '../core/decimal.ts';
import type { Side } from '../core/order.ts';
import type { Quote } from '../core/quote.ts';

/** The side of a quote that an order meets: who buys pays what is asked, who sells gets what is bid. */
export function touchOf({ bid, ask }: Quote, side: Side): number {
  return side === 'buy' ? ask : bid;
}

/** The middle of a quote: what is held is worth that. */
export function middleOf({ bid, ask }: Quote): Decimal {
  return Decimal.fromNumber((bid + ask) / 2);
}

/** False for what no order book shows: nothing, infinity, more bid than asked. */
export function isSound({ bid, ask, time }: Quote): boolean {
  return bid > 0 && ask >= bid && ask < Infinity && Number.isFinite(time);
}
