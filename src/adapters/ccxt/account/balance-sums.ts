import type { VenueBalance } from '../../../ports/exchange-account.ts';

/** One row a currency: what lies in several accounts of it is one balance. */
export function sumsByCurrency(rows: readonly VenueBalance[]): readonly VenueBalance[] {
  const sums = new Map<string, VenueBalance>();
  for (const row of rows) {
    const { currency } = row;
    const sum = sums.get(currency);
    sums.set(
      currency,
      sum === undefined
        ? row
        : { currency, total: sum.total.plus(row.total), free: sum.free.plus(row.free) },
    );
  }
  return [...sums.values()];
}
