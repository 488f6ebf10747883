import type { Decimal } from '../core/decimal.ts';

type Amounts = Readonly<Record<string, Decimal | null>>;

/** Amounts as numbers to reckon with; null where there is none. */
export type Numbers<T extends Amounts> = {
  readonly [Key in keyof T]: T[Key] extends Decimal ? number : number | null;
};

/** The same as decimal text, to the last digit. */
export type Texts<T extends Amounts> = {
  readonly [Key in keyof T]: T[Key] extends Decimal ? string : string | null;
};

/** Every amount twice: the nearest number under its name, and all its digits under `exact`. */
export function bothWays<T extends Amounts>(amounts: T): Numbers<T> & { readonly exact: Texts<T> };
export function bothWays(amounts: Amounts): object {
  return {
    ...mapped(amounts, (amount) => amount.toNumber()),
    exact: mapped(amounts, (amount) => amount.toString()),
  };
}

function mapped(amounts: Amounts, form: (amount: Decimal) => number | string): object {
  return Object.fromEntries(
    Object.entries(amounts).map(([name, amount]) => [name, amount === null ? null : form(amount)]),
  );
}
