import type { Decimal } from '../../src/core/decimal.ts';
import type { Fill } from '../../src/core/fill.ts';
import type { FinancingCharge } from '../../src/core/financing.ts';
import type { OrderId, PositionId } from '../../src/core/ids.ts';
import type { OrderRequest } from '../../src/core/order.ts';

/** Decimals of a quantity or a price, and of a product of two of them. */
const PLACES = 18n;
const SCALE = 10n ** PLACES;

/** Units of 1e-18, read from the number's own text: no arithmetic of the code under test. */
export function unitsOf(value: Decimal | number): bigint {
  const [, sign = '', whole = '', fraction = ''] =
    /^(-?)(\d+)\.?(\d*)$/.exec(value.toString()) ?? [];
  return BigInt(`${sign}${whole}${fraction.padEnd(Number(PLACES), '0')}`);
}

interface Holding {
  readonly symbol: string;
  /** Units of 1e-18, negative for shorts. */
  quantity: bigint;
}

/**
 * Cash and holdings worked out from fills and charges alone, in whole numbers of 1e-36: products are exact, and
 * nothing of the ledger is used.
 */
export class FillBooks {
  readonly #orders = new Map<OrderId, OrderRequest>();
  readonly #holdings = new Map<PositionId, Holding>();
  #cash: bigint;
  #fees = 0n;
  #financing = 0n;

  constructor(initialCash: Decimal) {
    this.#cash = unitsOf(initialCash) * SCALE;
  }

  /** Units of 1e-36. */
  get cash(): bigint {
    return this.#cash;
  }

  /** Units of 1e-18. */
  get fees(): bigint {
    return this.#fees;
  }

  /** Units of 1e-18. */
  get financing(): bigint {
    return this.#financing;
  }

  /** Units of 1e-18 by position, of those that hold something. */
  get quantities(): ReadonlyMap<PositionId, bigint> {
    return new Map([...this.#holdings].map(([id, { quantity }]) => [id, quantity]));
  }

  requested(order: OrderRequest): void {
    this.#orders.set(order.id, order);
  }

  filled({ orderId, symbol, side, quantity, price, fee }: Fill): void {
    const order = this.#orders.get(orderId);
    if (order === undefined) throw new Error(`fill of ${orderId}, which nobody asked for`);
    const signed = side === 'buy' ? unitsOf(quantity) : -unitsOf(quantity);
    this.#cash -= signed * unitsOf(price) + unitsOf(fee) * SCALE;
    this.#fees += unitsOf(fee);
    const holding = this.#holdings.get(order.position) ?? { symbol, quantity: 0n };
    holding.quantity += signed;
    if (holding.quantity === 0n) this.#holdings.delete(order.position);
    else this.#holdings.set(order.position, holding);
  }

  charged({ amount }: FinancingCharge): void {
    this.#cash -= unitsOf(amount) * SCALE;
    this.#financing += unitsOf(amount);
  }

  /** Cash and holdings at these marks, in units of 1e-36; marks in units of 1e-18. */
  equity(marks: ReadonlyMap<string, bigint>): bigint {
    let sum = this.#cash;
    for (const { symbol, quantity } of this.#holdings.values()) {
      const mark = marks.get(symbol);
      if (mark === undefined) throw new Error(`${symbol} is held but has no mark`);
      sum += quantity * mark;
    }
    return sum;
  }
}

/** Units of 1e-18 as units of 1e-36, to compare a ledger's number with one of the books. */
export function fine(units: bigint): bigint {
  return units * SCALE;
}
