import type { OrderRole, Side } from '../../core/order.ts';

export interface SlippageInput {
  readonly side: Side;
  readonly role: OrderRole;
  /** Price before slippage, in quote currency. */
  readonly price: number;
  /** Base units of this fill. */
  readonly quantity: number;
  /** Base units the whole bar traded. */
  readonly barVolume: number;
}

/** What a fill loses against the price it met: fractions of that price, zero or positive. */
export interface Slippage {
  /** Lost whatever the size: the distance between the middle of the book and its best price. */
  readonly spread: number;
  /** Lost because of the size: the distance a fill eats into the book. */
  readonly impact: number;
}

export type SlippageModel = (input: SlippageInput) => Slippage;

export const NO_SLIPPAGE: Slippage = { spread: 0, impact: 0 };

/** The price moved by what it loses to the disadvantage of the order. */
export function slippedPrice(side: Side, price: number, { spread, impact }: Slippage): number {
  const fraction = spread + impact;
  return side === 'buy' ? price * (1 + fraction) : price * (1 - fraction);
}
