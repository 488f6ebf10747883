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
  readonly slippage: SlippageModel;
  /** Of a limit order, which does not slip: it gets its price or nothing. Null for every other. */
  readonly limit: Decimal | null;
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
  const { side, meeting, quantity, instrument, slippage, limit } = input;
  if (limit !== null) {
    const price = within(limit, side, onTick(meeting.exact, side, instrument));
    return { price, impact: Decimal.zero };
  }
  const lost = slippage({
    side,
    role: input.role,
    price: meeting.double,
    quantity: quantity.toNumber(),
    barVolume: input.barVolume,
  });
  const slipped = exactPrice(meeting, side, slippedPrice(side, meeting.double, lost));
  const price = onTick(slipped, side, instrument);
  if (lost.impact === 0) return { price, impact: Decimal.zero };
  const distance = lossOf(side, meeting.exact, slipped);
  const eaten = lost.spread === 0 ? distance : rounded(meeting.double * lost.impact);
  // Where the price could not fall any further, not all of the distance was lost.
  const most = distance.min(lossOf(side, meeting.exact, price)).max(Decimal.zero);
  return { price, impact: eaten.min(most).times(quantity) };
}

/** Never worse than the limit, though the venue made its ticks larger since it was set. */
function within(limit: Decimal, side: Side, price: Decimal): Decimal {
  return side === 'buy' ? price.min(limit) : price.max(limit);
}

/** How much worse the second price is for the order; negative where it is better. */
function lossOf(side: Side, from: Decimal, to: Decimal): Decimal {
  return side === 'buy' ? to.minus(from) : from.minus(to);
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
 * dearer than 100.1. A model that leaves the price alone leaves its exact value alone too, and the
 * cut must not make it better than it was.
 */
function exactPrice({ double, exact }: Meeting, side: Side, slipped: number): Decimal {
  if (slipped === double) return exact;
  const price = rounded(slipped);
  return side === 'buy' ? price.max(exact) : price.min(exact);
}

function rounded(value: number): Decimal {
  return Decimal.fromNumber(Number(value.toPrecision(SIGNIFICANT_DIGITS)));
}
