import { invariant, present } from '../core/assert.ts';
import { Decimal } from '../core/decimal.ts';
import type { Fill } from '../core/fill.ts';
import type { FinancingCharge } from '../core/financing.ts';
import type { PositionId } from '../core/ids.ts';
import { OpenItems } from '../core/open-items.ts';
import type { OrderRequest } from '../core/order.ts';
import type { Position } from '../core/position.ts';
import { OpenPosition } from './open-position.ts';

/**
 * Cash and positions of the account, exact. Changes by fills, and by what the venue charges for
 * loans, alone.
 *
 * After every change it asserts the accounting identity with the marks cancelled out of both sides:
 * cash + cost of open positions = initial cash + realised − fees − financing.
 */
export class Ledger {
  readonly initialCash: Decimal;
  #cash: Decimal;
  #realised = Decimal.zero;
  #fees = Decimal.zero;
  #financing = Decimal.zero;
  readonly #open = new OpenItems<PositionId, OpenPosition>();

  constructor(initialCash: Decimal) {
    this.initialCash = initialCash;
    this.#cash = initialCash;
  }

  get cash(): Decimal {
    return this.#cash;
  }

  /** Profit and loss of everything sold so far, before fees. */
  get realised(): Decimal {
    return this.#realised;
  }

  get fees(): Decimal {
    return this.#fees;
  }

  /** Borrow fees of shorts and interest on cash owed so far, positive when paid. */
  get financing(): Decimal {
    return this.#financing;
  }

  /** Positions that hold something, in order of entry. */
  openPositions(): Iterable<OpenPosition> {
    return this.#open.values();
  }

  /** Books one fill of an order and returns the position as it stands afterwards. */
  apply(fill: Fill, order: OrderRequest): Position {
    const position = this.#positionFor(fill, order);
    const cashFlow = fill.quantity.times(fill.price);
    this.#cash = (
      fill.side === 'buy' ? this.#cash.minus(cashFlow) : this.#cash.plus(cashFlow)
    ).minus(fill.fee);
    this.#fees = this.#fees.plus(fill.fee);
    if (order.role === 'entry') position.enter(fill);
    else this.#realised = this.#realised.plus(position.exit(fill, order.reason));
    if (position.quantity.isZero) this.#open.delete(position.id);
    this.#assertIdentity();
    return position.snapshot();
  }

  /** Books what a loan cost; returns the position it was for, null for interest on cash. */
  charge(charge: FinancingCharge): Position | null {
    const { amount } = charge;
    invariant(
      amount.isPositive,
      () => `a charge for a loan must be positive, was ${amount.toString()}`,
    );
    this.#cash = this.#cash.minus(amount);
    this.#financing = this.#financing.plus(amount);
    if (charge.kind === 'interest') {
      this.#assertIdentity();
      return null;
    }
    const position = present(this.#open.get(charge.position), `short position ${charge.position}`);
    position.chargeFinancing(amount);
    this.#assertIdentity();
    return position.snapshot();
  }

  /** Profit and loss of open positions at these marks, from what they cost: not from cash. */
  unrealised(markOf: (symbol: string) => Decimal): Decimal {
    let sum = Decimal.zero;
    for (const position of this.#open.values()) {
      sum = sum.plus(position.unrealised(markOf(position.symbol)));
    }
    return sum;
  }

  /** Cash plus the market value of open positions. */
  equity(markOf: (symbol: string) => Decimal): Decimal {
    let sum = this.#cash;
    for (const position of this.#open.values()) {
      sum = sum.plus(position.marketValue(markOf(position.symbol)));
    }
    return sum;
  }

  #positionFor(fill: Fill, order: OrderRequest): OpenPosition {
    const known = this.#open.get(order.position);
    if (known !== undefined) return known;
    invariant(order.role === 'entry', 'a fill that closes must meet an open position', {
      order: order.id,
      position: order.position,
    });
    const opened = new OpenPosition(order, fill.time);
    this.#open.set(order.position, opened);
    return opened;
  }

  #assertIdentity(): void {
    let cost = Decimal.zero;
    for (const position of this.#open.values()) cost = cost.plus(position.signedCost);
    const held = this.#cash.plus(cost);
    const earned = this.#realised.minus(this.#fees).minus(this.#financing);
    const owed = this.initialCash.plus(earned);
    invariant(
      held.equals(owed),
      () =>
        `cash + cost of positions must equal initial cash + realised − fees − financing, was ` +
        `${held.toString()} against ${owed.toString()}`,
    );
  }
}
