import { ConfigError, QuantSageError, StrategyError } from '../core/errors.ts';
import { assetClassOf, refuseMeantPair, type SymbolName } from '../core/instrument.ts';
import { messageOf, unlike } from './fault-text.ts';
import type { StrategyDefinition } from './strategy.ts';

/** What is needed to know which symbols a strategy looks at. */
interface Declaring {
  readonly id: string;
  readonly definition: StrategyDefinition;
  readonly params: unknown;
}

/**
 * The symbols a strategy declares under `informative`, each once, in its order. Throws a
 * `ConfigError` for what is no symbol, a `StrategyError` for what is no list of texts.
 */
export function informativeSymbolsOf({ id, definition, params }: Declaring): readonly SymbolName[] {
  const { informative } = definition;
  if (informative === undefined) return [];
  const at = `strategy "${id}": informative`;
  try {
    const declared: unknown = typeof informative === 'function' ? informative(params) : informative;
    if (!isTextList(declared)) {
      throw new StrategyError(unlike("a list of symbols such as ['BTC/USD']", declared));
    }
    for (const symbol of declared) {
      assetClassOf(symbol);
      refuseMeantPair(symbol);
    }
    return [...new Set(declared)];
  } catch (error) {
    const message = `${at}: ${error instanceof QuantSageError ? '' : 'threw: '}${messageOf(error)}`;
    if (error instanceof ConfigError) throw new ConfigError(message, { cause: error });
    throw new StrategyError(message, { cause: error });
  }
}

/** Symbols that some strategy looks at and none trades. */
export function watchedOnly(
  strategies: readonly (Declaring & { readonly symbols: readonly SymbolName[] })[],
): readonly SymbolName[] {
  const traded = new Set(strategies.flatMap(({ symbols }) => symbols));
  const declared = new Set(strategies.flatMap(informativeSymbolsOf));
  return [...declared].filter((symbol) => !traded.has(symbol));
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
