import { ConfigError } from '../core/errors.ts';
import type { SymbolName } from '../core/instrument.ts';
import { parseFileName } from '../data/file-names.ts';
import type { FileIdentity } from '../ports/bar-file.ts';
import type { SeriesKey } from '../ports/bar-store.ts';
import { readBarFileIdentity } from './bar-file-reader.ts';

interface IdentifiedFile {
  readonly key: SeriesKey;
  /** What was taken from where, and what contradicts it, in sentences. */
  readonly notes: readonly string[];
}

const PARTS = ['exchange', 'symbol', 'timeframe', 'adjustment'] as const;

/**
 * The series a file belongs to: what the user gives wins over what the file says in its metadata,
 * and that over its name. Throws a `ConfigError` where nobody names symbol or timeframe.
 */
export async function identifyFile(
  path: string,
  given: FileIdentity,
  homeOf: (symbol: SymbolName) => string,
): Promise<IdentifiedFile> {
  const [inside, name] = [await readBarFileIdentity(path), parseFileName(path)];
  const told = withFallback(inside, name);
  const { exchange, timeframe, adjustment, ...named } = withFallback(given, told);
  const symbol = named.symbol ?? needs(path, '--symbol', 'BTC/USD');
  return {
    key: {
      exchange: exchange ?? homeOf(symbol),
      symbol,
      timeframe: timeframe ?? needs(path, '--timeframe', '1h'),
      adjustment: adjustment ?? 'raw',
    },
    notes: [
      ...taken(given, inside, 'the file itself'),
      ...taken(withFallback(given, inside), name, 'the name of the file'),
      ...contradicted(given, told),
    ],
  };
}

function withFallback(first: FileIdentity, second: FileIdentity): FileIdentity {
  return {
    exchange: first.exchange ?? second.exchange,
    symbol: first.symbol ?? second.symbol,
    timeframe: first.timeframe ?? second.timeframe,
    adjustment: first.adjustment ?? second.adjustment,
  };
}

function taken(known: FileIdentity, source: FileIdentity, where: string): readonly string[] {
  const parts = PARTS.filter((part) => known[part] === null && source[part] !== null);
  if (parts.length === 0) return [];
  return [`${parts.map((part) => `${part} ${source[part]}`).join(', ')} as ${where} says`];
}

function contradicted(given: FileIdentity, told: FileIdentity): readonly string[] {
  return PARTS.filter(
    (part) => given[part] !== null && told[part] !== null && given[part] !== told[part],
  ).map((part) => `${part} ${given[part]} as given, though the file says ${told[part]}`);
}

function needs(path: string, flag: string, example: string): never {
  throw new ConfigError(
    `${flag}: a value such as ${example} was expected, was missing, and the name of ${path} does not ` +
      'tell (coinbase_BTC-USD_1h.csv or BTC_USDT-1h.feather would)',
  );
}
