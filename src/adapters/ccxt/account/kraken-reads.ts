import * as z from 'zod';
import type { SymbolName } from '../../../core/instrument.ts';
import type { EpochMs } from '../../../core/time.ts';
import type {
  VenueOrderRef,
  VenueOrderReport,
  VenueTrade,
} from '../../../ports/exchange-account.ts';
import { KRAKEN_STATUSES, statusOf } from './order-status.ts';
import { allPages } from './paging.ts';
import {
  anyField,
  countOf,
  decimalOf,
  idText,
  isWanted,
  positiveOf,
  readAnswer,
  recordsOf,
  sideOf,
  textOf,
  timeOf,
  unreadable,
} from './wire-fields.ts';
import type { Wire } from './wire.ts';

const orderSchema = z.object({
  cl_ord_id: anyField,
  status: idText,
  closetm: anyField,
  descr: z.object({ pair: idText, type: anyField }),
  vol: anyField,
  vol_exec: anyField,
  price: anyField,
});
type KrakenOrder = z.infer<typeof orderSchema>;
type Identified<T> = readonly [id: string, record: T];

const orders = recordsOf(orderSchema);
const openAnswer = z.object({ result: z.object({ open: orders }) });
const closedAnswer = z.object({ result: z.object({ closed: orders, count: anyField }) });
const queriedAnswer = z.object({ result: orders });

const tradeSchema = z.object({
  ordertxid: idText,
  pair: idText,
  time: anyField,
  type: anyField,
  price: anyField,
  vol: anyField,
  fee: anyField,
  maker: z.boolean().nullish(),
});
type KrakenTrade = z.infer<typeof tradeSchema>;
const tradesAnswer = z.object({
  result: z.object({ trades: recordsOf(tradeSchema), count: anyField }),
});

/** By the venue's id; without one, among the open and then the closed ones of that client id. */
export async function findKrakenOrder(
  wire: Wire,
  { clientId, venueId }: VenueOrderRef,
): Promise<VenueOrderReport | null> {
  const wanted = `order ${venueId ?? clientId}`;
  if (venueId !== null) {
    const call = { method: 'privatePostQueryOrders', params: { txid: venueId } };
    const answer = await wire.askFor(call, wanted);
    if (answer === null) return null;
    const found = Object.entries(readAnswer(queriedAnswer, answer, wire.exchange, wanted).result);
    const record = found.find(([id]) => id === venueId);
    return record === undefined ? null : reportOf(wire, record);
  }
  const filter = { cl_ord_id: clientId };
  const ours = ([, record]: Identified<KrakenOrder>) => record.cl_ord_id === clientId;
  const open = (await openRecords(wire, filter, wanted)).find(ours);
  if (open !== undefined) return reportOf(wire, open);
  const closed = (await closedPage(wire, filter, wanted)).rows.find(ours);
  return closed === undefined ? null : reportOf(wire, closed);
}

export async function openKrakenOrders(
  wire: Wire,
  symbols: readonly SymbolName[],
): Promise<readonly VenueOrderReport[]> {
  const records = await openRecords(wire, {}, 'open orders');
  return records.map((each) => reportOf(wire, each)).filter((each) => isWanted(each, symbols));
}

export async function closedKrakenOrders(
  wire: Wire,
  symbols: readonly SymbolName[],
  since: EpochMs,
): Promise<readonly VenueOrderReport[]> {
  const filter = { start: startingAt(since), closetime: 'close' };
  const records = await allPages<Identified<KrakenOrder>, number>(
    (from) => closedPage(wire, { ...filter, ofs: from ?? 0 }, 'closed orders'),
    ([id]) => id,
    wire.exchange,
  );
  return records.map((each) => reportOf(wire, each)).filter((each) => isWanted(each, symbols));
}

export async function krakenTrades(
  wire: Wire,
  symbols: readonly SymbolName[],
  since: EpochMs,
): Promise<readonly VenueTrade[]> {
  const wanted = 'trades';
  const records = await allPages<Identified<KrakenTrade>, number>(
    async (from) => {
      const ofs = from ?? 0;
      const params = { start: startingAt(since), ofs };
      const answer = await wire.ask({ method: 'privatePostTradesHistory', params }, wanted);
      const { trades, count } = readAnswer(tradesAnswer, answer, wire.exchange, wanted).result;
      return pageOf(Object.entries(trades), ofs, count);
    },
    ([id]) => id,
    wire.exchange,
  );
  return (
    records
      .map((each) => tradeOf(wire, each))
      .filter((each) => isWanted(each, symbols))
      // Newest first as they come, also within a millisecond.
      .toReversed()
      .sort((one, other) => one.time - other.time)
  );
}

/** Times count from here on, exclusively and in whole seconds. */
function startingAt(since: EpochMs): string {
  return String(Math.floor(since / 1000) - 1);
}

async function openRecords(wire: Wire, filter: object, wanted: string) {
  const call = { method: 'privatePostOpenOrders', params: { ...filter } };
  const answer = await wire.ask(call, wanted);
  return Object.entries(readAnswer(openAnswer, answer, wire.exchange, wanted).result.open);
}

interface ClosedFilter {
  readonly cl_ord_id?: string;
  readonly ofs?: number;
}

async function closedPage(wire: Wire, filter: ClosedFilter, wanted: string) {
  const call = { method: 'privatePostClosedOrders', params: { ...filter } };
  const answer = await wire.ask(call, wanted);
  const { closed, count } = readAnswer(closedAnswer, answer, wire.exchange, wanted).result;
  return pageOf(Object.entries(closed), filter.ofs ?? 0, count);
}

/** New rows push old ones back while pages are read: a row may come twice, none is passed over. */
function pageOf<T>(rows: readonly T[], from: number, count: unknown) {
  const total = countOf(count);
  const end = from + rows.length;
  const isLast = rows.length === 0 || (Number.isFinite(total) && end >= total);
  return { rows, next: isLast ? null : end };
}

function reportOf(wire: Wire, [venueId, order]: Identified<KrakenOrder>): VenueOrderReport {
  const filled = decimalOf(order.vol_exec);
  return {
    clientId: textOf(order.cl_ord_id),
    venueId,
    symbol: wire.markets.symbolOf(order.descr.pair),
    side: sideOf(order.descr.type),
    status: statusOf(KRAKEN_STATUSES, order.status, filled),
    statusText: order.status,
    quantity: positiveOf(order.vol),
    filled,
    averagePrice: positiveOf(order.price),
    updatedAt: timeOf(order.closetm, 's'),
  };
}

function tradeOf(wire: Wire, [tradeId, trade]: Identified<KrakenTrade>): VenueTrade {
  const price = positiveOf(trade.price);
  const quantity = positiveOf(trade.vol);
  const side = sideOf(trade.type);
  const time = timeOf(trade.time, 's');
  if (price === null || quantity === null || side === null || time === null) {
    throw unreadable(wire.exchange, 'trades', `trade ${tradeId}`);
  }
  const market = wire.markets.byId(trade.pair);
  const paid = decimalOf(trade.fee);
  return {
    tradeId,
    venueOrderId: trade.ordertxid,
    clientId: null,
    symbol: market?.symbol ?? trade.pair,
    side,
    quantity,
    price,
    // Its history gives all fees in quote currency.
    fee: paid === null || market === null ? null : { currency: market.quote, amount: paid },
    liquidity: typeof trade.maker === 'boolean' ? (trade.maker ? 'maker' : 'taker') : null,
    time,
  };
}
