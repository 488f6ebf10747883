import { Decimal } from '../../core/decimal.ts';
import { DataError } from '../../core/errors.ts';
import type { AssetClass, Instrument, SymbolName } from '../../core/instrument.ts';
import type { EpochMs } from '../../core/time.ts';
import type { DatedInstrument, StoredInstrument } from '../../ports/bar-store.ts';
import type { Database } from './connection.ts';

interface InstrumentRow {
  readonly valid_from: EpochMs;
  readonly symbol: string;
  readonly asset_class: AssetClass;
  readonly quote_currency: string;
  readonly tick_size: string;
  readonly lot_step: string;
  readonly min_notional: string;
  readonly maker_fee: string | null;
  readonly taker_fee: string | null;
  readonly origin: StoredInstrument['origin'];
  readonly source: string;
}

/** `valid_from` of what holds from ever on. */
const ALWAYS: EpochMs = 0;

/** What venues let one trade of their symbols. Who writes holds the write transaction. */
export class InstrumentTable {
  readonly #all;
  readonly #put;
  readonly #delete;

  constructor(database: Database) {
    this.#all = database.prepare<[string, string], InstrumentRow>(
      `SELECT valid_from, symbol, asset_class, quote_currency, tick_size, lot_step, min_notional,
         maker_fee, taker_fee, origin, source
       FROM instruments WHERE exchange = ? AND symbol = ? ORDER BY valid_from`,
    );
    this.#put = database.prepare<(string | number | null)[]>(
      `INSERT INTO instruments (exchange, symbol, valid_from, asset_class, quote_currency,
         tick_size, lot_step, min_notional, maker_fee, taker_fee, source, origin)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (exchange, symbol, valid_from) DO UPDATE SET
         tick_size = excluded.tick_size, lot_step = excluded.lot_step,
         min_notional = excluded.min_notional, maker_fee = excluded.maker_fee,
         taker_fee = excluded.taker_fee, source = excluded.source, origin = excluded.origin`,
    );
    this.#delete = database.prepare<[string, string, number]>(
      'DELETE FROM instruments WHERE exchange = ? AND symbol = ? AND valid_from = ?',
    );
  }

  /** Ascending, the first from ever on; empty for what was never heard of. */
  history(exchange: string, symbol: SymbolName): readonly StoredInstrument[] {
    return this.#all.all(exchange, symbol).map(storedOf);
  }

  /**
   * Learns of an instrument from its prices. Of two accounts of the same one each finer step and
   * smaller minimum holds, so that what is known never depends on which file was imported first.
   * What a venue said stands.
   */
  learn(exchange: string, told: Instrument, source: string): void {
    const known = this.history(exchange, told.symbol).at(-1);
    if (known === undefined) return this.#write(exchange, inferred(told, source));
    refuseOtherKind(known.instrument, told);
    if (known.origin === 'venue') return;
    const merged = finest(known.instrument, told);
    if (!isSame(known.instrument, merged)) this.#write(exchange, inferred(merged, source));
  }

  /**
   * Takes down what a venue says of an instrument. Its first word takes the place of what prices
   * suggested and holds from ever on, since nothing better is known of the past; one that differs
   * from what held at its time adds a change at that time, even where later ones are known already.
   */
  record(exchange: string, { validFrom, instrument }: DatedInstrument, source: string): void {
    const { symbol } = instrument;
    const known = this.history(exchange, symbol);
    const from = Math.max(validFrom, ALWAYS);
    const [first] = known;
    if (first !== undefined) refuseOtherKind(first.instrument, instrument);
    if (first?.origin !== 'venue') {
      const origin = 'venue';
      return this.#write(exchange, { validFrom: ALWAYS, instrument, origin, source });
    }
    const before = known.findLast((each) => each.validFrom <= from)?.instrument;
    const told = { ...instrument, fees: instrument.fees ?? before?.fees ?? null };
    if (before !== undefined && isSame(before, told)) return;
    this.#write(exchange, { validFrom: from, instrument: told, origin: 'venue', source });
    const after = known.find((each) => each.validFrom > from);
    if (after !== undefined && isSame(after.instrument, told)) {
      this.#delete.run(exchange, symbol, after.validFrom);
    }
  }

  #write(exchange: string, known: StoredInstrument): void {
    const { instrument, validFrom, origin, source } = known;
    this.#put.run(
      exchange,
      instrument.symbol,
      validFrom,
      instrument.assetClass,
      instrument.quoteCurrency,
      instrument.tickSize.toString(),
      instrument.lotStep.toString(),
      instrument.minNotional.toString(),
      instrument.fees?.maker.toString() ?? null,
      instrument.fees?.taker.toString() ?? null,
      source,
      origin,
    );
  }
}

function inferred(instrument: Instrument, source: string): StoredInstrument {
  return { validFrom: ALWAYS, instrument, origin: 'inferred', source };
}

function storedOf(row: InstrumentRow): StoredInstrument {
  const { maker_fee: maker, taker_fee: taker } = row;
  return {
    validFrom: row.valid_from,
    origin: row.origin,
    source: row.source,
    instrument: {
      symbol: row.symbol,
      assetClass: row.asset_class,
      quoteCurrency: row.quote_currency,
      tickSize: Decimal.parse(row.tick_size),
      lotStep: Decimal.parse(row.lot_step),
      minNotional: Decimal.parse(row.min_notional),
      fees:
        maker === null || taker === null
          ? null
          : { maker: Decimal.parse(maker), taker: Decimal.parse(taker) },
    },
  };
}

function refuseOtherKind(known: Instrument, told: Instrument): void {
  if (known.assetClass === told.assetClass && known.quoteCurrency === told.quoteCurrency) return;
  throw new DataError(
    `instrument ${known.symbol}: ${known.assetClass} in ${known.quoteCurrency} was expected, ` +
      `was ${told.assetClass} in ${told.quoteCurrency}; import it as what it is stored as`,
  );
}

function finest(known: Instrument, told: Instrument): Instrument {
  return {
    ...known,
    tickSize: known.tickSize.min(told.tickSize),
    lotStep: known.lotStep.min(told.lotStep),
    minNotional: known.minNotional.min(told.minNotional),
  };
}

function isSame(one: Instrument, other: Instrument): boolean {
  return (
    one.tickSize.equals(other.tickSize) &&
    one.lotStep.equals(other.lotStep) &&
    one.minNotional.equals(other.minNotional) &&
    feesOf(one) === feesOf(other)
  );
}

function feesOf({ fees }: Instrument): string {
  return fees === null ? '' : `${fees.maker.toString()} ${fees.taker.toString()}`;
}
