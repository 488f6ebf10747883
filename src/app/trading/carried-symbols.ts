import type { SymbolName } from '../../core/instrument.ts';
import type { JournalArchive, LastingRunStore } from '../../ports/lasting-run.ts';
import { readSessionState } from './session-state.ts';

interface CarriedSources {
  readonly lasting: Pick<LastingRunStore, 'unfinished'>;
  readonly journals: Pick<JournalArchive, 'state'>;
}

/**
 * Symbols in which the run that is to go on holds something or has orders: they are looked after
 * whatever the configuration names by now. Empty where a new run begins.
 */
export function carriedSymbols(mode: string, sources: CarriedSources): readonly SymbolName[] {
  const runId = sources.lasting.unfinished(mode);
  const stored = runId === null ? null : sources.journals.state(runId);
  if (stored === null) return [];
  const { ledger, pending } = readSessionState(stored.state).engine.portfolio;
  const symbols = [
    ...ledger.open.map(({ symbol }) => symbol),
    ...pending.orders.map(({ order }) => order.symbol),
  ];
  return [...new Set(symbols)].sort();
}
