import type { Config } from '../config/config-schema.ts';
import { Decimal } from '../core/decimal.ts';
import { InvariantError } from '../core/errors.ts';
import type { Instrument, SymbolName } from '../core/instrument.ts';
import type { BarStore, Series } from '../ports/bar-store.ts';

type ExecutionSettings = Config['execution'];

/** Instruments of a run by symbol: as stored with the data, with the user's corrections. */
export function instrumentDirectory(
  store: Pick<BarStore, 'instruments'>,
  series: readonly Series[],
  settings: ExecutionSettings,
): (symbol: SymbolName) => Instrument {
  const directory = new Map(
    series.map(({ exchange, symbol }) => {
      const stored = store.instruments(exchange, symbol).at(-1)?.instrument;
      if (stored === undefined)
        throw new InvariantError(`${symbol} must be stored with its instrument`);
      return [symbol, corrected(stored, settings)];
    }),
  );
  return (symbol) => {
    const instrument = directory.get(symbol);
    if (instrument !== undefined) return instrument;
    throw new InvariantError(`an instrument of this run was expected, was "${symbol}"`);
  };
}

function corrected(
  stored: Instrument,
  { instruments, enforceTicks }: ExecutionSettings,
): Instrument {
  if (!enforceTicks) {
    return {
      ...stored,
      tickSize: Decimal.zero,
      lotStep: Decimal.zero,
      minNotional: Decimal.zero,
    };
  }
  const change = instruments.find(({ symbol }) => symbol === stored.symbol);
  const pick = (value: number | null | undefined, otherwise: Decimal) =>
    value === null || value === undefined ? otherwise : Decimal.fromNumber(value);
  return {
    ...stored,
    tickSize: pick(change?.tickSize, stored.tickSize),
    lotStep: pick(change?.lotStep, stored.lotStep),
    minNotional: pick(change?.minNotional, stored.minNotional),
  };
}
