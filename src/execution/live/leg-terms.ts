import type { Decimal } from '../../core/decimal.ts';
import type { Instrument } from '../../core/instrument.ts';
import type { OrderPricing, OrderRequest, TimeInForce } from '../../core/order.ts';
import type { EpochMs } from '../../core/time.ts';
import type { VenueCapabilities, VenueOrder } from '../../ports/exchange-account.ts';
import { refusalOf } from '../order-admission.ts';
import type { Leg } from './leg.ts';
import type { LiveOrder } from './live-order.ts';

interface LegTerms {
  readonly pricing: OrderPricing;
  readonly timeInForce: TimeInForce;
}

/** Whether the exchange itself waits for the price of such an order, or has no need to wait. */
export function exchangeTakes(
  { type }: Pick<OrderRequest, 'type'>,
  { orderTypes, restsStops }: VenueCapabilities,
): boolean {
  const waits = type === 'stop' || type === 'stop_limit' || type === 'trailing_stop';
  return orderTypes.has(type) && (!waits || restsStops);
}

/**
 * What goes out for an order as it stands. A stop whose price the engine saw is a market order by
 * now. A limit it saw takes what can be had at once and leaves the rest, where the exchange has that:
 * the stop that had to make room for it is to be back soon.
 */
export function legTerms(
  order: Pick<LiveOrder, 'request' | 'hasTriggered' | 'trailedTo'>,
  { timesInForce }: VenueCapabilities,
): LegTerms {
  const { request, hasTriggered, trailedTo } = order;
  if (request.type === 'market' || (hasTriggered && isMarketOnceReached(request))) {
    return { pricing: { type: 'market' }, timeInForce: marketLifetime(request, timesInForce) };
  }
  if (hasTriggered && request.type !== 'stop' && request.type !== 'trailing_stop') {
    const pricing = { type: 'limit', limitPrice: request.limitPrice } as const;
    const takes = request.type === 'limit' && timesInForce.has('ioc');
    return { pricing, timeInForce: takes ? 'ioc' : request.timeInForce };
  }
  return { pricing: pricingOf(request, trailedTo), timeInForce: request.timeInForce };
}

function isMarketOnceReached({ type }: OrderRequest): boolean {
  return type === 'stop' || type === 'trailing_stop';
}

/** How long a market order lives matters to no one: it goes out as the exchange has it. */
function marketLifetime(
  { timeInForce }: OrderRequest,
  has: VenueCapabilities['timesInForce'],
): TimeInForce {
  const known = [timeInForce, 'ioc', 'gtc', 'day'] as const;
  return known.find((each) => has.has(each)) ?? timeInForce;
}

function pricingOf(request: OrderRequest, trailedTo: Decimal | null): OrderPricing {
  switch (request.type) {
    case 'market':
      return { type: 'market' };
    case 'limit':
      return { type: 'limit', limitPrice: request.limitPrice };
    case 'stop':
      return { type: 'stop', stopPrice: request.stopPrice };
    case 'stop_limit':
      return {
        type: 'stop_limit',
        stopPrice: request.stopPrice,
        limitPrice: request.limitPrice,
      };
    case 'trailing_stop':
      return {
        type: 'trailing_stop',
        stopPrice: trailedTo ?? request.stopPrice,
        trail: request.trail,
      };
  }
}

/** A leg in the words of the exchange. */
export function venueOrderOf({ request, leg }: LiveOrder): VenueOrder {
  return {
    ...leg.pricing,
    clientId: leg.clientId,
    symbol: request.symbol,
    side: request.side,
    quantity: leg.quantity,
    timeInForce: leg.timeInForce,
    expiresAt: leg.timeInForce === 'gtd' ? request.expiresAt : null,
    isReducing: request.role !== 'entry',
  };
}

interface Admission {
  readonly instrument: Instrument;
  readonly capabilities: VenueCapabilities;
  readonly now: EpochMs;
  /** Of the order's position, in base units; negative where it is owed. */
  readonly held: Decimal;
}

/** Why an order need not be sent at all, since the exchange would refuse it; null where it may. */
export function liveRefusalOf(
  request: LiveOrder['request'],
  { instrument, capabilities, now, held }: Admission,
): string | null {
  const refusal = refusalOf(request, { instrument, now }) ?? emptyExit(request, held, instrument);
  if (refusal !== null) return refusal;
  const { timeInForce, type } = request;
  if (type === 'market' || capabilities.timesInForce.has(timeInForce)) return null;
  const has = [...capabilities.timesInForce].join(', ');
  return `a time in force that the exchange has was expected (${has}), was "${timeInForce}"`;
}

/**
 * Why an exit can close nothing although its position is there, or null: less than a lot is left of
 * it, or it is owed, taken by a late fee after all was sold. Were the exit cancelled, whoever wants
 * the position closed would ask again at once, and be told the same.
 */
function emptyExit(
  { role, symbol }: LiveOrder['request'],
  held: Decimal,
  { lotStep }: Instrument,
): string | null {
  if (role === 'entry' || held.isZero || held.toStep(lotStep, 'down').isPositive) return null;
  return `at least one lot was expected to be held of ${symbol}, was "${held.toString()}"`;
}

/** Why what is left of an exit is too little to be sent, or null where it is enough. */
export function tooLittle(
  quantity: Decimal,
  { minNotional, quoteCurrency }: Instrument,
  price: Decimal,
): string | null {
  const value = quantity.times(price);
  if (!value.lessThan(minNotional)) return null;
  return (
    `at least ${minNotional.toString()} ${quoteCurrency} was expected of what is left to be sold, ` +
    `was "${value.toString()}"`
  );
}

/**
 * A leg on the steps of an instrument that was read anew, quantity down and prices towards the
 * market's far side, so that nothing gets larger; null where that changes nothing.
 */
export function onNewSteps(
  leg: Leg,
  { lotStep, tickSize }: Instrument,
  side: OrderRequest['side'],
): Pick<Leg, 'quantity' | 'pricing'> | null {
  const quantity = leg.quantity.toStep(lotStep, 'down');
  const rounding = side === 'buy' ? 'down' : 'up';
  const step = (price: Decimal): Decimal => price.toStep(tickSize, rounding);
  const pricing = stepped(leg.pricing, step);
  const isSame = quantity.equals(leg.quantity) && samePricing(pricing, leg.pricing);
  return isSame || !quantity.isPositive ? null : { quantity, pricing };
}

function stepped(pricing: OrderPricing, step: (price: Decimal) => Decimal): OrderPricing {
  switch (pricing.type) {
    case 'market':
      return pricing;
    case 'limit':
      return { ...pricing, limitPrice: step(pricing.limitPrice) };
    case 'stop_limit':
      return {
        ...pricing,
        stopPrice: step(pricing.stopPrice),
        limitPrice: step(pricing.limitPrice),
      };
    case 'stop':
    case 'trailing_stop':
      return { ...pricing, stopPrice: step(pricing.stopPrice) };
  }
}

function samePricing(one: OrderPricing, other: OrderPricing): boolean {
  const text = (pricing: OrderPricing): string => JSON.stringify(pricing);
  return text(one) === text(other);
}
