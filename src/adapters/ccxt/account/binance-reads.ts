import * as z from 'zod';
import type { Decimal } from '../../../core/decimal.ts';
import type { SymbolName } from '../../../core/instrument.ts';
import { DAY_MS, type EpochMs } from '../../../core/time.ts';
import type {
  VenueOrderRef,
  VenueOrderReport,
  VenueTrade,
} from '../../../ports/exchange-account.ts';
import { BINANCE_WINDOW_MS, binanceOrderName } from './binance-orders.ts';
import type { BookedMarket } from './market-book.ts';
import { BINANCE_STATUSES, statusOf } from './order-status.ts';
import { allPages } from './paging.ts';
import {
  anyField,
  decimalOf,
  idText,
  isWanted,
  positiveOf,
  readAnswer,
  sideOf,
  textOf,
  timeOf,
  unreadable,
} from './wire-fields.ts';
import type { Wire } from './wire.ts';

const recvWindow = BINANCE_WINDOW_MS;
const PAGE = 1000;

/** Its lists go by when an order came, not by when it ended. */
const LONGEST_ORDER_MS = 7 * DAY_MS;

/** One read of all symbols costs as much as reads of that many. */
const DEAR_SYMBOLS = 13;

const orderSchema = z.object({
  symbol: idText,
  orderId: idText,
  clientOrderId: anyField,
  side: anyField,
  status: idText,
  origQty: anyField,
  executedQty: anyField,
  cummulativeQuoteQty: anyField,
  updateTime: anyField,
});
type BinanceOrder = z.infer<typeof orderSchema>;

const tradeSchema = z.object({
  symbol: idText,
  id: idText,
  orderId: idText,
  price: anyField,
  qty: anyField,
  commission: anyField,
  commissionAsset: anyField,
  time: anyField,
  isBuyer: z.boolean(),
  isMaker: z.boolean().nullish(),
});
type BinanceTrade = z.infer<typeof tradeSchema>;

export async function findBinanceOrder(
  wire: Wire,
  order: VenueOrderRef,
): Promise<VenueOrderReport | null> {
  const market = wire.markets.bySymbol(order.symbol);
  if (market === null) return null;
  const wanted = `order ${order.venueId ?? order.clientId}`;
  const params = { symbol: market.id, recvWindow, ...binanceOrderName(order) };
  const answer = await wire.askFor({ method: 'privateGetOrder', params }, wanted);
  if (answer === null) return null;
  return reportOf(wire, readAnswer(orderSchema, answer, wire.exchange, wanted));
}

/** Orders of a list of orders (OCO) are in it, each by itself. */
export async function openBinanceOrders(
  wire: Wire,
  symbols: readonly SymbolName[],
): Promise<readonly VenueOrderReport[]> {
  const wanted = 'open orders';
  const isDear = symbols.length === 0 || symbols.length >= DEAR_SYMBOLS;
  const filters = isDear ? [{}] : marketsOf(wire, symbols).map(({ id }) => ({ symbol: id }));
  const found: VenueOrderReport[] = [];
  for (const filter of filters) {
    const call = { method: 'privateGetOpenOrders', params: { recvWindow, ...filter } };
    const rows = readAnswer(
      z.array(orderSchema),
      await wire.ask(call, wanted),
      wire.exchange,
      wanted,
    );
    found.push(...rows.map((each) => reportOf(wire, each)));
  }
  return found.filter((each) => isWanted(each, symbols));
}

export async function closedBinanceOrders(
  wire: Wire,
  symbols: readonly SymbolName[],
  since: EpochMs,
): Promise<readonly VenueOrderReport[]> {
  const found: VenueOrderReport[] = [];
  for (const market of marketsOf(wire, symbols)) {
    const orders = await listOf(wire, market, {
      method: 'privateGetAllOrders',
      wanted: 'closed orders',
      startTime: since - LONGEST_ORDER_MS,
      rows: orderSchema,
      idOf: ({ orderId }: BinanceOrder) => orderId,
      nextId: 'orderId',
    });
    found.push(...orders.map((each) => reportOf(wire, each)));
  }
  return found.filter(
    ({ status, updatedAt }) =>
      status !== 'open' &&
      status !== 'pending-cancel' &&
      (updatedAt === null || updatedAt >= since),
  );
}

export async function binanceTrades(
  wire: Wire,
  symbols: readonly SymbolName[],
  since: EpochMs,
): Promise<readonly VenueTrade[]> {
  const found: VenueTrade[] = [];
  for (const market of marketsOf(wire, symbols)) {
    const trades = await listOf(wire, market, {
      method: 'privateGetMyTrades',
      wanted: 'trades',
      startTime: since,
      rows: tradeSchema,
      idOf: ({ id }: BinanceTrade) => id,
      nextId: 'fromId',
    });
    found.push(...trades.map((each) => tradeOf(wire, market, each)));
  }
  return found.sort((one, other) => one.time - other.time);
}

interface Listing<T> {
  readonly method: string;
  readonly wanted: string;
  readonly startTime: EpochMs;
  readonly rows: z.ZodType<T>;
  readonly idOf: (row: T) => string;
  /** Names the first id of the next page. */
  readonly nextId: string;
}

/** Oldest first: the first page goes by time, the rest by ids. */
function listOf<T>(wire: Wire, { id: symbol }: BookedMarket, listing: Listing<T>) {
  const { method, wanted, startTime, rows, idOf, nextId } = listing;
  return allPages<T, string>(
    async (from) => {
      const begin = from === null ? { startTime } : { [nextId]: from };
      const params = { symbol, limit: PAGE, recvWindow, ...begin };
      const answer = await wire.ask({ method, params }, wanted);
      const page = readAnswer(z.array(rows), answer, wire.exchange, wanted);
      const last = page.at(-1);
      const isLast = page.length < PAGE || last === undefined;
      return { rows: page, next: isLast ? null : successor(idOf(last), wire, wanted) };
    },
    idOf,
    wire.exchange,
  );
}

function successor(id: string, wire: Wire, wanted: string): string {
  if (!/^\d+$/.test(id)) throw unreadable(wire.exchange, wanted, `id ${id}`);
  return String(BigInt(id) + 1n);
}

function marketsOf(wire: Wire, symbols: readonly SymbolName[]): readonly BookedMarket[] {
  return symbols.flatMap((symbol) => wire.markets.bySymbol(symbol) ?? []);
}

function reportOf(wire: Wire, order: BinanceOrder): VenueOrderReport {
  const filled = decimalOf(order.executedQty);
  const value = positiveOf(order.cummulativeQuoteQty);
  const hasPrice = filled !== null && filled.isPositive && value !== null;
  return {
    clientId: textOf(order.clientOrderId),
    venueId: order.orderId,
    symbol: wire.markets.symbolOf(order.symbol),
    side: sideOf(order.side),
    status: statusOf(BINANCE_STATUSES, order.status, filled),
    statusText: order.status,
    quantity: positiveOf(order.origQty),
    filled,
    averagePrice: hasPrice ? value.dividedBy(filled) : null,
    updatedAt: timeOf(order.updateTime, 'ms'),
  };
}

function tradeOf(wire: Wire, { symbol }: BookedMarket, trade: BinanceTrade): VenueTrade {
  const price = positiveOf(trade.price);
  const quantity = positiveOf(trade.qty);
  const time = timeOf(trade.time, 'ms');
  if (price === null || quantity === null || time === null) {
    throw unreadable(wire.exchange, 'trades', `trade ${trade.id}`);
  }
  const paid = decimalOf(trade.commission);
  const asset = textOf(trade.commissionAsset);
  return {
    tradeId: trade.id,
    venueOrderId: trade.orderId,
    clientId: null,
    symbol,
    side: trade.isBuyer ? 'buy' : 'sell',
    quantity,
    price,
    fee: feeOf(wire, paid, asset),
    liquidity: typeof trade.isMaker === 'boolean' ? (trade.isMaker ? 'maker' : 'taker') : null,
    time,
  };
}

/** A fee in no currency is not known. */
function feeOf(wire: Wire, paid: Decimal | null, asset: string | null) {
  return paid === null || asset === null ? null : { currency: wire.currency(asset), amount: paid };
}
