import * as z from 'zod';
import type { CancelOutcome, VenueOrder, VenueOrderRef } from '../../../ports/exchange-account.ts';
import type { CancelWords, Placement, Refusal } from './dialect.ts';
import type { BookedMarket } from './market-book.ts';
import { limitBehind } from './stop-limit.ts';
import { anyField, textOf } from './wire-fields.ts';
import type { WireCall } from './wire.ts';

/**
 * Codes of Binance that come before the matching engine has an order. -1000, -1001, -1006 and -1007
 * say themselves that the outcome is unknown, -1003 speaks of requests, not of this order; a
 * duplicate id (-2010) means that an order is there.
 */
export const BINANCE_REFUSALS: readonly Refusal[] = [
  { words: /"code":\s*-2010\b.*insufficient balance/, cause: 'funds' },
  { words: /"code":\s*-(?:1013|1111)\b|Filter failure/, cause: 'filter' },
  {
    words:
      /"code":\s*-(?:1121|1016|1112)\b|"code":\s*-2010\b.*(?:Market is closed|not supported for this symbol|not enabled)/,
    cause: 'market',
  },
  { words: /"code":\s*-(?:1002|1022|2014|2015)\b/, cause: 'auth' },
  { words: /"code":\s*-1015\b/, cause: 'rate' },
  {
    words:
      /"code":\s*-(?:1014|1020|1021|11\d\d)\b|"code":\s*-2010\b.*would (?:trigger immediately|immediately match)/,
    cause: 'other',
  },
];

export const BINANCE_CANCEL_WORDS: CancelWords = {
  notOpen: /"code":\s*-2011\b/,
  sent: null,
};

/** How late a request may come in. */
export const BINANCE_WINDOW_MS = 10_000;

const recvWindow = BINANCE_WINDOW_MS;

const TIMES_IN_FORCE = { gtc: 'GTC', ioc: 'IOC', fok: 'FOK', day: null, gtd: null } as const;

export function binanceOrderRequest(order: VenueOrder, market: BookedMarket): WireCall | null {
  const pricing = pricingOf(order, market);
  if (pricing === null) return null;
  return {
    method: 'privatePostOrder',
    params: {
      symbol: market.id,
      side: order.side.toUpperCase(),
      quantity: order.quantity.toString(),
      newClientOrderId: order.clientId,
      newOrderRespType: 'ACK',
      recvWindow,
      ...pricing,
    },
  };
}

function pricingOf(order: VenueOrder, market: BookedMarket): object | null {
  if (order.type === 'market') return { type: 'MARKET' };
  const timeInForce = TIMES_IN_FORCE[order.timeInForce];
  if (timeInForce === null) return null;
  switch (order.type) {
    case 'limit':
      return { type: 'LIMIT', timeInForce, price: order.limitPrice.toString() };
    case 'stop': {
      const stopPrice = order.stopPrice.toString();
      // Where a market has no stop orders without a limit.
      if (market.orderTypes.has('STOP_LOSS')) return { type: 'STOP_LOSS', stopPrice };
      const limit = limitBehind(order.stopPrice, order.side, market.instrument.tickSize);
      return { type: 'STOP_LOSS_LIMIT', timeInForce, stopPrice, price: limit.toString() };
    }
    case 'stop_limit':
      return {
        type: 'STOP_LOSS_LIMIT',
        timeInForce,
        stopPrice: order.stopPrice.toString(),
        price: order.limitPrice.toString(),
      };
    case 'trailing_stop':
      return null;
  }
}

const placedSchema = z.object({ orderId: anyField, clientOrderId: anyField });

export function binancePlacement(answer: unknown): Placement {
  const { data } = placedSchema.safeParse(answer);
  return { venueId: textOf(data?.orderId), clientId: textOf(data?.clientOrderId) };
}

/** Which order is meant: by the venue's id where it is known. */
export function binanceOrderName({ clientId, venueId }: VenueOrderRef): object {
  return venueId === null ? { origClientOrderId: clientId } : { orderId: venueId };
}

export function binanceCancelRequest(order: VenueOrderRef, market: BookedMarket): WireCall {
  const params = { symbol: market.id, recvWindow, ...binanceOrderName(order) };
  return { method: 'privateDeleteOrder', params };
}

const cancelledSchema = z.object({ orderId: z.string() });

export function binanceCancellation(answer: unknown): CancelOutcome {
  if (cancelledSchema.safeParse(answer).success) return { kind: 'sent' };
  return { kind: 'unknown', reason: 'an answer without an order' };
}
