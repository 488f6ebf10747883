import type { SymbolName } from '../core/instrument.ts';

/**
 * Whether the text that a file has for its symbol (`BTC/USD`, `BTCUSD`, `BINANCE:BTC-USD`, `XBTUSD`,
 * or the base alone) can stand for a symbol of ours.
 */
export function namesSymbol(text: string, symbol: SymbolName): boolean {
  const [base = ''] = symbol.split('/');
  const named = bare(text.slice(text.lastIndexOf(':') + 1));
  return named === bare(symbol) || named === bare(base);
}

/** Capitals and digits alone; bitcoin has two tickers. */
function bare(text: string): string {
  return text
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, '')
    .replace(/^XBT/, 'BTC');
}
