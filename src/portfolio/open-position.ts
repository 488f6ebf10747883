import { invariant } from '../core/assert.ts';
import { Decimal } from '../core/decimal.ts';
import type { Fill } from '../core/fill.ts';
import type { PositionId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { OrderRequest } from '../core/order.ts';
import type { Position, PositionSide } from '../core/position.ts';
import type { EpochMs } from '../core/time.ts';

/** A position from its first entry fill to the fill that brings it to zero; exact. */
export class OpenPosition {
  readonly id: PositionId;
  readonly symbol: SymbolName;
  readonly side: PositionSide;
  readonly #strategy: Position['strategy'];
  readonly #entryTime: EpochMs;
  #quantity = Decimal.zero;
  #entered = Decimal.zero;
  #enteredValue = Decimal.zero;
  #exited = Decimal.zero;
  #exitedValue = Decimal.zero;
  /** What the quantity still held cost, fees not included. */
  #cost = Decimal.zero;
  #grossPnl = Decimal.zero;
  #fees = Decimal.zero;
  #slippage = Decimal.zero;
  #impact = Decimal.zero;
  #financing = Decimal.zero;
  #exitTime: EpochMs | null = null;
  #exitReason: string | null = null;

  constructor(order: OrderRequest, entryTime: EpochMs) {
    this.id = order.position;
    this.symbol = order.symbol;
    this.side = order.side === 'buy' ? 'long' : 'short';
    this.#strategy = order.strategy;
    this.#entryTime = entryTime;
  }

  get quantity(): Decimal {
    return this.#quantity;
  }

  /** Cost with the sign of the holding: a short's cost is money received. */
  get signedCost(): Decimal {
    return this.#signed(this.#cost);
  }

  enter(fill: Fill): void {
    const value = fill.quantity.times(fill.price);
    this.#quantity = this.#quantity.plus(fill.quantity);
    this.#entered = this.#entered.plus(fill.quantity);
    this.#enteredValue = this.#enteredValue.plus(value);
    this.#cost = this.#cost.plus(value);
    this.#charge(fill);
  }

  /** Books an exit and returns the profit or loss it realised, before fees. */
  exit(fill: Fill, reason: string): Decimal {
    invariant(
      !fill.quantity.greaterThan(this.#quantity),
      () =>
        `an exit of ${this.symbol} must not exceed the ${this.#quantity.toString()} held, was ` +
        fill.quantity.toString(),
    );
    const value = fill.quantity.times(fill.price);
    const costRemoved = this.#costOf(fill.quantity);
    const pnl = this.#signed(value.minus(costRemoved));
    this.#quantity = this.#quantity.minus(fill.quantity);
    this.#cost = this.#cost.minus(costRemoved);
    this.#exited = this.#exited.plus(fill.quantity);
    this.#exitedValue = this.#exitedValue.plus(value);
    this.#grossPnl = this.#grossPnl.plus(pnl);
    this.#exitTime = fill.time;
    this.#exitReason = reason;
    this.#charge(fill);
    return pnl;
  }

  /** Adds a fee for the goods that were borrowed to be sold. */
  chargeFinancing(amount: Decimal): void {
    this.#financing = this.#financing.plus(amount);
  }

  marketValue(mark: Decimal): Decimal {
    return this.#signed(this.#quantity.times(mark));
  }

  unrealised(mark: Decimal): Decimal {
    return this.#signed(this.#quantity.times(mark).minus(this.#cost));
  }

  snapshot(): Position {
    return Object.freeze({
      id: this.id,
      strategy: this.#strategy,
      symbol: this.symbol,
      side: this.side,
      quantity: this.#quantity,
      entered: this.#entered,
      entryPrice: this.#enteredValue.dividedBy(this.#entered),
      exitPrice: this.#exited.isZero ? null : this.#exitedValue.dividedBy(this.#exited),
      grossPnl: this.#grossPnl,
      fees: this.#fees,
      slippage: this.#slippage,
      impact: this.#impact,
      financing: this.#financing,
      entryTime: this.#entryTime,
      exitTime: this.#exitTime,
      exitReason: this.#exitReason,
    });
  }

  /** Share of the cost that leaves with `quantity`; all of it with the last unit, so none is lost. */
  #costOf(quantity: Decimal): Decimal {
    if (quantity.equals(this.#quantity)) return this.#cost;
    return this.#cost.times(quantity).dividedBy(this.#quantity);
  }

  #charge(fill: Fill): void {
    const perUnit =
      fill.side === 'buy' ? fill.price.minus(fill.rawPrice) : fill.rawPrice.minus(fill.price);
    this.#slippage = this.#slippage.plus(perUnit.times(fill.quantity));
    this.#impact = this.#impact.plus(fill.impact);
    this.#fees = this.#fees.plus(fill.fee);
  }

  #signed(value: Decimal): Decimal {
    return this.side === 'long' ? value : value.negated();
  }
}
