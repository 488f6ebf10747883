import type { EpochMs } from '../../../src/core/time.ts';
import type { Lifetime, OrderKind, OrderWish } from './exchange-types.ts';
import { KrakenError } from './kraken-errors.ts';
import type { SimMarket } from './sim-market.ts';
import { unitsOf, type Units } from './units.ts';

interface OrderType {
  readonly kind: OrderKind;
  /** Parameters with its prices. */
  readonly limit?: 'price' | 'price2';
  readonly stop?: 'price';
  readonly isTakeProfit?: boolean;
}

const TYPES: Readonly<Record<string, OrderType>> = {
  market: { kind: 'market' },
  limit: { kind: 'limit', limit: 'price' },
  'stop-loss': { kind: 'stop', stop: 'price' },
  'stop-loss-limit': { kind: 'stop_limit', stop: 'price', limit: 'price2' },
  'take-profit': { kind: 'stop', stop: 'price', isTakeProfit: true },
  'take-profit-limit': { kind: 'stop_limit', stop: 'price', limit: 'price2', isTakeProfit: true },
};

const LIFETIMES: Readonly<Record<string, Lifetime>> = { GTC: 'gtc', IOC: 'ioc', GTD: 'gtd' };

/** Reads the parameters of a new order; throws a `KrakenError` where they make none. */
export function wishOf(
  params: URLSearchParams,
  { listing: { symbol } }: SimMarket,
  now: EpochMs,
): OrderWish {
  const type = TYPES[params.get('ordertype') ?? ''];
  if (type === undefined) throw invalid('ordertype');
  const side = params.get('type');
  if (side !== 'buy' && side !== 'sell') throw invalid('type');
  const lifetime = LIFETIMES[params.get('timeinforce') ?? 'GTC'];
  if (lifetime === undefined) throw invalid('timeinforce');
  const flags = (params.get('oflags') ?? '').split(',');
  return {
    clientId: params.get('cl_ord_id'),
    symbol,
    side,
    kind: type.kind,
    ...sizeOf(params, flags),
    ...pricesOf(params, type),
    lifetime: type.kind === 'market' ? 'ioc' : lifetime,
    expiresAt: expiryOf(params, lifetime, now),
    postOnly: flags.includes('post'),
    triggersOnRise: (side === 'buy') !== (type.isTakeProfit ?? false),
  };
}

/** `viqc` makes the volume one of the quote currency. */
function sizeOf(
  params: URLSearchParams,
  flags: readonly string[],
): Pick<OrderWish, 'quantity' | 'spend'> {
  const volume = amount(params, 'volume');
  return flags.includes('viqc')
    ? { quantity: null, spend: volume }
    : { quantity: volume, spend: null };
}

function pricesOf(
  params: URLSearchParams,
  { limit, stop }: OrderType,
): Pick<OrderWish, 'limit' | 'stop'> {
  return {
    limit: limit === undefined ? null : amount(params, limit),
    stop: stop === undefined ? null : amount(params, stop),
  };
}

/** Seconds since 1970, or from now on with a plus. */
function expiryOf(params: URLSearchParams, lifetime: Lifetime, now: EpochMs): EpochMs | null {
  if (lifetime !== 'gtd') return null;
  const text = params.get('expiretm') ?? '';
  const seconds = Number(text);
  if (!/^\+?\d+$/.test(text)) throw invalid('expiretm');
  return text.startsWith('+') ? now + seconds * 1000 : seconds * 1000;
}

function amount(params: URLSearchParams, name: string): Units {
  const value = unitsOf(params.get(name) ?? '');
  if (value === undefined || value <= 0n) throw invalid(name);
  return value;
}

function invalid(name: string): KrakenError {
  return new KrakenError(`EGeneral:Invalid arguments:${name}`);
}
