import type { EpochMs } from '../../../src/core/time.ts';
import type { ExchangeCore } from './exchange-core.ts';
import type { OrderKind, OrderState, SimOrder, SimTrade, VenueRules } from './exchange-types.ts';
import type { ExchangeView } from './exchange-view.ts';
import { krakenAltname, krakenAsset, krakenPair, krakenShort } from './kraken-names.ts';
import { isOpen } from './order-store.ts';
import type { SimCandle, SimMarket } from './sim-market.ts';
import { ONE, plain, product, quotient, units, type Units } from './units.ts';

const STATES: Readonly<Record<OrderState, string>> = {
  open: 'open',
  'pending-cancel': 'open',
  filled: 'closed',
  canceled: 'canceled',
  expired: 'expired',
  rejected: 'canceled',
};

const WORDS: Readonly<Record<OrderKind, string>> = {
  market: 'market',
  limit: 'limit',
  stop: 'stop-loss',
  stop_limit: 'stop-loss-limit',
  trailing: 'trailing-stop',
};

const eight = (value: Units): string => plain(value, 8);
const five = (value: Units): string => plain(value, 5);
const seconds = (time: EpochMs): number => time / 1000;

function typeOf({ kind, side, triggersOnRise }: SimOrder): string {
  const isTakeProfit = triggersOnRise !== (side === 'buy');
  return isTakeProfit ? WORDS[kind].replace('stop-loss', 'take-profit') : WORDS[kind];
}

/** `buy 0.02100000 ETHUSDT @ limit 330.00`: what the answer to a new order tells of it. */
export function sentenceOf(order: SimOrder, market: SimMarket): string {
  const { side, quantity, kind, limit, stop } = order;
  const what = `${side} ${eight(quantity)} ${krakenAltname(market.base, market.quote)} @`;
  const limited = limit === null ? '' : plain(limit, 2);
  if (kind === 'market') return `${what} market`;
  if (kind === 'limit') return `${what} limit ${limited}`;
  const trigger = `${what} ${typeOf(order).replace('-limit', '').replace('-', ' ')} ${plain(stop ?? 0n, 2)}`;
  return kind === 'stop_limit' ? `${trigger} -> limit ${limited}` : trigger;
}

/** An order as reads show it, without its id. */
export function orderOf(order: SimOrder, market: SimMarket, view: ExchangeView): object {
  const { clientId, filled, cost, limit, stop, kind } = order;
  const trades = view.tradesOf(order.id);
  const fees = trades.map((trade) => units(view.feeOf(trade)?.amount ?? '0'));
  const told = view.filledOf(order);
  const isResting = kind === 'stop_limit' && order.isTriggered;
  return {
    refid: null,
    userref: null,
    ...(clientId === null ? {} : { cl_ord_id: clientId }),
    status: view.statusWord ?? STATES[order.state],
    opentm: seconds(order.createdAt),
    ...endingOf(order),
    starttm: 0,
    expiretm: order.expiresAt === null ? 0 : seconds(order.expiresAt),
    descr: descriptionOf(order, market),
    vol: eight(order.quantity),
    ...(told === null ? {} : { vol_exec: eight(told) }),
    cost: five(cost),
    fee: five(fees.reduce((sum, fee) => sum + fee, 0n)),
    price: filled === 0n ? '0.00000' : five(quotient(cost, filled)),
    stopprice: five(stop ?? 0n),
    limitprice: isResting ? five(limit ?? 0n) : '0.00000',
    misc: '',
    oflags: order.postOnly ? 'fciq,post' : 'fciq',
    ...(trades.length === 0 ? {} : { trades: trades.map(({ id }) => id) }),
  };
}

function endingOf(order: SimOrder): object {
  if (isOpen(order)) return {};
  const reason = order.state === 'canceled' ? 'User requested' : null;
  return { closetm: seconds(order.updatedAt), reason };
}

function descriptionOf(order: SimOrder, market: SimMarket): object {
  const { kind, limit, stop, side } = order;
  const first = kind === 'limit' ? limit : stop;
  return {
    pair: krakenAltname(market.base, market.quote),
    aclass: 'forex',
    type: side,
    ordertype: typeOf(order),
    price: first === null ? '0' : plain(first, 2),
    price2: kind === 'stop_limit' && limit !== null ? plain(limit, 2) : '0',
    leverage: 'none',
    order: sentenceOf(order, market),
    close: '',
  };
}

/** A trade as reads show it, without its id; the fee in the quote currency and without a word of it. */
export function tradeOf(
  trade: SimTrade,
  market: SimMarket,
  order: SimOrder,
  view: ExchangeView,
): object {
  const fee = view.feeOf(trade);
  return {
    ordertxid: trade.orderId,
    postxid: 'TKH2SE-M7IF5-CFI7LT',
    pair: krakenPair(market.base, market.quote),
    aclass: 'forex',
    time: seconds(trade.time),
    type: trade.side,
    ordertype: typeOf(order),
    price: five(trade.price),
    cost: five(product(trade.price, trade.quantity)),
    ...(fee === null ? {} : { fee: five(units(fee.amount)) }),
    vol: eight(trade.quantity),
    margin: '0.00000',
    leverage: '0',
    misc: '',
    trade_id: trade.time % 100_000_000,
    maker: trade.isMaker,
    ...(trade.clientId === null ? {} : { cl_ord_id: trade.clientId }),
  };
}

export function balancesOf(view: ExchangeView): object {
  return Object.fromEntries(
    [...view.holdings()].map(([asset, { free, held }]) => [
      krakenAsset(asset),
      { balance: plain(free + held, 10), hold_trade: plain(held, 10) },
    ]),
  );
}

/** What a key may do: https://docs.kraken.com/api/docs/rest-api/get-api-key-info */
export function keyInfoOf(
  { mayTrade, mayWithdraw }: ExchangeCore['permissions'],
  apiKey: string,
): object {
  const trading = mayTrade ? ['modify-trades', 'close-trades'] : [];
  const withdrawing = mayWithdraw ? ['withdraw-funds'] : [];
  return {
    api_key_name: 'engine',
    api_key: apiKey,
    nonce: '1772445600000',
    nonce_window: '0',
    permissions: [
      'query-funds',
      'query-open-trades',
      'query-closed-trades',
      ...trading,
      ...withdrawing,
    ],
    iban: 'AA97 N84G H3JN 4ZAQ',
    created_time: '1698645219',
    modified_time: '1698645219',
    last_used: '1772445600',
    ip_allowlist: [],
  };
}

export function assetsOf(markets: Iterable<SimMarket>, held: Iterable<string>): object {
  const names = new Set(held);
  for (const { base, quote } of markets) names.add(base).add(quote);
  return Object.fromEntries(
    [...names].map((name) => [
      krakenAsset(name),
      {
        aclass: 'currency',
        altname: krakenShort(name),
        decimals: 10,
        display_decimals: 5,
        status: 'enabled',
      },
    ]),
  );
}

export function pairOf(market: SimMarket, { makerFee, takerFee }: VenueRules): object {
  const { base, quote, listing } = market;
  const percent = (fee: string): number => Number(plain(units(fee) * 100n));
  return {
    altname: krakenAltname(base, quote),
    wsname: `${krakenShort(base)}/${krakenShort(quote)}`,
    aclass_base: 'currency',
    base: krakenAsset(base),
    aclass_quote: 'currency',
    quote: krakenAsset(quote),
    lot: 'unit',
    cost_decimals: 5,
    pair_decimals: decimalsOf(listing.tickSize),
    lot_decimals: decimalsOf(listing.lotStep),
    lot_multiplier: 1,
    leverage_buy: [],
    leverage_sell: [],
    fees: [[0, percent(takerFee)]],
    fees_maker: [[0, percent(makerFee)]],
    fee_volume_currency: 'ZUSD',
    margin_call: 80,
    margin_stop: 40,
    ordermin: listing.minQuantity,
    costmin: listing.minNotional,
    tick_size: listing.tickSize,
    status: listing.status === 'trading' ? 'online' : 'cancel_only',
  };
}

/** Two for `0.01`, none for `1`. */
function decimalsOf(step: string): number {
  return plain(units(step)).split('.')[1]?.length ?? 0;
}

export function tickerOf(market: SimMarket): object {
  const level = (price: Units): readonly string[] => [five(price), '5', '5.000'];
  const last = five(market.last);
  return {
    a: level(market.ask),
    b: level(market.bid),
    c: [last, '1.00000000'],
    v: ['100.00000000', '200.00000000'],
    p: [last, last],
    t: [100, 200],
    l: [last, last],
    h: [last, last],
    o: last,
  };
}

export function depthOf(market: SimMarket, now: EpochMs): object {
  const time = Math.floor(now / 1000);
  const level = (price: Units): readonly unknown[] => [five(price), '5.000', time];
  const steps = [0n, 1n, 2n, 3n, 4n];
  return {
    asks: steps.map((n) => level(market.ask + n * market.tick)),
    bids: steps.map((n) => level(market.bid - n * market.tick)),
  };
}

export function candleOf(candle: SimCandle): readonly unknown[] {
  const { openTime, open, high, low, close, volume, trades } = candle;
  const mean = (open + high + low + close) / (4n * ONE);
  const prices = [open, high, low, close].map(five);
  return [openTime / 1000, ...prices, `${mean}.00000`, eight(volume), trades];
}
