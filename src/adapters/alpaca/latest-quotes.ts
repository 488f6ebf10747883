import type { SymbolName } from '../../core/instrument.ts';
import type { Quote } from '../../core/quote.ts';
import { isRecord, nameOf } from './alpaca-bars.ts';
import { badAnswer } from './alpaca-faults.ts';
import { decimalOf, timeOf } from './wire-values.ts';

/**
 * Reads the latest quotes of some symbols, and leaves out those with a side missing, at zero or
 * crossed: out of hours a book has often but one. Throws an `ExchangeError`.
 */
export function readQuotes(answer: unknown, symbols: readonly SymbolName[]): readonly Quote[] {
  const quotes = isRecord(answer) ? answer['quotes'] : null;
  if (!isRecord(quotes)) throw badAnswer('quotes', 'quotes by symbol', nameOf(quotes));
  return symbols.flatMap((symbol) => {
    const row = Object.hasOwn(quotes, symbol) ? quotes[symbol] : null;
    if (!isRecord(row)) return [];
    const [bid, ask, time] = [priceOf(row['bp']), priceOf(row['ap']), timeOf(row['t'])];
    if (bid === null || ask === null || time === null || bid > ask) return [];
    return [{ symbol, bid, ask, time }];
  });
}

function priceOf(value: unknown): number | null {
  const price = typeof value === 'number' ? value : (decimalOf(value)?.toNumber() ?? NaN);
  return Number.isFinite(price) && price > 0 ? price : null;
}
