import * as z from 'zod';
import type { SymbolName } from '../../../core/instrument.ts';
import type { Quote } from '../../../core/quote.ts';
import type { EpochMs } from '../../../core/time.ts';
import type { AccountIdentity, VenueBalance } from '../../../ports/exchange-account.ts';
import { sumsByCurrency } from './balance-sums.ts';
import type { Dialect } from './dialect.ts';
import {
  KRAKEN_CANCEL_WORDS,
  KRAKEN_REFUSALS,
  krakenCancellation,
  krakenCancelRequest,
  krakenOrderRequest,
  krakenPlacement,
} from './kraken-orders.ts';
import {
  closedKrakenOrders,
  findKrakenOrder,
  krakenTrades,
  openKrakenOrders,
} from './kraken-reads.ts';
import {
  anyField,
  decimalOf,
  idText,
  readAnswer,
  recordsOf,
  timeOf,
  unreadable,
} from './wire-fields.ts';
import type { Wire } from './wire.ts';

/** Kraken spot. */
export const KRAKEN: Dialect = {
  refusals: KRAKEN_REFUSALS,
  cancelWords: KRAKEN_CANCEL_WORDS,
  notFound: /EOrder:(?:Unknown|Invalid) order/,
  orderRequest: krakenOrderRequest,
  placement: krakenPlacement,
  cancelRequest: krakenCancelRequest,
  cancellation: krakenCancellation,
  find: findKrakenOrder,
  openOrders: openKrakenOrders,
  closedOrders: closedKrakenOrders,
  trades: krakenTrades,
  balances,
  identify,
  serverTime,
  quotes,
};

const balancesAnswer = z.object({
  result: recordsOf(z.object({ balance: anyField, hold_trade: anyField })),
});

async function balances(wire: Wire): Promise<readonly VenueBalance[]> {
  const wanted = 'balances';
  const answer = await wire.ask({ method: 'privatePostBalanceEx', params: {} }, wanted);
  const { result } = readAnswer(balancesAnswer, answer, wire.exchange, wanted);
  return sumsByCurrency(
    Object.entries(result).map(([asset, { balance, hold_trade }]) => {
      const total = decimalOf(balance);
      const held = decimalOf(hold_trade);
      if (total === null || held === null) throw unreadable(wire.exchange, wanted, asset);
      return { currency: wire.currency(asset), total, free: total.minus(held) };
    }),
  );
}

const keyAnswer = z.object({
  result: z.object({ iban: idText, permissions: z.array(z.string()).nullish() }),
});

/** The account goes by the number that Kraken calls its IBAN, as on its web pages. */
async function identify(wire: Wire): Promise<AccountIdentity> {
  const wanted = 'what the key may do';
  const answer = await wire.ask({ method: 'privatePostGetApiKeyInfo', params: {} }, wanted);
  const { iban, permissions } = readAnswer(keyAnswer, answer, wire.exchange, wanted).result;
  const may = (word: string) => permissions?.includes(word) ?? null;
  return { accountId: iban, mayTrade: may('modify-trades'), mayWithdraw: may('withdraw-funds') };
}

const timeAnswer = z.object({ result: z.object({ unixtime: idText }) });

async function serverTime(wire: Wire): Promise<EpochMs> {
  const wanted = 'its time';
  const answer = await wire.ask({ method: 'publicGetTime', params: {} }, wanted);
  const { unixtime } = readAnswer(timeAnswer, answer, wire.exchange, wanted).result;
  const time = timeOf(unixtime, 's');
  if (time === null) throw unreadable(wire.exchange, wanted, 'unixtime');
  return time;
}

const tickerAnswer = z.object({
  result: recordsOf(z.object({ a: z.array(z.unknown()), b: z.array(z.unknown()) })),
});

/** It names no time: that of the answer stands in for it. */
async function quotes(wire: Wire, symbols: readonly SymbolName[]): Promise<readonly Quote[]> {
  const markets = symbols.flatMap((symbol) => wire.markets.bySymbol(symbol) ?? []);
  if (markets.length === 0) return [];
  const wanted = 'prices';
  const pair = markets.map(({ id }) => id).join(',');
  const answer = await wire.ask({ method: 'publicGetTicker', params: { pair } }, wanted);
  const { result } = readAnswer(tickerAnswer, answer, wire.exchange, wanted);
  const time = wire.now();
  return Object.entries(result).flatMap(([id, ticker]) => {
    const symbol = wire.markets.symbolOf(id);
    const bid = decimalOf(ticker.b[0])?.toNumber() ?? 0;
    const ask = decimalOf(ticker.a[0])?.toNumber() ?? 0;
    return bid > 0 && ask > 0 && symbols.includes(symbol) ? [{ symbol, bid, ask, time }] : [];
  });
}
