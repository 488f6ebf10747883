import { Decimal } from '../core/decimal.ts';
import type { Commission } from '../core/fill.ts';

/** What venues took in other currencies than the quote one, by currency. */
export class Commissions {
  readonly #amounts: Map<string, Decimal>;

  constructor(restored: readonly (readonly [currency: string, amount: Decimal])[]) {
    this.#amounts = new Map(restored);
  }

  get byCurrency(): ReadonlyMap<string, Decimal> {
    return this.#amounts;
  }

  add(commission: Commission | null): void {
    if (commission !== null) this.#change(commission.currency, commission.amount);
  }

  /** One that was booked gives way to another. */
  replace(booked: Commission | null, now: Commission | null): void {
    if (booked !== null) this.#change(booked.currency, booked.amount.negated());
    this.add(now);
  }

  snapshot(): readonly (readonly [currency: string, amount: Decimal])[] {
    return [...this.#amounts];
  }

  #change(currency: string, by: Decimal): void {
    this.#amounts.set(currency, (this.#amounts.get(currency) ?? Decimal.zero).plus(by));
  }
}
