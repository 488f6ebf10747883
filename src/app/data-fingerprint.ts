import type { SymbolName } from '../core/instrument.ts';
import type { DatedInstrument } from '../ports/bar-store.ts';
import type { BacktestPlan } from './backtest-plan.ts';
import { sha256 } from './content-hash.ts';

interface DataOfRun extends Pick<BacktestPlan, 'instruments' | 'start' | 'end'> {
  readonly series: readonly { readonly symbol: SymbolName }[];
}

/**
 * SHA-256 of all data a run depends on: of its bars, and of what venues let one trade during it (a
 * line `symbol|from|tick|lot|minimum|maker|taker` for each set of terms, sorted). The user's own
 * corrections of these are part of the configuration's hash.
 */
export function dataFingerprint(
  bars: string,
  { series, instruments, start, end }: DataOfRun,
): string {
  const terms = series.flatMap(({ symbol }) =>
    instruments.storedWithin(symbol, start, end).map((dated) => termsLine(symbol, dated)),
  );
  return sha256([bars, ...terms.sort()].join('\n'));
}

function termsLine(symbol: string, { validFrom, instrument }: DatedInstrument): string {
  const { tickSize, lotStep, minNotional, fees } = instrument;
  const amounts = [tickSize, lotStep, minNotional, fees?.maker ?? '', fees?.taker ?? ''];
  return [symbol, validFrom, ...amounts.map(String)].join('|');
}
