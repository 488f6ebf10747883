import type { SymbolName } from '../../core/instrument.ts';

/** What one decision says about one symbol. */
export interface DecidedOn {
  readonly symbol: SymbolName;
  /** Its signals as JSON; empty for none. */
  readonly signals: string;
  /** Signals on other symbols that are listed before them. */
  readonly turn: number;
}

/** A list of the caller's own: a strategy may use its list again, as long as it leaves the signals. */
export function signalsOf(decision: unknown): readonly unknown[] {
  if (decision === null || decision === undefined) return [];
  const list: readonly unknown[] = Array.isArray(decision) ? decision : [decision];
  return [...list];
}

/**
 * Signals by the symbols that were asked about, of which there is at least one. What is on none of
 * them, or no signal at all, counts as said of the first.
 */
export function decidedOn(
  list: readonly unknown[],
  symbols: readonly SymbolName[],
): readonly DecidedOn[] {
  return symbols.map((symbol) => {
    const own = list.filter((each) => symbolOf(each, symbols) === symbol);
    return { symbol, signals: textOf(own), turn: Math.max(list.indexOf(own[0]), 0) };
  });
}

function symbolOf(signal: unknown, symbols: readonly SymbolName[]): SymbolName | undefined {
  const symbol: unknown =
    typeof signal === 'object' && signal !== null ? Reflect.get(signal, 'symbol') : null;
  return symbols.find((each) => each === symbol) ?? symbols[0];
}

/** A list of one signal is that signal; nothing at all is no text. */
function textOf(list: readonly unknown[]): string {
  if (list.length === 0) return '';
  try {
    return JSON.stringify(list.length === 1 ? list[0] : list) ?? typeof list[0];
  } catch (error) {
    return `what cannot be written down: ${error instanceof Error ? error.message : String(error)}`;
  }
}
