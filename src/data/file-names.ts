import type { SymbolName } from '../core/instrument.ts';
import { ADJUSTMENTS, isSymbol } from '../core/instrument.ts';
import { isTimeframe, type Timeframe } from '../core/time.ts';
import type { FileIdentity } from '../ports/bar-file.ts';
import type { SeriesKey } from '../ports/bar-store.ts';

const EXTENSIONS = /\.(?:csv|json|feather|parquet|arrow|txt|gz)$/i;
/** `coinbase_BTC-USD_1h`, `alpaca_AAPL_1d_split`. */
const EXPORTED = /^(?:(.+)_)?([A-Z0-9.-]+)_([^_]+?)(?:_([a-z]+))?$/;
/** `BTC_USDT-1h`; futures (`BTC_USDT_USDT-1h-futures`) are of no symbol that has a name here. */
const FREQTRADE = /^(?:([A-Z0-9]+)_([A-Z0-9]+)|[A-Z0-9_]+)-([^-]+)(?:-(\w+))?$/;
const EXCHANGE = /^[a-z][a-z0-9_]{0,39}$/;
/** `BTCUSDT`, as others name a file of BTC/USDT: no ticker, and where it divides is a guess. */
const UNDIVIDED_PAIR = /^[A-Z0-9]{3,}(?:USD[CT]?|EUR|GBP|BTC|ETH)$/;
/** Less is a class of shares: `BRK-B`, which an export of ours would call `BRK--B`. */
const CURRENCY_LENGTH_MIN = 3;
const SILENT: FileIdentity = { exchange: null, symbol: null, timeframe: null, adjustment: null };

/** The name an export gives a file of its own accord, without the ending. Read by `parseFileName`. */
export function exportedName({ exchange, symbol, timeframe, adjustment }: SeriesKey): string {
  const end = adjustment === 'raw' ? '' : `_${adjustment}`;
  return `${exchange}_${symbolText(symbol)}_${timeframe}${end}`;
}

/**
 * What the name of a file says of the bars in it, if an export of ours or freqtrade gave it. Silent
 * where that is in doubt: a wrong guess puts the bars among those of another series.
 */
export function parseFileName(path: string): FileIdentity {
  let name = path.split(/[/\\]/).at(-1) ?? '';
  while (EXTENSIONS.test(name)) name = name.replace(EXTENSIONS, '');
  return parseFreqtrade(name) ?? parseExported(name) ?? SILENT;
}

function parseExported(name: string): FileIdentity | null {
  const [, exchange, symbol = '', timeframe = '', end] = EXPORTED.exec(name) ?? [];
  const adjustment = ADJUSTMENTS.find((each) => each === (end ?? 'raw'));
  if (!isTimeframe(timeframe) || adjustment === undefined) return null;
  if (exchange !== undefined && !EXCHANGE.test(exchange)) return null;
  return {
    exchange: exchange ?? null,
    symbol: parseSymbolText(symbol),
    timeframe,
    adjustment: end === undefined ? null : adjustment,
  };
}

function parseFreqtrade(name: string): FileIdentity | null {
  const [, base, quote, timeframe = '', kind] = FREQTRADE.exec(name) ?? [];
  const known: Timeframe | null = isTimeframe(timeframe) ? timeframe : null;
  if (known === null) return null;
  const isSpot = base !== undefined && quote !== undefined && kind === undefined;
  return { ...SILENT, symbol: isSpot ? `${base}/${quote}` : null, timeframe: known };
}

/** A slash cannot be part of a file name. The dash that stands for it is doubled where it is one. */
function symbolText(symbol: SymbolName): string {
  return symbol.replaceAll('-', '--').replace('/', '-');
}

function parseSymbolText(text: string): SymbolName | null {
  const parts = text.split(/(?<!-)-(?!-)/);
  const [base = '', quote] = parts;
  if (parts.length > 2 || parts.includes('')) return null;
  if (quote === undefined ? UNDIVIDED_PAIR.test(base) : quote.length < CURRENCY_LENGTH_MIN)
    return null;
  const symbol = parts.map((part) => part.replaceAll('--', '-')).join('/');
  return isSymbol(symbol) ? symbol : null;
}
