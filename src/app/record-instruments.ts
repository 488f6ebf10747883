import { ConfigError } from '../core/errors.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { VenueParts } from '../data/collect/series-collector.ts';
import type { BarStore } from '../ports/bar-store.ts';
import type { Logger } from '../ports/logger.ts';

interface Sources extends Pick<VenueParts, 'source' | 'retrier' | 'clock'> {
  readonly store: Pick<BarStore, 'recordInstrument'>;
}

/** Asks a venue for the terms of symbols, and takes down what it says; a mistyped one is told at once. */
export async function recordInstruments(
  symbols: readonly SymbolName[],
  { source, retrier, clock, store }: Sources,
  signal: AbortSignal,
): Promise<void> {
  for (const symbol of new Set(symbols)) {
    const instrument = await retrier.call(() => source.instrument(symbol, signal), signal);
    store.recordInstrument(
      source.exchange,
      { validFrom: clock.now(), instrument },
      source.exchange,
    );
  }
}

/**
 * The same for symbols that were traded before: what the venue no longer lists keeps the terms it had.
 */
export async function recordKnownInstruments(
  symbols: readonly SymbolName[],
  sources: Sources & { readonly logger: Logger },
  signal: AbortSignal,
): Promise<void> {
  for (const symbol of symbols) {
    try {
      await recordInstruments([symbol], sources, signal);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      sources.logger.warn({ symbol, why: error.message }, 'held, but no longer listed: frozen');
    }
  }
}
