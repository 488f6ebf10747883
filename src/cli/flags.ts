import { FILLS_CHOICES, type FillsChoice } from '../app/fills-choice.ts';
import type { WorkspaceOptions } from '../app/workspace.ts';
import { parseTimeRange } from '../config/time-range.ts';
import { ConfigError } from '../core/errors.ts';
import { ADJUSTMENTS, assetClassOf, type Adjustment, type SymbolName } from '../core/instrument.ts';
import { isTimeframe, TIMEFRAMES, type Timeframe, type TimeRange } from '../core/time.ts';
import type { CommandIo } from './io.ts';
import { readableLogLine } from './render/log-line.ts';

/** Flags of every command, as the command line parser hands them over. */
export interface CommonFlags {
  readonly config?: readonly string[];
  readonly set?: readonly string[];
  readonly db?: string;
  readonly json?: boolean;
  readonly debug?: boolean;
  readonly verbose?: boolean;
}

const ALL_TIMES: TimeRange = { start: null, end: null };
const SYMBOLS_MAX = 1000;

/** `BTC/USD,ETH/USD`; each a known shape, none twice. */
export function parseSymbols(text: string): readonly SymbolName[] {
  const symbols = text.split(',').map((symbol) => symbol.trim());
  if (symbols.length > SYMBOLS_MAX) {
    throw new ConfigError(`--symbols: at most ${SYMBOLS_MAX} were expected, was ${symbols.length}`);
  }
  for (const [index, symbol] of symbols.entries()) {
    if (symbol === '') throw new ConfigError(`--symbols: a symbol was expected, was "${text}"`);
    inFlag('--symbols', () => assetClassOf(symbol));
    if (symbols.indexOf(symbol) !== index) {
      throw new ConfigError(`--symbols: each symbol once was expected, was "${symbol}" twice`);
    }
  }
  return symbols;
}

/** `--timerange`; all there is where it is not given. */
export function parseRange(text: string | undefined): TimeRange {
  return text === undefined ? ALL_TIMES : parseTimeRange(text, { now: Date.now() });
}

export function parseSymbol(flag: string, text: string): SymbolName {
  inFlag(flag, () => assetClassOf(text));
  return text;
}

export function parseTimeframe(text: string): Timeframe {
  if (isTimeframe(text)) return text;
  const hint = text === '1M' ? '; 1m is a minute, months are not supported' : '';
  throw new ConfigError(
    `--timeframe: one of ${TIMEFRAMES.join(', ')} was expected, was "${text}"${hint}`,
  );
}

/** `1m,1h`; none twice. */
export function parseTimeframes(text: string): readonly Timeframe[] {
  const timeframes = text.split(',').map((each) => parseTimeframe(each.trim()));
  for (const [index, timeframe] of timeframes.entries()) {
    if (timeframes.indexOf(timeframe) !== index) {
      throw new ConfigError(`--timeframe: each once was expected, was "${timeframe}" twice`);
    }
  }
  return timeframes;
}

/** What was done to prices. */
export function parseAdjustment(text: string): Adjustment {
  const found = ADJUSTMENTS.find((each) => each === text);
  if (found !== undefined) return found;
  throw new ConfigError(
    `--adjustment: one of ${ADJUSTMENTS.join(', ')} was expected, was "${text}"`,
  );
}

/** A whole number of at least `min`. */
export function parseCount(flag: string, text: string, min: number): number {
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value >= min) return value;
  throw new ConfigError(`${flag}: a whole number of at least ${min} was expected, was "${text}"`);
}

/** Puts the flag's name before what is wrong with its value. */
function inFlag<T>(flag: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof ConfigError) {
      throw new ConfigError(`${flag}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

const EXCHANGE = /^[a-z][a-z0-9_]{0,39}$/;

/** An exchange id as in the database: lower case, e.g. `coinbase`. */
export function parseExchange(text: string): string {
  if (EXCHANGE.test(text)) return text;
  throw new ConfigError(`--exchange: an id such as coinbase was expected, was "${text}"`);
}

/** `--fills`; those of the run itself where it is not given. */
export function parseFills(text: string | undefined): FillsChoice {
  if (text === undefined) return 'base';
  const found = FILLS_CHOICES.find((each) => each === text);
  if (found !== undefined) return found;
  throw new ConfigError(`--fills: one of ${FILLS_CHOICES.join(', ')} was expected, was "${text}"`);
}

/** A positive amount of money, exact. */
export function parseCapital(text: string): string {
  if (!/^\d{1,15}(?:\.\d{1,8})?$/.test(text) || Number(text) <= 0) {
    throw new ConfigError(`--capital: a positive amount such as 50000 was expected, was "${text}"`);
  }
  return text;
}

/** What opening a workspace needs of the flags every command has. */
export function workspaceOptions(flags: CommonFlags, io: CommandIo): WorkspaceOptions {
  if (flags.db === '') throw new ConfigError('--db: a path to a file was expected, was ""');
  return {
    configFiles: flags.config ?? [],
    settings: flags.set ?? [],
    databasePath: flags.db ?? null,
    environment: io.environment,
    verbose: flags.verbose === true,
    machine: io.machine,
    log: io.isTerminal ? (line) => io.stderr(readableLogLine(line)) : io.stderr,
  };
}
