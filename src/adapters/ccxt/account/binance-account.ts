import * as z from 'zod';
import { ExchangeError } from '../../../core/errors.ts';
import type { SymbolName } from '../../../core/instrument.ts';
import type { Quote } from '../../../core/quote.ts';
import type { EpochMs } from '../../../core/time.ts';
import type { AccountIdentity, VenueBalance } from '../../../ports/exchange-account.ts';
import { sumsByCurrency } from './balance-sums.ts';
import {
  BINANCE_CANCEL_WORDS,
  BINANCE_REFUSALS,
  BINANCE_WINDOW_MS,
  binanceCancellation,
  binanceCancelRequest,
  binanceOrderRequest,
  binancePlacement,
} from './binance-orders.ts';
import {
  binanceTrades,
  closedBinanceOrders,
  findBinanceOrder,
  openBinanceOrders,
} from './binance-reads.ts';
import type { Dialect } from './dialect.ts';
import { anyField, decimalOf, idText, readAnswer, timeOf, unreadable } from './wire-fields.ts';
import type { Wire } from './wire.ts';

const recvWindow = BINANCE_WINDOW_MS;

/** Binance spot. */
export const BINANCE: Dialect = {
  refusals: BINANCE_REFUSALS,
  cancelWords: BINANCE_CANCEL_WORDS,
  notFound: /"code":\s*-2013\b/,
  orderRequest: binanceOrderRequest,
  placement: binancePlacement,
  cancelRequest: binanceCancelRequest,
  cancellation: binanceCancellation,
  find: findBinanceOrder,
  openOrders: openBinanceOrders,
  closedOrders: closedBinanceOrders,
  trades: binanceTrades,
  balances,
  identify,
  serverTime,
  quotes,
};

const accountSchema = z.object({
  uid: idText.nullish(),
  canTrade: z.boolean().nullish(),
  balances: z.array(z.object({ asset: idText, free: anyField, locked: anyField })),
});

async function account(wire: Wire, wanted: string) {
  const call = { method: 'privateGetAccount', params: { recvWindow } };
  return readAnswer(accountSchema, await wire.ask(call, wanted), wire.exchange, wanted);
}

async function balances(wire: Wire): Promise<readonly VenueBalance[]> {
  const wanted = 'balances';
  const rows = (await account(wire, wanted)).balances;
  return sumsByCurrency(
    rows.map(({ asset, free, locked }) => {
      const spendable = decimalOf(free);
      const held = decimalOf(locked);
      if (spendable === null || held === null) throw unreadable(wire.exchange, wanted, asset);
      return {
        currency: wire.currency(asset),
        free: spendable,
        total: spendable.plus(held),
      };
    }),
  );
}

const restrictionsSchema = z.object({
  enableWithdrawals: z.boolean().nullish(),
  enableSpotAndMarginTrading: z.boolean().nullish(),
});

/** What the account may do says nothing of what the key may: that is another question. */
async function identify(wire: Wire): Promise<AccountIdentity> {
  const wanted = 'what the key may do';
  const { uid, canTrade } = await account(wire, wanted);
  if (typeof uid !== 'string') throw unreadable(wire.exchange, wanted, 'uid');
  const key = await restrictions(wire, wanted);
  const mayTrade = canTrade === false ? false : (key?.enableSpotAndMarginTrading ?? null);
  return { accountId: uid, mayTrade, mayWithdraw: key?.enableWithdrawals ?? null };
}

/** Null where the venue does not answer that question: Binance US and test networks. */
async function restrictions(wire: Wire, wanted: string) {
  const call = { method: 'sapiGetAccountApiRestrictions', params: { recvWindow } };
  try {
    return readAnswer(restrictionsSchema, await wire.ask(call, wanted), wire.exchange, wanted);
  } catch (error) {
    if (error instanceof ExchangeError && !error.isRetryable) return null;
    throw error;
  }
}

const timeSchema = z.object({ serverTime: idText });

async function serverTime(wire: Wire): Promise<EpochMs> {
  const wanted = 'its time';
  const answer = await wire.ask({ method: 'publicGetTime', params: {} }, wanted);
  const time = timeOf(readAnswer(timeSchema, answer, wire.exchange, wanted).serverTime, 'ms');
  if (time === null) throw unreadable(wire.exchange, wanted, 'serverTime');
  return time;
}

const tickersSchema = z.array(z.object({ symbol: idText, bidPrice: anyField, askPrice: anyField }));

/** It names no time: that of the answer stands in for it. */
async function quotes(wire: Wire, symbols: readonly SymbolName[]): Promise<readonly Quote[]> {
  const ids = symbols.flatMap((symbol) => wire.markets.bySymbol(symbol)?.id ?? []);
  if (ids.length === 0) return [];
  const wanted = 'prices';
  const params = { symbols: JSON.stringify(ids) };
  const answer = await wire.ask({ method: 'publicGetTickerBookTicker', params }, wanted);
  const time = wire.now();
  return readAnswer(tickersSchema, answer, wire.exchange, wanted).flatMap((ticker) => {
    const symbol = wire.markets.symbolOf(ticker.symbol);
    const bid = decimalOf(ticker.bidPrice)?.toNumber() ?? 0;
    const ask = decimalOf(ticker.askPrice)?.toNumber() ?? 0;
    return bid > 0 && ask > 0 && symbols.includes(symbol) ? [{ symbol, bid, ask, time }] : [];
  });
}
