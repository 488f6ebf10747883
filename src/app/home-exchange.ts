import type { Config } from '../config/config-schema.ts';
import { assetClassOf, type SymbolName } from '../core/instrument.ts';

/** Where bars of a symbol come from when nobody says otherwise. */
export function homeExchange(symbol: SymbolName, { data }: Pick<Config, 'data'>): string {
  return assetClassOf(symbol) === 'crypto' ? data.exchange : data.stockExchange;
}
