import { uuidOf } from './alpaca-ids.ts';
import type { ExchangeCore } from './exchange-core.ts';
import type { SimOrder, SimTrade } from './exchange-types.ts';
import type { ExchangeView } from './exchange-view.ts';
import type { SimCandle, SimMarket } from './sim-market.ts';
import { plain, quotient } from './units.ts';

/** The exchange trades stocks as `AAPL/USD`; on the wire that is `AAPL`. */
export const STOCKS: ReadonlySet<string> = new Set(['AAPL', 'MSFT']);

export function wireSymbol({ base, listing }: SimMarket): string {
  return STOCKS.has(base) ? base : listing.symbol;
}

/** As positions and fees are written: without the slash. */
function joinedSymbol(market: SimMarket): string {
  return wireSymbol(market).replace('/', '');
}

export function isStock({ base }: SimMarket): boolean {
  return STOCKS.has(base);
}

export function stamp(time: number): string {
  return new Date(time).toISOString().replace('Z', '123456Z');
}

const STATES = {
  open: 'new',
  'pending-cancel': 'pending_cancel',
  filled: 'filled',
  canceled: 'canceled',
  expired: 'expired',
  rejected: 'rejected',
} as const;

export function statusOf({ state, filled }: SimOrder): string {
  return state === 'open' && filled > 0n ? 'partially_filled' : STATES[state];
}

/** https://docs.alpaca.markets/reference/getallorders */
export function orderOf(order: SimOrder, market: SimMarket, statusWord: string | null): object {
  const { state, filled, cost, limit, stop, trail } = order;
  const ended = (which: SimOrder['state']) => (state === which ? stamp(order.updatedAt) : null);
  return {
    id: order.id,
    client_order_id: order.clientId ?? uuidOf(`client ${order.id}`),
    created_at: stamp(order.createdAt),
    updated_at: stamp(order.updatedAt),
    submitted_at: stamp(order.createdAt),
    filled_at: ended('filled'),
    expired_at: ended('expired'),
    canceled_at: ended('canceled'),
    failed_at: ended('rejected'),
    replaced_at: null,
    replaced_by: null,
    replaces: null,
    asset_id: uuidOf(market.listing.symbol),
    symbol: wireSymbol(market),
    asset_class: isStock(market) ? 'us_equity' : 'crypto',
    notional: null,
    qty: plain(order.quantity),
    filled_qty: plain(filled),
    filled_avg_price: filled === 0n ? null : plain(quotient(cost, filled)),
    order_class: isStock(market) ? '' : 'simple',
    order_type: typeOf(order),
    type: typeOf(order),
    side: order.side,
    time_in_force: order.lifetime,
    limit_price: limit === null ? null : plain(limit),
    stop_price: stop === null ? null : plain(stop),
    status: statusWord ?? statusOf(order),
    extended_hours: false,
    legs: null,
    trail_percent: null,
    trail_price: trail === null ? null : plain(trail),
    hwm: null,
    subtag: null,
    source: null,
  };
}

function typeOf({ kind }: SimOrder): string {
  return kind === 'trailing' ? 'trailing_stop' : kind;
}

/** A fill as an activity; its id has nothing to do with that of the stream's message. */
export function fillOf(
  trade: SimTrade,
  market: SimMarket,
  order: SimOrder,
  before: bigint,
): object {
  const cumulative = before + trade.quantity;
  const isWhole = cumulative === order.quantity;
  return {
    id: activityId(trade),
    activity_type: 'FILL',
    transaction_time: stamp(trade.time),
    type: isWhole ? 'fill' : 'partial_fill',
    price: plain(trade.price),
    qty: plain(trade.quantity),
    side: trade.side,
    symbol: wireSymbol(market),
    leaves_qty: plain(order.quantity - cumulative),
    order_id: trade.orderId,
    cum_qty: plain(cumulative),
    order_status: isWhole ? 'filled' : 'partially_filled',
  };
}

export function activityId(trade: Pick<SimTrade, 'id' | 'time'>): string {
  const digits = new Date(trade.time).toISOString().replaceAll(/\D/g, '');
  return `${digits}::${uuidOf(`activity ${trade.id}`)}`;
}

/** https://docs.alpaca.markets/docs/crypto-fees: of a day, and of no trade in particular. */
export function feeOf(trade: SimTrade, market: SimMarket, date: string): object {
  const isCoin = trade.fee.asset !== 'USD';
  const coin = isCoin ? `${trade.fee.asset}USD` : joinedSymbol(market);
  return {
    id: `${date.replaceAll('-', '')}000000000::${uuidOf(`fee ${trade.id}`)}`,
    activity_type: 'CFEE',
    date,
    net_amount: isCoin ? '0' : `-${plain(trade.fee.amount)}`,
    description: isCoin ? 'Coin Pair Transaction Fee (Non USD)' : 'Coin Pair Transaction Fee (USD)',
    symbol: coin,
    qty: isCoin ? `-${plain(trade.fee.amount)}` : '0',
    price: isCoin ? plain(trade.price) : '0',
    status: 'executed',
  };
}

/** https://docs.alpaca.markets/reference/getaccount-1 */
export function accountOf(core: ExchangeCore, view: ExchangeView): object {
  const cash = view.holdings().get('USD');
  const free = cash?.free ?? 0n;
  return {
    id: uuidOf('account'),
    account_number: 'PA3TESTACCT1',
    status: 'ACTIVE',
    crypto_status: 'ACTIVE',
    currency: 'USD',
    buying_power: plain(free * 2n),
    non_marginable_buying_power: plain(free),
    cash: cash === undefined ? null : plain(cash.free + cash.held),
    trading_blocked: !core.permissions.mayTrade,
    transfers_blocked: false,
    account_blocked: false,
    trade_suspended_by_user: false,
    multiplier: '2',
    shorting_enabled: true,
  };
}

/** https://docs.alpaca.markets/reference/getallopenpositions */
export function positionsOf(core: ExchangeCore, view: ExchangeView): readonly object[] {
  return [...view.holdings()]
    .filter(([asset, { free, held }]) => asset !== 'USD' && free + held > 0n)
    .map(([asset, { free, held }]) => ({
      asset_id: uuidOf(asset),
      symbol: STOCKS.has(asset) ? asset : `${asset}USD`,
      exchange: STOCKS.has(asset) ? 'NASDAQ' : 'CRYPTO',
      asset_class: STOCKS.has(asset) ? 'us_equity' : 'crypto',
      asset_marginable: STOCKS.has(asset),
      qty: plain(free + held),
      qty_available: plain(free),
      side: 'long',
      avg_entry_price: '1',
      current_price: plain(core.markets.get(`${asset}/USD`)?.last ?? 0n),
    }));
}

export function assetOf(market: SimMarket): object {
  const shared = {
    id: uuidOf(market.listing.symbol),
    symbol: wireSymbol(market),
    name: `${market.base} of these tests`,
    status: 'active',
    tradable: market.listing.status === 'trading',
    fractionable: true,
    attributes: [],
  };
  if (isStock(market)) {
    return { ...shared, class: 'us_equity', exchange: 'NASDAQ', shortable: true, marginable: true };
  }
  const { minQuantity, lotStep, tickSize } = market.listing;
  return {
    ...shared,
    class: 'crypto',
    exchange: 'CRYPTO',
    shortable: false,
    marginable: false,
    min_order_size: minQuantity,
    min_trade_increment: lotStep,
    price_increment: tickSize,
  };
}

/** https://docs.alpaca.markets/reference/stocklatestquotes-1 */
export function quoteOf(market: SimMarket, time: number): object {
  return {
    t: stamp(time),
    ap: Number(plain(market.ask)),
    as: 3,
    bp: Number(plain(market.bid)),
    bs: 2,
    ...(isStock(market) && { ax: 'V', bx: 'V', c: ['R'], z: 'C' }),
  };
}

/** https://docs.alpaca.markets/reference/cryptobars-1 */
export function barOf(candle: SimCandle): object {
  const [o, h, l, c, v] = [candle.open, candle.high, candle.low, candle.close, candle.volume].map(
    (value) => Number(plain(value)),
  );
  return { t: new Date(candle.openTime).toISOString(), o, h, l, c, v, n: candle.trades, vw: c };
}
