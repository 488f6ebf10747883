import { formatTime } from '../../../core/time.ts';
import type { SymbolName } from '../../../core/instrument.ts';
import type { Difference } from '../compare-traces.ts';
import { barName, type Finding } from '../findings.ts';
import type { Laboratory } from '../laboratory.ts';
import type { RunTrace } from '../trial.ts';

/** Symbols that are tried alone; each is a run. */
const ALONE_MAX = 4;

interface SymbolsVerdict {
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

/**
 * Decisions on a symbol must not rest on the order of symbols, nor on which others run along. A
 * strategy that decides on all together is given them in their order, and may go by it; that is
 * worth a note.
 */
export async function checkSymbols(lab: Laboratory, base: RunTrace): Promise<SymbolsVerdict> {
  const { symbols, isCrossSectional } = lab.market;
  if (symbols.length < 2) return { findings: [], notes: [] };
  if (isCrossSectional) {
    const difference = await inOppositeOrder(lab, base);
    return { findings: [], notes: difference === null ? [] : [orderNote(difference)] };
  }
  const alone = symbols.slice(0, ALONE_MAX).map(async (symbol) => {
    const difference = await byItself(lab, base, symbol);
    const others = symbols.filter((other) => other !== symbol).join(', ');
    return dependence(difference, others, 'its symbol ran alone');
  });
  const reversed = inOppositeOrder(lab, base).then((difference) =>
    dependence(difference, 'the order of the symbols', 'the symbols came in the opposite order'),
  );
  const found = await Promise.all([...alone, reversed]);
  return { findings: found.flat(), notes: [] };
}

/** It may still look at the others where it declares them. */
async function byItself(
  lab: Laboratory,
  base: RunTrace,
  symbol: SymbolName,
): Promise<Difference | null> {
  const run = await lab.lastOf([{ symbols: [symbol], held: base.held }]);
  const from = (compared: SymbolName): number => (compared === symbol ? -Infinity : Infinity);
  return lab.difference(base, run, { from });
}

async function inOppositeOrder(lab: Laboratory, base: RunTrace): Promise<Difference | null> {
  const symbols = lab.market.symbols.toReversed();
  const run = await lab.lastOf([{ symbols, held: base.held, inOrder: true }]);
  // Signals are listed in the order of the symbols: that is no other decision.
  return lab.difference(base, run, { withTurns: false });
}

function dependence(difference: Difference | null, input: string, how: string): readonly Finding[] {
  if (difference === null) return [];
  const { symbol, openTime, what } = difference;
  const message = `the decision changed when ${how}: ${what}`;
  return [
    { kind: 'symbol_dependence', symbol, bar: barName(openTime), input, message, source: null },
  ];
}

function orderNote({ symbol, openTime, what }: Difference): string {
  return (
    'it goes by the order in which the symbols are given: in the opposite order it decided ' +
    `otherwise on ${symbol} ${formatTime(openTime)}: ${what}`
  );
}
