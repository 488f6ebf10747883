import { Decimal } from '../core/decimal.ts';
import type { Instrument } from '../core/instrument.ts';
import type { OrderRole, Side } from '../core/order.ts';
import type { Meeting } from './bar-matching.ts';
import { slippedPrice, type SlippageModel } from './slippage/slippage-model.ts';

interface FillPriceInput {
  readonly side: Side;
  readonly role: OrderRole;
  readonly meeting: Meeting;
  readonly quantity: Decimal;
  readonly barVolume: number;
  readonly instrument: Instrument;
  /** Null for limit orders: they get their price or nothing. */
  readonly slippage: SlippageModel | null;
}

export interface FillPrice {
  /** Slipped, then moved to the tick against the order; always positive. */
  readonly price: Decimal;
  /**
   * What of the distance to that price, times the quantity, the size of the fill caused: quote
   * currency, from zero to all of it. The rest, rounding to the tick included, is spread.
   */
  readonly impact: Decimal;
}

/** Digits of a slipped price that count; beyond them stands the noise of double arithmetic. */
const SIGNIFICANT_DIGITS = 14;
const SMALLEST = Decimal.parse('0.000000000000000001');

export function fillPrice(input: FillPriceInput): FillPrice {
  const { side, meeting, quantity, instrument, slippage } = input;
  if (slippage === null)
    return { price: onTick(meeting.exact, side, instrument), impact: Decimal.zero };
  const lost = slippage({
    side,
    role: input.role,
    price: meeting.double,
    quantity: quantity.toNumber(),
    barVolume: input.barVolume,
  });
  const slipped = exactPrice(meeting, slippedPrice(side, meeting.double, lost));
  const price = onTick(slipped, side, instrument);
  if (lost.impact === 0) return { price, impact: Decimal.zero };
  const share = Decimal.fromNumber(lost.impact / (lost.spread + lost.impact));
  const distance = slipped.minus(meeting.exact).abs().times(share);
  const most = price.minus(meeting.exact).abs();
  return { price, impact: distance.min(most).times(quantity) };
}

/** The next price against the order that the venue quotes, never zero or below. */
export function onTick(
  price: Decimal,
  side: Side,
  { tickSize }: Pick<Instrument, 'tickSize'>,
): Decimal {
  const quoted = price.toStep(tickSize, side === 'buy' ? 'up' : 'down');
  if (quoted.isPositive) return quoted;
  return tickSize.isPositive ? tickSize : SMALLEST;
}

/**
 * Without the cut to significant digits 100 × 1.001 = 100.10000000000001 would be a whole tick
 * dearer than 100.1. A model that leaves the price alone leaves its exact value alone too.
 */
function exactPrice(meeting: Meeting, slipped: number): Decimal {
  if (slipped === meeting.double) return meeting.exact;
  return Decimal.fromNumber(Number(slipped.toPrecision(SIGNIFICANT_DIGITS)));
}
