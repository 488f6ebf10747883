import * as z from 'zod';
import { Decimal } from '../../../core/decimal.ts';
import type { Instrument, SymbolName } from '../../../core/instrument.ts';
import { tradedMarketSchema, type TradedMarket } from '../ccxt-exchange.ts';
import { instrumentOf } from '../market-instrument.ts';

/** A market as far as one has to know it to trade there. */
export interface BookedMarket {
  /** The venue's own name of it. */
  readonly id: string;
  readonly symbol: SymbolName;
  readonly base: string;
  readonly quote: string;
  readonly instrument: Instrument;
  /** Smallest order in base units; zero when there is none. */
  readonly minQuantity: Decimal;
  /** Types of orders by the venue's names; empty where it lists none. */
  readonly orderTypes: ReadonlySet<string>;
}

/** The spot markets of one venue, by name and by the venue's names. */
export class MarketBook {
  readonly #bySymbol = new Map<SymbolName, BookedMarket>();
  readonly #byId = new Map<string, BookedMarket>();

  constructor(markets: readonly BookedMarket[], aliases: ReadonlyMap<string, SymbolName>) {
    for (const market of markets) {
      this.#bySymbol.set(market.symbol, market);
      this.#byId.set(market.id, market);
    }
    for (const [alias, symbol] of aliases) {
      const market = this.#bySymbol.get(symbol);
      if (market !== undefined && !this.#byId.has(alias)) this.#byId.set(alias, market);
    }
  }

  get symbols(): readonly SymbolName[] {
    return [...this.#bySymbol.keys()];
  }

  bySymbol(symbol: SymbolName): BookedMarket | null {
    return this.#bySymbol.get(symbol) ?? null;
  }

  byId(id: string): BookedMarket | null {
    return this.#byId.get(id) ?? null;
  }

  /** A market that is not listed, any more or at all, goes by the venue's name. */
  symbolOf(id: string): SymbolName {
    return this.byId(id)?.symbol ?? id;
  }
}

const infoSchema = z.object({
  altname: z.string().nullish(),
  orderTypes: z.array(z.string()).nullish(),
});

/** Makes a book of what ccxt's `loadMarkets` returned; a record that makes no sense is left out. */
export function bookOf(loaded: unknown, precisionMode: unknown): MarketBook {
  const records = z.record(z.string(), z.unknown()).safeParse(loaded).data ?? {};
  const listed = Object.values(records).flatMap((record) => {
    const { data } = tradedMarketSchema.safeParse(record);
    return data !== undefined && data.spot !== false ? [data] : [];
  });
  const aliases = new Map<string, SymbolName>();
  for (const { symbol, info } of listed) {
    const altname = infoSchema.safeParse(info).data?.altname ?? null;
    if (altname !== null) aliases.set(altname, symbol);
  }
  return new MarketBook(
    listed.map((each) => bookedMarket(each, precisionMode)),
    aliases,
  );
}

function bookedMarket(market: TradedMarket, precisionMode: unknown): BookedMarket {
  const { id, symbol, base, quote, limits, info } = market;
  const least = limits.amount?.min ?? null;
  return {
    id,
    symbol,
    base,
    quote,
    instrument: instrumentOf(market, precisionMode),
    minQuantity:
      least === null || !Number.isFinite(least) ? Decimal.zero : Decimal.fromNumber(least),
    orderTypes: new Set(infoSchema.safeParse(info).data?.orderTypes),
  };
}
