import { barName, type Finding } from '../findings.ts';
import type { Laboratory } from '../laboratory.ts';
import type { RunTrace } from '../trial.ts';

/** Symbols that are tried alone; each is a run. */
const ALONE_MAX = 4;

/** Decisions on a symbol must not rest on the order of symbols, nor on which others run along. */
export async function checkSymbols(lab: Laboratory, base: RunTrace): Promise<readonly Finding[]> {
  const { series } = lab.market;
  if (series.length < 2) return [];
  const { held } = base;
  const alone = series.slice(0, ALONE_MAX).map(async (each) => {
    const run = await lab.lastOf([{ series: [each], held }]);
    const { symbol } = each.series;
    const from = (compared: string): number => (compared === symbol ? -Infinity : Infinity);
    const difference = lab.difference(base, run, { from });
    const others = series.map((other) => other.series.symbol).filter((other) => other !== symbol);
    return { difference, input: others.join(', '), how: 'its symbol ran alone' };
  });
  const reversed = lab
    .lastOf([{ series: series.toReversed(), held, inOrder: true }])
    .then((run) => ({
      difference: lab.difference(base, run),
      input: 'the order of the symbols',
      how: 'the symbols came in the opposite order',
    }));
  const found = await Promise.all([...alone, reversed]);
  return found.flatMap(({ difference, input, how }): readonly Finding[] => {
    if (difference === null) return [];
    const { symbol, openTime, what } = difference;
    const message = `the decision changed when ${how}: ${what}`;
    return [
      { kind: 'symbol_dependence', symbol, bar: barName(openTime), input, message, source: null },
    ];
  });
}
