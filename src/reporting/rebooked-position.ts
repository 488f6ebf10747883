import { Decimal } from '../core/decimal.ts';
import type { Fill } from '../core/fill.ts';
import type { Position } from '../core/position.ts';
import { notionalOf, slippageOf } from './fill-costs.ts';

/** What a position came to with its fills at other prices and fees; exact once it is closed. */
export class RebookedPosition {
  #enteredValue = Decimal.zero;
  #exitedValue = Decimal.zero;
  #exited = Decimal.zero;
  #fees = Decimal.zero;
  #slippage = Decimal.zero;
  #impact = Decimal.zero;
  /** Cash beyond that of the run. */
  #gained = Decimal.zero;

  get gained(): Decimal {
    return this.#gained;
  }

  book(fill: Fill, gained: Decimal, isEntry: boolean): void {
    const value = notionalOf(fill);
    if (isEntry) {
      this.#enteredValue = this.#enteredValue.plus(value);
    } else {
      this.#exitedValue = this.#exitedValue.plus(value);
      this.#exited = this.#exited.plus(fill.quantity);
    }
    this.#fees = this.#fees.plus(fill.fee);
    this.#slippage = this.#slippage.plus(slippageOf(fill));
    this.#impact = this.#impact.plus(fill.impact);
    this.#gained = this.#gained.plus(gained);
  }

  /** The position of the run with these prices and costs. */
  viewOf(position: Position): Position {
    const moreFees = this.#fees.minus(position.fees);
    return {
      ...position,
      entryPrice: this.#enteredValue.dividedBy(position.entered),
      exitPrice: this.#exited.isZero ? null : this.#exitedValue.dividedBy(this.#exited),
      // The gain in cash is what it earned more before fees, less what it paid more of them.
      grossPnl: position.grossPnl.plus(this.#gained).plus(moreFees),
      fees: this.#fees,
      slippage: this.#slippage,
      impact: this.#impact,
    };
  }
}
