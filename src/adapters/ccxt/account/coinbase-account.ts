import * as z from 'zod';
import type { SymbolName } from '../../../core/instrument.ts';
import type { Quote } from '../../../core/quote.ts';
import type { EpochMs } from '../../../core/time.ts';
import type { AccountIdentity, VenueBalance } from '../../../ports/exchange-account.ts';
import type { Dialect } from './dialect.ts';
import {
  COINBASE_CANCEL_WORDS,
  COINBASE_REFUSALS,
  coinbaseCancellation,
  coinbaseCancelRequest,
  coinbaseOrderRequest,
  coinbasePlacement,
} from './coinbase-orders.ts';
import {
  closedCoinbaseOrders,
  coinbaseTrades,
  findCoinbaseOrder,
  openCoinbaseOrders,
} from './coinbase-reads.ts';
import { sumsByCurrency } from './balance-sums.ts';
import { allPages } from './paging.ts';
import {
  anyField,
  decimalOf,
  idText,
  readAnswer,
  textOf,
  timeOf,
  unreadable,
} from './wire-fields.ts';
import type { Wire } from './wire.ts';

/** Coinbase Advanced Trade. */
export const COINBASE: Dialect = {
  refusals: COINBASE_REFUSALS,
  cancelWords: COINBASE_CANCEL_WORDS,
  notFound: /"NOT_FOUND"|"not_found"|with this orderID was not found/,
  orderRequest: coinbaseOrderRequest,
  placement: coinbasePlacement,
  cancelRequest: coinbaseCancelRequest,
  cancellation: coinbaseCancellation,
  find: findCoinbaseOrder,
  openOrders: openCoinbaseOrders,
  closedOrders: closedCoinbaseOrders,
  trades: coinbaseTrades,
  balances,
  identify,
  serverTime,
  quotes,
};

const amount = z.object({ value: anyField });
const accountSchema = z.object({
  uuid: idText,
  currency: idText,
  available_balance: amount,
  hold: amount.nullish(),
});
const accountPage = z.object({
  accounts: z.array(accountSchema),
  has_next: z.boolean().nullish(),
  cursor: z.string().nullish(),
});

async function balances(wire: Wire): Promise<readonly VenueBalance[]> {
  const wanted = 'balances';
  const accounts = await allPages<z.infer<typeof accountSchema>, string>(
    async (cursor) => {
      const params = { limit: 250, ...(cursor && { cursor }) };
      const answer = await wire.ask({ method: 'v3PrivateGetBrokerageAccounts', params }, wanted);
      const page = readAnswer(accountPage, answer, wire.exchange, wanted);
      return { rows: page.accounts, next: page.has_next === true ? textOf(page.cursor) : null };
    },
    ({ uuid }) => uuid,
    wire.exchange,
  );
  return sumsByCurrency(
    accounts.map(({ currency, available_balance, hold }) => {
      const free = decimalOf(available_balance.value);
      const held = hold === null || hold === undefined ? null : decimalOf(hold.value);
      if (free === null || held === null) throw unreadable(wire.exchange, wanted, currency);
      return { currency: wire.currency(currency), free, total: free.plus(held) };
    }),
  );
}

const permissionsSchema = z.object({
  can_trade: z.boolean().nullish(),
  can_transfer: z.boolean().nullish(),
  portfolio_uuid: idText,
});

/** The account is the portfolio that the key belongs to. */
async function identify(wire: Wire): Promise<AccountIdentity> {
  const wanted = 'what the key may do';
  const call = { method: 'v3PrivateGetBrokerageKeyPermissions', params: {} };
  const said = readAnswer(permissionsSchema, await wire.ask(call, wanted), wire.exchange, wanted);
  return {
    accountId: said.portfolio_uuid,
    mayTrade: said.can_trade ?? null,
    mayWithdraw: said.can_transfer ?? null,
  };
}

const timeSchema = z.object({ epochMillis: idText });

async function serverTime(wire: Wire): Promise<EpochMs> {
  const wanted = 'its time';
  const answer = await wire.ask({ method: 'v3PublicGetBrokerageTime', params: {} }, wanted);
  const time = timeOf(readAnswer(timeSchema, answer, wire.exchange, wanted).epochMillis, 'ms');
  if (time === null) throw unreadable(wire.exchange, wanted, 'epochMillis');
  return time;
}

const bookSchema = z.object({
  pricebook: z.object({
    bids: z.array(z.object({ price: anyField })),
    asks: z.array(z.object({ price: anyField })),
    time: anyField,
  }),
});

async function quotes(wire: Wire, symbols: readonly SymbolName[]): Promise<readonly Quote[]> {
  const found: Quote[] = [];
  for (const symbol of symbols) {
    const market = wire.markets.bySymbol(symbol);
    if (market === null) continue;
    const wanted = `prices of ${symbol}`;
    const call = {
      method: 'v3PublicGetBrokerageMarketProductBook',
      params: { product_id: market.id, limit: 1 },
    };
    const { pricebook } = readAnswer(
      bookSchema,
      await wire.ask(call, wanted),
      wire.exchange,
      wanted,
    );
    const bid = decimalOf(pricebook.bids[0]?.price)?.toNumber() ?? 0;
    const ask = decimalOf(pricebook.asks[0]?.price)?.toNumber() ?? 0;
    const time = timeOf(pricebook.time, 'iso') ?? wire.now();
    if (bid > 0 && ask > 0) found.push({ symbol, bid, ask, time });
  }
  return found;
}
