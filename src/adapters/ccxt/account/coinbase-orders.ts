import * as z from 'zod';
import type { Decimal } from '../../../core/decimal.ts';
import type { EpochMs } from '../../../core/time.ts';
import type { CancelOutcome, VenueOrder, VenueOrderRef } from '../../../ports/exchange-account.ts';
import type { CancelWords, Placement, Refusal } from './dialect.ts';
import type { BookedMarket } from './market-book.ts';
import { limitBehind } from './stop-limit.ts';
import { anyField, textOf } from './wire-fields.ts';
import type { WireCall } from './wire.ts';

/**
 * Reasons that Coinbase gives in an answer with `success: false`. Its UNKNOWN_FAILURE_REASON and
 * COMMANDER_REJECTED_NEW_ORDER prove nothing and are not listed.
 */
export const COINBASE_REFUSALS: readonly Refusal[] = [
  { words: /"(?:PREVIEW_)?INSUFFICIENT_FUNDS?"|Insufficient balance in source/, cause: 'funds' },
  {
    words:
      /"(?:PREVIEW_)?INVALID_(?:(?:BASE_|QUOTE_)?SIZE_\w+|PRICE_\w+|LIMIT_PRICE|STOP_PRICE)"|"PREVIEW_STOP_PRICE_\w+"/,
    cause: 'filter',
  },
  {
    words:
      /"(?:PREVIEW_)?(?:INVALID_PRODUCT_ID|INELIGIBLE_PAIR|UNTRADABLE_PRODUCT|ORDER_ENTRY_DISABLED|INVALID_NO_LIQUIDITY)"/,
    cause: 'market',
  },
  { words: /"(?:UNSUPPORTED_ORDER_CONFIGURATION|PREVIEW_INVALID_ORDER_CONFIG)"/, cause: 'other' },
  { words: /"(?:PERMISSION_DENIED|GEOFENCING_RESTRICTION)"/, cause: 'auth' },
];

const NOT_OPEN = /^(?:UNKNOWN_CANCEL_ORDER|INVALID_CANCEL_REQUEST)$/;
const KNOWN_ALREADY = /^DUPLICATE_CANCEL_REQUEST$/;

export const COINBASE_CANCEL_WORDS: CancelWords = {
  notOpen: /"(?:UNKNOWN_CANCEL_ORDER|INVALID_CANCEL_REQUEST)"/,
  sent: null,
};

export function coinbaseOrderRequest(order: VenueOrder, market: BookedMarket): WireCall | null {
  const configuration = configurationOf(order, market);
  if (configuration === null) return null;
  return {
    method: 'v3PrivatePostBrokerageOrders',
    params: {
      client_order_id: order.clientId,
      product_id: market.id,
      side: order.side.toUpperCase(),
      order_configuration: configuration,
    },
  };
}

function configurationOf(order: VenueOrder, market: BookedMarket): object | null {
  const base_size = order.quantity.toString();
  switch (order.type) {
    case 'market':
      return { market_market_ioc: { base_size } };
    case 'limit':
      return limitConfiguration(order, base_size, order.limitPrice);
    case 'stop':
      return stopConfiguration(order, base_size, {
        stop: order.stopPrice,
        limit: limitBehind(order.stopPrice, order.side, market.instrument.tickSize),
      });
    case 'stop_limit':
      return stopConfiguration(order, base_size, {
        stop: order.stopPrice,
        limit: order.limitPrice,
      });
    case 'trailing_stop':
      return null;
  }
}

function limitConfiguration(order: VenueOrder, base_size: string, limit: Decimal): object | null {
  const limit_price = limit.toString();
  switch (order.timeInForce) {
    case 'gtc':
      return { limit_limit_gtc: { base_size, limit_price, post_only: false } };
    case 'ioc':
      return { sor_limit_ioc: { base_size, limit_price } };
    case 'fok':
      return { limit_limit_fok: { base_size, limit_price } };
    case 'gtd': {
      const end_time = endTime(order.expiresAt);
      return { limit_limit_gtd: { base_size, limit_price, end_time, post_only: false } };
    }
    case 'day':
      return null;
  }
}

function stopConfiguration(
  order: VenueOrder,
  base_size: string,
  { stop, limit }: { readonly stop: Decimal; readonly limit: Decimal },
): object | null {
  const stops = {
    base_size,
    limit_price: limit.toString(),
    stop_price: stop.toString(),
    stop_direction: order.side === 'buy' ? 'STOP_DIRECTION_STOP_UP' : 'STOP_DIRECTION_STOP_DOWN',
  };
  if (order.timeInForce === 'gtc') return { stop_limit_stop_limit_gtc: stops };
  if (order.timeInForce !== 'gtd') return null;
  return { stop_limit_stop_limit_gtd: { ...stops, end_time: endTime(order.expiresAt) } };
}

function endTime(expiresAt: EpochMs | null): string | null {
  return expiresAt === null ? null : new Date(expiresAt).toISOString();
}

const placedSchema = z.object({
  success: z.literal(true),
  success_response: z.object({ order_id: anyField, client_order_id: anyField }).nullish(),
  order_id: anyField,
});

export function coinbasePlacement(answer: unknown): Placement {
  const { data } = placedSchema.safeParse(answer);
  return {
    venueId: textOf(data?.success_response?.order_id) ?? textOf(data?.order_id),
    clientId: textOf(data?.success_response?.client_order_id),
  };
}

/** Null without the venue's own id: Coinbase cancels by no other. */
export function coinbaseCancelRequest({ venueId }: VenueOrderRef): WireCall | null {
  if (venueId === null) return null;
  return { method: 'v3PrivatePostBrokerageOrdersBatchCancel', params: { order_ids: [venueId] } };
}

const cancelledSchema = z.object({
  results: z.array(z.object({ success: z.boolean(), failure_reason: anyField })).length(1),
});

export function coinbaseCancellation(answer: unknown): CancelOutcome {
  const result = cancelledSchema.safeParse(answer).data?.results[0];
  if (result?.success === true) return { kind: 'sent' };
  const reason = textOf(result?.failure_reason) ?? 'an answer without a result';
  if (KNOWN_ALREADY.test(reason)) return { kind: 'sent' };
  return { kind: NOT_OPEN.test(reason) ? 'not-open' : 'unknown', reason };
}
