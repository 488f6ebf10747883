import { ERRORS } from './alpaca-errors.ts';
import { isStock } from './alpaca-encoding.ts';
import type { Lifetime, OrderKind, OrderWish } from './exchange-types.ts';
import type { SimMarket } from './sim-market.ts';
import { product, unitsOf, units, type Units } from './units.ts';

const KINDS: Readonly<Record<string, OrderKind>> = {
  market: 'market',
  limit: 'limit',
  stop: 'stop',
  stop_limit: 'stop_limit',
  trailing_stop: 'trailing',
};

const LIFETIMES: Readonly<Record<string, Lifetime>> = {
  day: 'day',
  gtc: 'gtc',
  ioc: 'ioc',
  fok: 'fok',
};

export type WireBody = Readonly<Record<string, unknown>>;

/** Reads the body of a new order; throws an `AlpacaError` where it makes none. */
export function wishOf(body: WireBody, market: SimMarket): OrderWish {
  const kind = KINDS[String(body['type'])];
  if (kind === undefined) throw ERRORS.invalid('invalid order type');
  const lifetime = LIFETIMES[String(body['time_in_force'])];
  if (lifetime === undefined) throw ERRORS.invalid('invalid time_in_force');
  const { side } = body;
  if (side !== 'buy' && side !== 'sell') throw ERRORS.invalid('invalid side');
  const quantity = amount(body, 'qty');
  if (quantity === null) throw ERRORS.invalid('qty or notional is required');
  refuseByKind(market, { kind, lifetime, isWhole: quantity % units('1') === 0n });
  const percent = amount(body, 'trail_percent');
  return {
    clientId: typeof body['client_order_id'] === 'string' ? body['client_order_id'] : null,
    symbol: market.listing.symbol,
    side,
    kind,
    quantity,
    limit: amount(body, 'limit_price'),
    stop: amount(body, 'stop_price'),
    trail:
      percent === null
        ? amount(body, 'trail_price')
        : product(market.last, percent / 100n) -
          (product(market.last, percent / 100n) % market.tick),
    lifetime,
  };
}

interface Shape {
  readonly kind: OrderKind;
  readonly lifetime: Lifetime;
  readonly isWhole: boolean;
}

function refuseByKind(market: SimMarket, { kind, lifetime, isWhole }: Shape): void {
  if (!isStock(market)) {
    if (kind === 'stop' || kind === 'trailing') {
      throw ERRORS.invalid('invalid order type for crypto order');
    }
    if (lifetime !== 'gtc' && lifetime !== 'ioc') {
      throw ERRORS.invalid('invalid crypto time_in_force');
    }
  } else if (!isWhole && lifetime !== 'day') {
    throw ERRORS.invalid('fractional orders must be DAY orders');
  }
}

/** Null where it was not sent; numbers come as text. */
function amount(body: WireBody, name: string): Units | null {
  const value = body[name];
  if (value === undefined || value === null) return null;
  const parsed = typeof value === 'string' ? unitsOf(value) : undefined;
  if (parsed === undefined || parsed <= 0n) throw ERRORS.invalid(`${name} must be > 0`);
  return parsed;
}
