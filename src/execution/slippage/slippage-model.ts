import type { Side } from '../../core/order.ts';

export interface SlippageInput {
  readonly side: Side;
  /** Price before slippage, in quote currency. */
  readonly price: number;
  /** Base units of this fill. */
  readonly quantity: number;
  /** Base units the whole bar traded. */
  readonly barVolume: number;
}

/** The price after slippage: above the given one for buys, below it for sells, or equal. */
export type SlippageModel = (input: SlippageInput) => number;

/** Moves a price by a fraction of itself to the disadvantage of the order. */
export function against(side: Side, price: number, fraction: number): number {
  return side === 'buy' ? price * (1 + fraction) : price * (1 - fraction);
}
