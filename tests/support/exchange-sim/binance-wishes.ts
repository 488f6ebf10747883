import { BinanceError, ERRORS } from './binance-errors.ts';
import type { Lifetime, OrderKind, OrderWish } from './exchange-types.ts';
import type { SimMarket } from './sim-market.ts';
import { unitsOf, type Units } from './units.ts';

interface OrderType {
  readonly kind: OrderKind;
  readonly needs: readonly string[];
  /** Waits for the other direction than a stop-loss would. */
  readonly isTakeProfit?: boolean;
}

const TYPES: Readonly<Record<string, OrderType>> = {
  MARKET: { kind: 'market', needs: [] },
  LIMIT: { kind: 'limit', needs: ['timeInForce', 'quantity', 'price'] },
  LIMIT_MAKER: { kind: 'limit', needs: ['quantity', 'price'] },
  STOP_LOSS: { kind: 'stop', needs: ['quantity', 'stopPrice'] },
  STOP_LOSS_LIMIT: { kind: 'stop_limit', needs: ['timeInForce', 'quantity', 'price', 'stopPrice'] },
  TAKE_PROFIT: { kind: 'stop', needs: ['quantity', 'stopPrice'], isTakeProfit: true },
  TAKE_PROFIT_LIMIT: {
    kind: 'stop_limit',
    needs: ['timeInForce', 'quantity', 'price', 'stopPrice'],
    isTakeProfit: true,
  },
};

const LIFETIMES: Readonly<Record<string, Lifetime>> = { GTC: 'gtc', IOC: 'ioc', FOK: 'fok' };

/** Reads the parameters of a new order; throws a `BinanceError` where they make none. */
export function wishOf(params: URLSearchParams, { listing }: SimMarket): OrderWish {
  const type = TYPES[params.get('type') ?? ''];
  if (type === undefined) throw new BinanceError(ERRORS.type);
  const side = params.get('side');
  if (side !== 'BUY' && side !== 'SELL') throw new BinanceError(ERRORS.side);
  for (const name of type.needs) {
    if (!params.has(name)) throw new BinanceError(ERRORS.missing(name));
  }
  const quantity = amount(params, 'quantity');
  const spend = amount(params, 'quoteOrderQty');
  if (quantity === null && spend === null) throw new BinanceError(ERRORS.missing('quantity'));
  return {
    clientId: params.get('newClientOrderId'),
    symbol: listing.symbol,
    side: side === 'BUY' ? 'buy' : 'sell',
    kind: type.kind,
    quantity,
    spend,
    limit: amount(params, 'price'),
    stop: amount(params, 'stopPrice'),
    lifetime: lifetimeOf(params, type),
    postOnly: params.get('type') === 'LIMIT_MAKER',
    triggersOnRise: (side === 'BUY') !== (type.isTakeProfit ?? false),
  };
}

function lifetimeOf(params: URLSearchParams, { kind }: OrderType): Lifetime {
  const lifetime = LIFETIMES[params.get('timeInForce') ?? (kind === 'market' ? 'IOC' : 'GTC')];
  if (lifetime === undefined) throw new BinanceError(ERRORS.timeInForce);
  return lifetime;
}

/** Null where it was not sent. */
function amount(params: URLSearchParams, name: string): Units | null {
  const text = params.get(name);
  if (text === null) return null;
  const value = unitsOf(text);
  if (value === undefined || value < 0n) throw new BinanceError(ERRORS.illegal(name));
  if ((text.split('.')[1] ?? '').length > 8) throw new BinanceError(ERRORS.precision(name));
  return value;
}
