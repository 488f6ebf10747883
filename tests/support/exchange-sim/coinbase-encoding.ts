import type { EpochMs } from '../../../src/core/time.ts';
import type { OrderState, Refusal, SimOrder, SimTrade, VenueRules } from './exchange-types.ts';
import type { ExchangeView } from './exchange-view.ts';
import type { SimCandle, SimMarket } from './sim-market.ts';
import { plain, quotient, units, type Units } from './units.ts';

const STATES: Readonly<Record<OrderState, string>> = {
  open: 'OPEN',
  'pending-cancel': 'CANCEL_QUEUED',
  filled: 'FILLED',
  canceled: 'CANCELLED',
  expired: 'EXPIRED',
  rejected: 'FAILED',
};

const LIFETIMES = {
  gtc: 'GOOD_UNTIL_CANCELLED',
  day: 'GOOD_UNTIL_DATE_TIME',
  gtd: 'GOOD_UNTIL_DATE_TIME',
  ioc: 'IMMEDIATE_OR_CANCEL',
  fok: 'FILL_OR_KILL',
} as const;

/** `error` and `preview_failure_reason` of an order that was not taken. */
const REFUSALS: Readonly<Record<Refusal, readonly [error: string, preview: string, text: string]>> =
  {
    'unknown-symbol': ['INVALID_PRODUCT_ID', 'PREVIEW_INVALID_PRODUCT_ID', 'Invalid product_id'],
    'not-trading': [
      'ORDER_ENTRY_DISABLED',
      'PREVIEW_ORDER_ENTRY_DISABLED',
      'Orderbook is in cancel only mode',
    ],
    'lot-step': [
      'INVALID_SIZE_PRECISION',
      'PREVIEW_INVALID_SIZE_PRECISION',
      'Too many decimals in order amount',
    ],
    'min-quantity': ['UNKNOWN_FAILURE_REASON', 'PREVIEW_INVALID_BASE_SIZE_TOO_SMALL', ''],
    'tick-size': [
      'INVALID_PRICE_PRECISION',
      'PREVIEW_INVALID_PRICE_PRECISION',
      'Too many decimals in order price',
    ],
    'min-notional': ['UNKNOWN_FAILURE_REASON', 'PREVIEW_INVALID_QUOTE_SIZE_TOO_SMALL', ''],
    'price-band': [
      'INVALID_LIMIT_PRICE',
      'PREVIEW_INVALID_LIMIT_PRICE',
      'Limit price is out of range',
    ],
    funds: [
      'INSUFFICIENT_FUND',
      'PREVIEW_INSUFFICIENT_FUND',
      'Insufficient balance in source account',
    ],
    'duplicate-id': [
      'UNKNOWN_FAILURE_REASON',
      'PREVIEW_INVALID_REQUEST',
      'Duplicate client_order_id',
    ],
    'would-trigger': ['UNKNOWN_FAILURE_REASON', 'PREVIEW_STOP_PRICE_ABOVE_LAST_TRADE_PRICE', ''],
    'would-take': ['INVALID_LIMIT_PRICE_POST_ONLY', 'PREVIEW_INVALID_LIMIT_PRICE_POST_ONLY', ''],
    'bad-order': [
      'UNSUPPORTED_ORDER_CONFIGURATION',
      'PREVIEW_INVALID_REQUEST',
      'source is not enabled for trading',
    ],
  };

export function refusedOf(reason: Refusal, configuration: unknown): object {
  const [error, preview, message] = REFUSALS[reason];
  return {
    success: false,
    failure_reason: 'UNKNOWN_FAILURE_REASON',
    order_id: '',
    error_response: {
      error,
      message,
      error_details: '',
      preview_failure_reason: preview,
    },
    order_configuration: configuration,
  };
}

/** The answer to a new order: it names it, and says nothing of what became of it. */
export function placedOf(order: SimOrder, configuration: unknown): object {
  return {
    success: true,
    failure_reason: 'UNKNOWN_FAILURE_REASON',
    order_id: order.id,
    success_response: {
      order_id: order.id,
      product_id: productIdOf(order.symbol),
      side: order.side.toUpperCase(),
      client_order_id: order.clientId,
    },
    order_configuration: configuration,
  };
}

export function productIdOf(symbol: string): string {
  return symbol.replace('/', '-');
}

export function statusOf({ state }: SimOrder): string {
  return STATES[state];
}

export function orderOf(order: SimOrder, view: ExchangeView): object {
  const { id, clientId, symbol, side, quantity, filled, cost, state } = order;
  const told = view.filledOf(order);
  const trades = view.tradesOf(id);
  const fees = trades.map((trade) => units(view.feeOf(trade)?.amount ?? '0'));
  const totalFees = fees.reduce((sum, fee) => sum + fee, 0n);
  return {
    order_id: id,
    product_id: productIdOf(symbol),
    user_id: USER,
    order_configuration: configurationOf(order),
    side: side.toUpperCase(),
    client_order_id: clientId ?? '',
    status: view.statusWord ?? STATES[state],
    time_in_force: LIFETIMES[order.lifetime],
    created_time: isoOf(order.createdAt),
    completion_percentage: plain(quotient(filled * 100n, quantity)),
    ...(told === null ? {} : { filled_size: plain(told) }),
    average_filled_price: filled === 0n ? '0' : plain(quotient(cost, filled)),
    fee: '',
    number_of_fills: String(trades.length),
    filled_value: plain(cost),
    pending_cancel: state === 'pending-cancel',
    size_in_quote: false,
    total_fees: plain(totalFees),
    size_inclusive_of_fees: false,
    total_value_after_fees: plain(side === 'buy' ? cost + totalFees : cost - totalFees),
    trigger_status: triggerOf(order),
    order_type: TYPES[order.kind],
    reject_reason: 'REJECT_REASON_UNSPECIFIED',
    settled: state === 'filled',
    product_type: 'SPOT',
    reject_message: '',
    cancel_message: state === 'canceled' ? 'User requested cancel' : '',
    order_placement_source: order.isOurs ? 'RETAIL_ADVANCED' : 'RETAIL_SIMPLE',
    outstanding_hold_amount: plain(order.held.amount),
    is_liquidation: false,
    last_fill_time: trades.length === 0 ? null : isoOf(trades.at(-1)?.time ?? 0),
    edit_history: [],
    leverage: '',
    margin_type: 'UNKNOWN_MARGIN_TYPE',
  };
}

const USER = '11111111-1111-1111-1111-111111111111';

const TYPES = {
  market: 'MARKET',
  limit: 'LIMIT',
  stop: 'STOP_LIMIT',
  stop_limit: 'STOP_LIMIT',
  trailing: 'STOP_LIMIT',
} as const;

function triggerOf({ stop, isTriggered }: SimOrder): string {
  if (stop === null) return 'INVALID_ORDER_TYPE';
  return isTriggered ? 'STOP_TRIGGERED' : 'STOP_PENDING';
}

function configurationOf(order: SimOrder): object {
  const { kind, lifetime, quantity, limit, stop, postOnly, expiresAt, triggersOnRise } = order;
  const size = { base_size: plain(quantity) };
  if (kind === 'market') return { market_market_ioc: size };
  const price = { ...size, limit_price: plain(limit ?? 0n) };
  const end = expiresAt === null ? {} : { end_time: isoOf(expiresAt) };
  if (kind === 'stop_limit') {
    const direction = triggersOnRise ? 'STOP_DIRECTION_STOP_UP' : 'STOP_DIRECTION_STOP_DOWN';
    const stopped = { ...price, stop_price: plain(stop ?? 0n), stop_direction: direction, ...end };
    return lifetime === 'gtd'
      ? { stop_limit_stop_limit_gtd: stopped }
      : { stop_limit_stop_limit_gtc: stopped };
  }
  if (lifetime === 'ioc') return { sor_limit_ioc: price };
  if (lifetime === 'fok') return { limit_limit_fok: price };
  const posted = { ...price, post_only: postOnly, ...end };
  return lifetime === 'gtc' ? { limit_limit_gtc: posted } : { limit_limit_gtd: posted };
}

export function fillOf(trade: SimTrade, view: ExchangeView): object {
  const fee = view.feeOf(trade);
  return {
    entry_id: `entry-${trade.id}`,
    trade_id: trade.id,
    order_id: trade.orderId,
    trade_time: isoOf(trade.time),
    trade_type: 'FILL',
    price: plain(trade.price),
    size: plain(trade.quantity),
    ...(fee === null ? {} : { commission: fee.amount }),
    product_id: productIdOf(trade.symbol),
    sequence_timestamp: isoOf(trade.time),
    liquidity_indicator: trade.isMaker ? 'MAKER' : 'TAKER',
    size_in_quote: false,
    user_id: USER,
    side: trade.side.toUpperCase(),
    retail_portfolio_id: USER,
  };
}

export function accountsOf(view: ExchangeView): readonly object[] {
  return [...view.holdings()].map(([currency, { free, held }]) => ({
    uuid: `account-${currency}`,
    name: `${currency} Wallet`,
    currency,
    available_balance: { value: plain(free), currency },
    default: true,
    active: true,
    created_at: '2023-01-04T06:20:06.456Z',
    updated_at: '2023-01-04T06:20:07.181Z',
    deleted_at: null,
    type: FIAT.has(currency) ? 'ACCOUNT_TYPE_FIAT' : 'ACCOUNT_TYPE_CRYPTO',
    ready: true,
    hold: { value: plain(held), currency },
    retail_portfolio_id: USER,
    platform: 'ACCOUNT_PLATFORM_CONSUMER',
  }));
}

const FIAT = new Set(['USD', 'EUR', 'GBP']);

export function productOf(market: SimMarket): object {
  const { base, quote, listing } = market;
  const isDelisted = listing.status === 'delisted';
  return {
    product_id: productIdOf(listing.symbol),
    price: plain(market.last),
    base_increment: listing.lotStep,
    quote_increment: listing.tickSize,
    quote_min_size: listing.minNotional,
    quote_max_size: '150000000',
    base_min_size: listing.minQuantity,
    base_max_size: '3400',
    base_name: base,
    quote_name: quote,
    is_disabled: isDelisted,
    status: isDelisted ? 'delisted' : 'online',
    cancel_only: listing.status === 'halted',
    limit_only: false,
    post_only: false,
    trading_disabled: listing.status !== 'trading',
    auction_mode: false,
    product_type: 'SPOT',
    quote_currency_id: quote,
    base_currency_id: base,
    fcm_trading_session_details: null,
    alias: '',
    alias_to: [],
    base_display_symbol: base,
    quote_display_symbol: quote,
    view_only: false,
    price_increment: listing.tickSize,
    display_name: productIdOf(listing.symbol),
    product_venue: 'CBE',
  };
}

export function bookOf(market: SimMarket, now: EpochMs): object {
  const level = (price: Units): object => ({ price: plain(price), size: '5' });
  const steps = [0n, 1n, 2n, 3n, 4n];
  return {
    product_id: productIdOf(market.listing.symbol),
    bids: steps.map((n) => level(market.bid - n * market.tick)),
    asks: steps.map((n) => level(market.ask + n * market.tick)),
    time: isoOf(now),
  };
}

export function candleOf({ openTime, open, high, low, close, volume }: SimCandle): object {
  const [lowest, highest, first, last, traded] = [low, high, open, close, volume].map((each) =>
    plain(each),
  );
  return {
    start: String(openTime / 1000),
    low: lowest,
    high: highest,
    open: first,
    close: last,
    volume: traded,
  };
}

export function summaryOf({ makerFee, takerFee }: VenueRules): object {
  return {
    total_volume: 1000,
    total_fees: 25,
    fee_tier: {
      pricing_tier: '<$10k',
      usd_from: '0',
      usd_to: '10000',
      taker_fee_rate: takerFee,
      maker_fee_rate: makerFee,
    },
    advanced_trade_only_volume: 1000,
    advanced_trade_only_fees: 25,
    coinbase_pro_volume: 0,
    coinbase_pro_fees: 0,
  };
}

/** To the microsecond, as Coinbase dates things. */
export function isoOf(time: EpochMs): string {
  return new Date(time).toISOString().replace('Z', '000Z');
}
