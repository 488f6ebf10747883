import { Decimal } from '../../core/decimal.ts';
import { DataError } from '../../core/errors.ts';
import type { AssetClass, Instrument, SymbolName } from '../../core/instrument.ts';
import type { Database } from './database.ts';

interface InstrumentRow {
  readonly symbol: string;
  readonly asset_class: AssetClass;
  readonly quote_currency: string;
  readonly tick_size: string;
  readonly lot_step: string;
  readonly min_notional: string;
}

/** `valid_from` of what holds since ever. */
const ALWAYS = 0;

/** What venues let one trade of their symbols. */
export class InstrumentTable {
  readonly #find;
  readonly #upsert;

  constructor(database: Database) {
    this.#find = database.prepare<[string, string], InstrumentRow>(
      `SELECT symbol, asset_class, quote_currency, tick_size, lot_step, min_notional
       FROM instruments WHERE exchange = ? AND symbol = ? ORDER BY valid_from DESC LIMIT 1`,
    );
    this.#upsert = database.prepare<
      [string, string, number, string, string, string, string, string, string]
    >(
      `INSERT INTO instruments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (exchange, symbol, valid_from) DO UPDATE SET
         tick_size = excluded.tick_size, lot_step = excluded.lot_step,
         min_notional = excluded.min_notional, source = excluded.source`,
    );
  }

  find(exchange: string, symbol: SymbolName): Instrument | null {
    const row = this.#find.get(exchange, symbol);
    if (row === undefined) return null;
    return {
      symbol: row.symbol,
      assetClass: row.asset_class,
      quoteCurrency: row.quote_currency,
      tickSize: Decimal.parse(row.tick_size),
      lotStep: Decimal.parse(row.lot_step),
      minNotional: Decimal.parse(row.min_notional),
      fees: null,
    };
  }

  /**
   * Learns of an instrument. Of two accounts of the same one each finer step and smaller minimum
   * holds, so that what is known never depends on which file was imported first.
   */
  learn(exchange: string, told: Instrument, source: string): void {
    const known = this.find(exchange, told.symbol);
    const merged = known === null ? told : finest(known, told);
    if (known !== null && isSame(known, merged)) return;
    this.#upsert.run(
      exchange,
      merged.symbol,
      ALWAYS,
      merged.assetClass,
      merged.quoteCurrency,
      merged.tickSize.toString(),
      merged.lotStep.toString(),
      merged.minNotional.toString(),
      source,
    );
  }
}

function finest(known: Instrument, told: Instrument): Instrument {
  if (known.assetClass !== told.assetClass || known.quoteCurrency !== told.quoteCurrency) {
    throw new DataError(
      `instrument ${known.symbol}: ${known.assetClass} in ${known.quoteCurrency} was expected, ` +
        `was ${told.assetClass} in ${told.quoteCurrency}; import it as what it is stored as`,
    );
  }
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
    one.minNotional.equals(other.minNotional)
  );
}
