import { present } from '../core/assert.ts';
import type { Config } from '../config/config-schema.ts';
import { Decimal } from '../core/decimal.ts';
import { InvariantError } from '../core/errors.ts';
import type { Instrument, SymbolName } from '../core/instrument.ts';
import type { EpochMs } from '../core/time.ts';
import type { DatedInstrument, Series } from '../ports/bar-store.ts';

type ExecutionSettings = Pick<Config['execution'], 'instruments' | 'enforceTicks'>;

interface InstrumentStore {
  /** Ascending by time. */
  instruments(exchange: string, symbol: SymbolName): readonly DatedInstrument[];
}

/**
 * Instruments of a run as their venue had them at each moment of it: as stored with the data, with
 * the user's corrections, which hold whenever.
 */
export class InstrumentDirectory {
  readonly #terms: ReadonlyMap<SymbolName, InstrumentTerms>;

  /** Throws an `InvariantError` for a series that is stored without its instrument. */
  constructor(
    store: InstrumentStore,
    series: readonly Pick<Series, 'exchange' | 'symbol'>[],
    settings: ExecutionSettings,
  ) {
    this.#terms = new Map(
      series.map(({ exchange, symbol }) => {
        const stored = store.instruments(exchange, symbol);
        if (stored.length > 0) return [symbol, new InstrumentTerms(stored, settings)];
        throw new InvariantError(`${symbol} must be stored with its instrument`);
      }),
    );
  }

  /** Throws an `InvariantError` for a symbol that is none of the run's. */
  at(symbol: SymbolName, time: EpochMs): Instrument {
    return this.#of(symbol).at(time);
  }

  /** What held at the start of a span and what changed within it, ascending; the first at `from`. */
  within(symbol: SymbolName, from: EpochMs, to: EpochMs): readonly DatedInstrument[] {
    return this.#of(symbol).within(from, to);
  }

  /** The same without the user's corrections. */
  storedWithin(symbol: SymbolName, from: EpochMs, to: EpochMs): readonly DatedInstrument[] {
    return this.#of(symbol).storedWithin(from, to);
  }

  #of(symbol: SymbolName): InstrumentTerms {
    const terms = this.#terms.get(symbol);
    if (terms !== undefined) return terms;
    throw new InvariantError(`an instrument of this run was expected, was "${symbol}"`);
  }
}

/** One instrument over time. It remembers what was asked for last: time mostly goes on. */
class InstrumentTerms {
  readonly #stored: readonly DatedInstrument[];
  readonly #history: readonly DatedInstrument[];
  #current: Instrument;
  #from = Infinity;
  #until = -Infinity;

  constructor(stored: readonly DatedInstrument[], settings: ExecutionSettings) {
    this.#stored = stored;
    this.#history = stored.map(({ validFrom, instrument }) => {
      return { validFrom, instrument: corrected(instrument, settings) };
    });
    this.#current = this.#moveTo(-Infinity);
  }

  at(time: EpochMs): Instrument {
    if (time >= this.#from && time < this.#until) return this.#current;
    return this.#moveTo(time);
  }

  within(from: EpochMs, to: EpochMs): readonly DatedInstrument[] {
    return spanOf(this.#history, from, to);
  }

  storedWithin(from: EpochMs, to: EpochMs): readonly DatedInstrument[] {
    return spanOf(this.#stored, from, to);
  }

  #moveTo(time: EpochMs): Instrument {
    const index = indexAt(this.#history, time);
    this.#from = index === 0 ? -Infinity : (this.#history[index]?.validFrom ?? -Infinity);
    this.#until = this.#history[index + 1]?.validFrom ?? Infinity;
    this.#current = present(this.#history[index], 'an instrument').instrument;
    return this.#current;
  }
}

/** Before the first record there is nothing better than the first. */
function indexAt(history: readonly DatedInstrument[], time: EpochMs): number {
  return Math.max(
    history.findLastIndex(({ validFrom }) => validFrom <= time),
    0,
  );
}

function spanOf(
  history: readonly DatedInstrument[],
  from: EpochMs,
  to: EpochMs,
): readonly DatedInstrument[] {
  const { instrument } = present(history[indexAt(history, from)], 'an instrument');
  const later = history.filter(({ validFrom }) => validFrom > from && validFrom < to);
  return [{ validFrom: from, instrument }, ...later];
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
