import type { ExchangeCore } from './exchange-core.ts';
import type { OrderState, SimOrder, SimTrade } from './exchange-types.ts';
import type { ExchangeView } from './exchange-view.ts';
import type { SimCandle, SimMarket } from './sim-market.ts';
import { plain, product, type Units } from './units.ts';
import { bare } from './wire.ts';

const STATES: Readonly<Record<OrderState, string>> = {
  open: 'NEW',
  'pending-cancel': 'PENDING_CANCEL',
  filled: 'FILLED',
  canceled: 'CANCELED',
  expired: 'EXPIRED',
  rejected: 'REJECTED',
};

const LIFETIMES = { gtc: 'GTC', day: 'GTC', gtd: 'GTC', ioc: 'IOC', fok: 'FOK' } as const;

/** Binance writes amounts with eight decimals. */
function eight(value: Units): string {
  return plain(value, 8);
}

export function symbolIdOf({ base, quote }: SimMarket): string {
  return base + quote;
}

function typeOf({ kind, side, triggersOnRise, postOnly }: SimOrder): string {
  const prefix = triggersOnRise === (side === 'buy') ? 'STOP_LOSS' : 'TAKE_PROFIT';
  if (kind === 'market') return 'MARKET';
  if (kind === 'limit') return postOnly ? 'LIMIT_MAKER' : 'LIMIT';
  return kind === 'stop_limit' ? `${prefix}_LIMIT` : prefix;
}

function wordOf({ state, filled }: SimOrder): string {
  return state === 'open' && filled > 0n ? 'PARTIALLY_FILLED' : STATES[state];
}

function commonOf(order: SimOrder, market: SimMarket): object {
  return {
    symbol: symbolIdOf(market),
    orderId: bare(order.id),
    orderListId: -1,
    clientOrderId: order.clientId ?? `web_${order.id}`,
    price: eight(order.limit ?? 0n),
    origQty: eight(order.quantity),
    executedQty: eight(order.filled),
    origQuoteOrderQty: '0.00000000',
    cummulativeQuoteQty: eight(order.cost),
    status: wordOf(order),
    timeInForce: LIFETIMES[order.lifetime],
    type: typeOf(order),
    side: order.side.toUpperCase(),
    ...(order.stop === null ? {} : { stopPrice: eight(order.stop) }),
    workingTime: order.isTriggered ? order.createdAt : -1,
    selfTradePreventionMode: 'EXPIRE_MAKER',
  };
}

/** An order as reads show it. */
export function orderOf(order: SimOrder, market: SimMarket, view: ExchangeView): object {
  const filled = view.filledOf(order);
  return {
    ...commonOf(order, market),
    executedQty: filled === null ? undefined : eight(filled),
    status: view.statusWord ?? wordOf(order),
    stopPrice: eight(order.stop ?? 0n),
    icebergQty: '0.00000000',
    time: order.createdAt,
    updateTime: order.updatedAt,
    isWorking: order.isTriggered,
  };
}

/** The answer to a new order: `ACK`, `RESULT`, or `FULL` with its trades. */
export function placedOf(
  order: SimOrder,
  market: SimMarket,
  trades: readonly SimTrade[],
  style: string,
): object {
  const { symbol, orderId, orderListId, clientOrderId, ...rest } = {
    symbol: symbolIdOf(market),
    orderId: bare(order.id),
    orderListId: -1,
    clientOrderId: order.clientId ?? `web_${order.id}`,
    ...commonOf(order, market),
  };
  const ack = { symbol, orderId, orderListId, clientOrderId, transactTime: order.createdAt };
  if (style === 'ACK') return ack;
  const fills = trades.map((trade) => ({
    price: eight(trade.price),
    qty: eight(trade.quantity),
    commission: eight(trade.fee.amount),
    commissionAsset: trade.fee.asset,
    tradeId: bare(trade.id),
  }));
  return { ...ack, ...rest, ...(style === 'FULL' ? { fills } : {}) };
}

export function tradeOf(trade: SimTrade, market: SimMarket, view: ExchangeView): object {
  const fee = view.feeOf(trade);
  return {
    symbol: symbolIdOf(market),
    id: bare(trade.id),
    orderId: bare(trade.orderId),
    orderListId: -1,
    price: eight(trade.price),
    qty: eight(trade.quantity),
    quoteQty: eight(product(trade.price, trade.quantity)),
    ...(fee === null ? {} : { commission: fee.amount }),
    ...(fee === null || fee.asset === null ? {} : { commissionAsset: fee.asset }),
    time: trade.time,
    isBuyer: trade.side === 'buy',
    isMaker: trade.isMaker,
    isBestMatch: true,
  };
}

export function accountOf(
  view: ExchangeView,
  { rules, permissions }: Pick<ExchangeCore, 'rules' | 'permissions'>,
  now: number,
): object {
  const { makerFee: maker, takerFee: taker } = rules;
  return {
    makerCommission: Math.round(Number(maker) * 10_000),
    takerCommission: Math.round(Number(taker) * 10_000),
    buyerCommission: 0,
    sellerCommission: 0,
    commissionRates: { maker, taker, buyer: '0.00000000', seller: '0.00000000' },
    canTrade: permissions.mayTrade,
    canWithdraw: permissions.mayWithdraw,
    canDeposit: true,
    brokered: false,
    requireSelfTradePrevention: false,
    preventSor: false,
    updateTime: now,
    accountType: 'SPOT',
    balances: [...view.holdings()].map(([asset, { free, held }]) => ({
      asset,
      free: eight(free),
      locked: eight(held),
    })),
    permissions: ['SPOT'],
    uid: 354_937_868,
  };
}

export function restrictionsOf({ mayTrade, mayWithdraw }: ExchangeCore['permissions']): object {
  return {
    ipRestrict: true,
    createTime: 1_698_645_219_000,
    enableReading: true,
    enableSpotAndMarginTrading: mayTrade,
    enableWithdrawals: mayWithdraw,
    enableInternalTransfer: mayWithdraw,
    enableMargin: false,
    enableFutures: false,
    permitsUniversalTransfer: false,
    enableVanillaOptions: false,
    enableFixApiTrade: false,
    enableFixReadOnly: false,
    enablePortfolioMarginTrading: false,
  };
}

export function exchangeInfoOf(markets: readonly SimMarket[], now: number): object {
  return {
    timezone: 'UTC',
    serverTime: now,
    rateLimits: [
      { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 6000 },
    ],
    exchangeFilters: [],
    symbols: markets.map(symbolInfoOf),
  };
}

function symbolInfoOf(market: SimMarket): object {
  const { tickSize, lotStep, minQuantity, minNotional, status } = market.listing;
  return {
    symbol: symbolIdOf(market),
    status: status === 'trading' ? 'TRADING' : status === 'halted' ? 'HALT' : 'BREAK',
    baseAsset: market.base,
    baseAssetPrecision: 8,
    quoteAsset: market.quote,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    orderTypes: [
      'LIMIT',
      'LIMIT_MAKER',
      'MARKET',
      'STOP_LOSS',
      'STOP_LOSS_LIMIT',
      'TAKE_PROFIT',
      'TAKE_PROFIT_LIMIT',
    ],
    icebergAllowed: true,
    ocoAllowed: true,
    quoteOrderQtyMarketAllowed: true,
    allowTrailingStop: true,
    cancelReplaceAllowed: true,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: [
      { filterType: 'PRICE_FILTER', minPrice: tickSize, maxPrice: '1000000.00', tickSize },
      { filterType: 'LOT_SIZE', minQty: minQuantity, maxQty: '9000.00', stepSize: lotStep },
      { filterType: 'NOTIONAL', minNotional, applyMinToMarket: true, maxNotional: '9000000.00' },
    ],
    permissions: [],
    permissionSets: [['SPOT']],
    defaultSelfTradePreventionMode: 'EXPIRE_MAKER',
    allowedSelfTradePreventionModes: ['EXPIRE_MAKER'],
  };
}

export function bookTickerOf(market: SimMarket): object {
  return {
    symbol: symbolIdOf(market),
    bidPrice: eight(market.bid),
    bidQty: '5.00000000',
    askPrice: eight(market.ask),
    askQty: '5.00000000',
  };
}

export function dayTickerOf(market: SimMarket, now: number): object {
  const last = eight(market.last);
  return {
    ...bookTickerOf(market),
    priceChange: '0.00000000',
    priceChangePercent: '0.000',
    weightedAvgPrice: last,
    prevClosePrice: last,
    lastPrice: last,
    lastQty: '1.00000000',
    openPrice: last,
    highPrice: last,
    lowPrice: last,
    volume: '100.00000000',
    quoteVolume: '100.00000000',
    openTime: now - 86_400_000,
    closeTime: now,
    firstId: 1,
    lastId: 2,
    count: 2,
  };
}

export function depthOf(market: SimMarket, step: number): object {
  const level = (price: Units): readonly string[] => [eight(price), '5.00000000'];
  const steps = [0n, 1n, 2n, 3n, 4n];
  return {
    lastUpdateId: step,
    bids: steps.map((n) => level(market.bid - n * market.tick)),
    asks: steps.map((n) => level(market.ask + n * market.tick)),
  };
}

export function klineOf(candle: SimCandle, length: number): readonly unknown[] {
  const { openTime, open, high, low, close, volume, trades } = candle;
  const prices = [open, high, low, close, volume].map(eight);
  const closeTime = openTime + length - 1;
  const value = eight(product(volume, close));
  return [openTime, ...prices, closeTime, value, trades, '0', '0', '0'];
}
