import { Decimal } from '../core/decimal.ts';
import type { Instrument } from '../core/instrument.ts';
import type { Side } from '../core/order.ts';
import type { Meeting } from './bar-matching.ts';
import type { SlippageModel } from './slippage/slippage-model.ts';

interface FillPriceInput {
  readonly side: Side;
  readonly meeting: Meeting;
  readonly quantity: Decimal;
  readonly barVolume: number;
  readonly instrument: Instrument;
  /** Null for limit orders: they get their price or nothing. */
  readonly slippage: SlippageModel | null;
}

/** Digits of a slipped price that count; beyond them stands the noise of double arithmetic. */
const SIGNIFICANT_DIGITS = 14;
const SMALLEST = Decimal.parse('0.000000000000000001');

/** Price of a fill: slipped, then moved to the tick against the order, never zero or below. */
export function fillPrice(input: FillPriceInput): Decimal {
  const { side, instrument } = input;
  const price = slipped(input).toStep(instrument.tickSize, side === 'buy' ? 'up' : 'down');
  if (price.isPositive) return price;
  return instrument.tickSize.isPositive ? instrument.tickSize : SMALLEST;
}

/**
 * Without the cut to significant digits 100 × 1.001 = 100.10000000000001 would be a whole tick
 * dearer than 100.1. A model that leaves the price alone leaves its exact value alone too.
 */
function slipped({ side, meeting, quantity, barVolume, slippage }: FillPriceInput): Decimal {
  if (slippage === null) return meeting.exact;
  const price = slippage({
    side,
    price: meeting.double,
    quantity: quantity.toNumber(),
    barVolume,
  });
  if (price === meeting.double) return meeting.exact;
  return Decimal.fromNumber(Number(price.toPrecision(SIGNIFICANT_DIGITS)));
}
