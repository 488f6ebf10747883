import * as z from 'zod';
import type { EpochMs } from '../../../core/time.ts';
import type { CancelOutcome, VenueOrder, VenueOrderRef } from '../../../ports/exchange-account.ts';
import type { CancelWords, Placement, Refusal } from './dialect.ts';
import type { BookedMarket } from './market-book.ts';
import { anyField, countOf, textOf } from './wire-fields.ts';
import type { WireCall } from './wire.ts';

/** Errors of Kraken, which come with status 200. Its internal and busy ones prove nothing. */
export const KRAKEN_REFUSALS: readonly Refusal[] = [
  { words: /EOrder:Insufficient funds/, cause: 'funds' },
  {
    words:
      /EOrder:(?:Order minimum|Cost minimum|Tick size|Invalid price)|EGeneral:Invalid arguments:(?:volume|price)/,
    cause: 'filter',
  },
  {
    words:
      /EQuery:Unknown asset pair|EQuery:Invalid asset pair|EService:Market in (?:cancel|post|limit)_only mode|ETrade:Locked/,
    cause: 'market',
  },
  {
    words: /EOrder:(?:Rate limit exceeded|Orders limit exceeded)/,
    cause: 'rate',
  },
  {
    words:
      /EAPI:Invalid key|EAPI:Invalid signature|EGeneral:Permission denied|EAccount:Invalid permissions/,
    cause: 'auth',
  },
  { words: /EAPI:Invalid nonce|EOrder:Invalid order|EGeneral:Invalid arguments/, cause: 'other' },
];

export const KRAKEN_CANCEL_WORDS: CancelWords = {
  notOpen: /EOrder:(?:Unknown|Invalid) order/,
  sent: /:Cancel pending/,
};

/** After that the engine matches an order no more: one that was lost on the way stays lost. */
export const KRAKEN_DEADLINE_MS = 30_000;

const TIMES_IN_FORCE = { gtc: 'GTC', ioc: 'IOC', gtd: 'GTD', fok: null, day: null } as const;

/** Fees are asked for in quote currency: of sales they may come in the other one by default. */
export function krakenOrderRequest(
  order: VenueOrder,
  market: BookedMarket,
  now: EpochMs,
): WireCall | null {
  const timeinforce = TIMES_IN_FORCE[order.timeInForce];
  const pricing = pricingOf(order);
  if (pricing === null || timeinforce === null) return null;
  const limited = order.type === 'limit' || order.type === 'stop_limit';
  const expires =
    order.expiresAt === null ? {} : { expiretm: String(Math.floor(order.expiresAt / 1000)) };
  return {
    method: 'privatePostAddOrder',
    params: {
      pair: market.id,
      type: order.side,
      volume: order.quantity.toString(),
      cl_ord_id: order.clientId,
      oflags: 'fciq',
      deadline: new Date(now + KRAKEN_DEADLINE_MS).toISOString(),
      ...pricing,
      ...(limited ? { timeinforce } : {}),
      ...expires,
    },
  };
}

function pricingOf(order: VenueOrder): object | null {
  switch (order.type) {
    case 'market':
      return { ordertype: 'market' };
    case 'limit':
      return { ordertype: 'limit', price: order.limitPrice.toString() };
    case 'stop':
      return { ordertype: 'stop-loss', price: order.stopPrice.toString() };
    case 'stop_limit':
      return {
        ordertype: 'stop-loss-limit',
        price: order.stopPrice.toString(),
        price2: order.limitPrice.toString(),
      };
    case 'trailing_stop':
      return null;
  }
}

const placedSchema = z.object({
  error: z.array(z.unknown()).length(0),
  result: z.object({ txid: z.array(z.unknown()).length(1), cl_ord_id: anyField }),
});

export function krakenPlacement(answer: unknown): Placement {
  const { data } = placedSchema.safeParse(answer);
  return {
    venueId: textOf(data?.result.txid[0]),
    clientId: textOf(data?.result.cl_ord_id),
  };
}

export function krakenCancelRequest({ clientId, venueId }: VenueOrderRef): WireCall {
  const params = venueId === null ? { cl_ord_id: clientId } : { txid: venueId };
  return { method: 'privatePostCancelOrder', params };
}

const cancelledSchema = z.object({
  error: z.array(z.unknown()).length(0),
  result: z.object({ count: anyField }),
});

export function krakenCancellation(answer: unknown): CancelOutcome {
  const count = countOf(cancelledSchema.safeParse(answer).data?.result.count);
  if (count >= 1) return { kind: 'sent' };
  if (count === 0) return { kind: 'not-open', reason: 'no order was cancelled' };
  return { kind: 'unknown', reason: 'an answer without a count' };
}
