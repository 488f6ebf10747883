import * as z from 'zod';
import type { Liquidity } from '../../../core/fill.ts';
import type { SymbolName } from '../../../core/instrument.ts';
import { DAY_MS, type EpochMs } from '../../../core/time.ts';
import type {
  VenueOrderRef,
  VenueOrderReport,
  VenueTrade,
} from '../../../ports/exchange-account.ts';
import { COINBASE_STATUSES, statusOf } from './order-status.ts';
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

const PAGE = 250;

/** Its lists go by when an order came, not by when it ended. */
const LONGEST_ORDER_MS = 7 * DAY_MS;

const sized = z.object({ base_size: anyField });

const orderSchema = z.object({
  order_id: idText,
  product_id: idText,
  client_order_id: anyField,
  side: anyField,
  status: idText,
  pending_cancel: anyField,
  order_configuration: z.record(z.string(), z.unknown()).nullish(),
  filled_size: anyField,
  average_filled_price: anyField,
  last_fill_time: anyField,
});
type CoinbaseOrder = z.infer<typeof orderSchema>;

const oneOrder = z.object({ order: orderSchema });
const orderPage = z.object({
  orders: z.array(orderSchema),
  has_next: z.boolean().nullish(),
  cursor: z.string().nullish(),
});

const fillSchema = z.object({
  trade_id: idText,
  order_id: idText,
  product_id: idText,
  trade_time: anyField,
  trade_type: anyField,
  price: anyField,
  size: anyField,
  size_in_quote: z.boolean().nullish(),
  commission: anyField,
  liquidity_indicator: anyField,
  side: anyField,
});
type CoinbaseFill = z.infer<typeof fillSchema>;

const fillPage = z.object({ fills: z.array(fillSchema), cursor: z.string().nullish() });

/** By the venue's id; without one, among the latest orders of the symbol. */
export async function findCoinbaseOrder(
  wire: Wire,
  { clientId, venueId, symbol }: VenueOrderRef,
): Promise<VenueOrderReport | null> {
  const wanted = `order ${venueId ?? clientId}`;
  if (venueId !== null) {
    const call = {
      method: 'v3PrivateGetBrokerageOrdersHistoricalOrderId',
      params: { order_id: venueId },
    };
    const answer = await wire.askFor(call, wanted);
    if (answer === null) return null;
    return reportOf(wire, readAnswer(oneOrder, answer, wire.exchange, wanted).order);
  }
  const market = wire.markets.bySymbol(symbol);
  const only = market === null ? {} : { product_ids: [market.id] };
  const { orders } = await pageOfOrders(wire, { ...only, limit: PAGE }, wanted);
  const found = orders.find((each) => each.client_order_id === clientId);
  return found === undefined ? null : reportOf(wire, found);
}

/** OPEN cannot be asked for along with other statuses. */
const OPEN_STATUSES = [['PENDING', 'QUEUED', 'CANCEL_QUEUED'], ['OPEN']] as const;

export async function openCoinbaseOrders(
  wire: Wire,
  symbols: readonly SymbolName[],
): Promise<readonly VenueOrderReport[]> {
  const orders = new Map<string, VenueOrderReport>();
  for (const order_status of OPEN_STATUSES) {
    for (const each of await ordersOf(wire, { order_status }, 'open orders')) {
      const report = reportOf(wire, each);
      if (isWanted(report, symbols)) orders.set(report.venueId, report);
    }
  }
  return [...orders.values()];
}

export async function closedCoinbaseOrders(
  wire: Wire,
  symbols: readonly SymbolName[],
  since: EpochMs,
): Promise<readonly VenueOrderReport[]> {
  const start_date = new Date(since - LONGEST_ORDER_MS).toISOString();
  const orders = await ordersOf(wire, { start_date }, 'closed orders');
  return orders
    .map((each) => reportOf(wire, each))
    .filter((each) => isWanted(each, symbols))
    .filter(({ status }) => status !== 'open' && status !== 'pending-cancel');
}

export async function coinbaseTrades(
  wire: Wire,
  symbols: readonly SymbolName[],
  since: EpochMs,
): Promise<readonly VenueTrade[]> {
  const wanted = 'trades';
  const start_sequence_timestamp = new Date(since).toISOString();
  const fills = await allPages<CoinbaseFill, string>(
    async (cursor) => {
      const params = { start_sequence_timestamp, limit: PAGE, ...(cursor && { cursor }) };
      const call = { method: 'v3PrivateGetBrokerageOrdersHistoricalFills', params };
      const page = readAnswer(fillPage, await wire.ask(call, wanted), wire.exchange, wanted);
      return { rows: page.fills, next: page.fills.length === 0 ? null : textOf(page.cursor) };
    },
    ({ trade_id, order_id }) => `${order_id} ${trade_id}`,
    wire.exchange,
  );
  return (
    fills
      .filter(({ trade_type }) => trade_type === undefined || trade_type === 'FILL')
      .map((each) => tradeOf(wire, each))
      .filter((each) => isWanted(each, symbols))
      // Newest first as they come, also within a millisecond.
      .toReversed()
      .sort((one, other) => one.time - other.time)
  );
}

function ordersOf(wire: Wire, filter: object, wanted: string): Promise<readonly CoinbaseOrder[]> {
  return allPages<CoinbaseOrder, string>(
    async (cursor) => {
      const page = await pageOfOrders(
        wire,
        { ...filter, limit: PAGE, ...(cursor && { cursor }) },
        wanted,
      );
      const goesOn = page.has_next !== false && page.orders.length > 0;
      return { rows: page.orders, next: goesOn ? textOf(page.cursor) : null };
    },
    ({ order_id }) => order_id,
    wire.exchange,
  );
}

async function pageOfOrders(wire: Wire, filter: object, wanted: string) {
  const call = { method: 'v3PrivateGetBrokerageOrdersHistoricalBatch', params: { ...filter } };
  return readAnswer(orderPage, await wire.ask(call, wanted), wire.exchange, wanted);
}

function reportOf(wire: Wire, order: CoinbaseOrder): VenueOrderReport {
  const filled = decimalOf(order.filled_size);
  const status = statusOf(COINBASE_STATUSES, order.status, filled);
  return {
    clientId: textOf(order.client_order_id),
    venueId: order.order_id,
    symbol: wire.markets.symbolOf(order.product_id),
    side: sideOf(order.side),
    status: status === 'open' && order.pending_cancel === true ? 'pending-cancel' : status,
    statusText: order.status,
    quantity: baseSizeOf(order),
    filled,
    averagePrice: positiveOf(order.average_filled_price),
    updatedAt: timeOf(order.last_fill_time, 'iso'),
  };
}

/** Whatever kind of order it is; null for one of an amount of money. */
function baseSizeOf({ order_configuration }: CoinbaseOrder) {
  for (const configuration of Object.values(order_configuration ?? {})) {
    const size = positiveOf(sized.safeParse(configuration).data?.base_size);
    if (size !== null) return size;
  }
  return null;
}

function tradeOf(wire: Wire, fill: CoinbaseFill): VenueTrade {
  const price = positiveOf(fill.price);
  const size = positiveOf(fill.size);
  const side = sideOf(fill.side);
  const time = timeOf(fill.trade_time, 'iso');
  if (price === null || size === null || side === null || time === null) {
    throw unreadable(wire.exchange, 'trades', `trade ${fill.trade_id}`);
  }
  const market = wire.markets.byId(fill.product_id);
  const paid = decimalOf(fill.commission);
  return {
    tradeId: fill.trade_id,
    venueOrderId: fill.order_id,
    clientId: null,
    symbol: market?.symbol ?? fill.product_id,
    side,
    quantity: fill.size_in_quote === true ? size.dividedBy(price) : size,
    price,
    // It names no currency, and takes its fees in that of the price.
    fee: paid === null || market === null ? null : { currency: market.quote, amount: paid },
    liquidity: liquidityOf(fill.liquidity_indicator),
    time,
  };
}

function liquidityOf(field: unknown): Liquidity | null {
  const word = textOf(field)?.toLowerCase();
  return word === 'maker' || word === 'taker' ? word : null;
}
