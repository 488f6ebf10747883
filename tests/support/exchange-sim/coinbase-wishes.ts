import * as z from 'zod';
import type { Lifetime, OrderKind, OrderWish } from './exchange-types.ts';
import { unitsOf, type Units } from './units.ts';

const sizes = { base_size: z.string().optional(), quote_size: z.string().optional() };
const limit = { ...sizes, limit_price: z.string(), post_only: z.boolean().optional() };
const stop = { ...limit, stop_price: z.string(), stop_direction: z.string().optional() };

const configuration = z.union([
  z.strictObject({ market_market_ioc: z.object(sizes) }),
  z.strictObject({ sor_limit_ioc: z.object(limit) }),
  z.strictObject({ limit_limit_gtc: z.object(limit) }),
  z.strictObject({ limit_limit_gtd: z.object({ ...limit, end_time: z.string() }) }),
  z.strictObject({ limit_limit_fok: z.object(limit) }),
  z.strictObject({ stop_limit_stop_limit_gtc: z.object(stop) }),
  z.strictObject({ stop_limit_stop_limit_gtd: z.object({ ...stop, end_time: z.string() }) }),
]);

export const newOrder = z.object({
  client_order_id: z.string().min(1),
  product_id: z.string(),
  side: z.enum(['BUY', 'SELL']),
  order_configuration: configuration,
});
export type NewOrder = z.infer<typeof newOrder>;

const STYLES: Readonly<Record<string, readonly [OrderKind, Lifetime]>> = {
  market_market_ioc: ['market', 'ioc'],
  sor_limit_ioc: ['limit', 'ioc'],
  limit_limit_gtc: ['limit', 'gtc'],
  limit_limit_gtd: ['limit', 'gtd'],
  limit_limit_fok: ['limit', 'fok'],
  stop_limit_stop_limit_gtc: ['stop_limit', 'gtc'],
  stop_limit_stop_limit_gtd: ['stop_limit', 'gtd'],
};

const terms = z.object({
  base_size: z.string().optional(),
  quote_size: z.string().optional(),
  limit_price: z.string().optional(),
  stop_price: z.string().optional(),
  stop_direction: z.string().optional(),
  end_time: z.string().optional(),
  post_only: z.boolean().optional(),
});

/** Null where a number is none. */
export function wishOf(order: NewOrder, symbol: string): OrderWish | null {
  const { kind, lifetime, told } = styleOf(order);
  const numbers = [told.base_size, told.quote_size, told.limit_price, told.stop_price].map(amount);
  if (numbers.some((value) => value === undefined)) return null;
  const [quantity = null, spend = null, limit = null, stop = null] = numbers;
  const isBuy = order.side === 'BUY';
  const upward = told.stop_direction ?? (isBuy ? UP : DOWN);
  return {
    clientId: order.client_order_id,
    symbol,
    side: isBuy ? 'buy' : 'sell',
    kind,
    quantity,
    spend,
    limit,
    stop,
    lifetime,
    expiresAt: told.end_time === undefined ? null : Date.parse(told.end_time),
    postOnly: told.post_only ?? false,
    triggersOnRise: upward === UP,
  };
}

function styleOf({ order_configuration: configuration }: NewOrder): {
  readonly kind: OrderKind;
  readonly lifetime: Lifetime;
  readonly told: z.infer<typeof terms>;
} {
  const [[name, given] = ['', {}]] = Object.entries(configuration);
  const [kind, lifetime] = STYLES[name] ?? ['market', 'ioc'];
  return { kind, lifetime, told: terms.parse(given) };
}

const UP = 'STOP_DIRECTION_STOP_UP';
const DOWN = 'STOP_DIRECTION_STOP_DOWN';

/** Null where there is none to read, undefined where it is no number. */
function amount(text: string | undefined): Units | null | undefined {
  if (text === undefined) return null;
  const value = unitsOf(text);
  return value === undefined || value <= 0n ? undefined : value;
}
