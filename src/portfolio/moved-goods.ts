import type { Decimal } from '../core/decimal.ts';
import type { Fill } from '../core/fill.ts';

/** What a fill moves into or out of a position. */
export interface Goods {
  /** Base units, positive. */
  readonly units: Decimal;
  /** What they count with, in quote currency. */
  readonly value: Decimal;
}

/**
 * What a fill moves once its fee is taken. From the quote currency, or from a third asset: the
 * quantity, at its price. From the base asset: a buy of quantity q at price p brings q − a, a sale
 * takes q + a, where a is the amount withheld; and fee is a × p.
 *
 * The value is then q·p − fee of a buy, q·p + fee of a sale, so that cash moves by −value − fee of a
 * buy and by +value − fee of a sale whatever the fee is taken from: with the fee in base that is ∓q·p,
 * what was paid or received. A buy changes cash + cost of positions by (−value − fee) + value = −fee,
 * and so does a sale that opens a short; a sale of what cost c realises value − c and changes it by
 * (value − fee) − c. Each is what `realised − fees` changes by: the accounting identity holds exactly,
 * also where a × p had to be cut at the last decimal.
 */
export function goodsOf({ side, quantity, price, fee, commission }: Fill): Goods {
  const value = quantity.times(price);
  if (commission === null || commission.takenFrom !== 'base') return { units: quantity, value };
  const { amount } = commission;
  return side === 'buy'
    ? { units: quantity.minus(amount), value: value.minus(fee) }
    : { units: quantity.plus(amount), value: value.plus(fee) };
}
