import type { Decimal } from '../../../core/decimal.ts';
import { limitPriceOf, stopPriceOf } from '../../../core/order.ts';
import type {
  PlaceOutcome,
  VenueCapabilities,
  VenueOrder,
} from '../../../ports/exchange-account.ts';
import type { BookedMarket } from './market-book.ts';

type Refused = Extract<PlaceOutcome, { kind: 'refused' }>;

const CLIENT_ID = /^[a-z0-9]{1,18}$/;

/** What is wrong with an order before it is sent, as far as the venue's own rules tell; else null. */
export function orderFault(
  order: VenueOrder,
  market: BookedMarket,
  capabilities: VenueCapabilities,
): Refused | null {
  if (!CLIENT_ID.test(order.clientId)) {
    return refused(
      'other',
      `a client id of letters and digits was expected, was "${order.clientId}"`,
    );
  }
  if (!capabilities.orderTypes.has(order.type)) {
    return refused('other', `there are no ${order.type} orders there`);
  }
  if (order.type !== 'market' && !capabilities.timesInForce.has(order.timeInForce)) {
    return refused('other', `there are no ${order.timeInForce} orders there`);
  }
  if ((order.timeInForce === 'gtd') !== (order.expiresAt !== null)) {
    return refused('other', 'a time to expire was expected with gtd, and with it alone');
  }
  return stepFault(order, market);
}

function stepFault(order: VenueOrder, market: BookedMarket): Refused | null {
  const { quantity } = order;
  const { lotStep, tickSize, minNotional } = market.instrument;
  if (!isOnStep(quantity, lotStep)) return notOnStep('quantity', quantity, lotStep);
  if (quantity.lessThan(market.minQuantity)) {
    return tooSmall('a quantity of', quantity, market.minQuantity);
  }
  const prices = [limitPriceOf(order), stopPriceOf(order)].filter((price) => price !== null);
  const stray = prices.find((price) => !isOnStep(price, tickSize));
  if (stray !== undefined) return notOnStep('price', stray, tickSize);
  const value = prices[0]?.times(quantity) ?? minNotional;
  return value.lessThan(minNotional) ? tooSmall('an order worth', value, minNotional) : null;
}

function notOnStep(what: string, value: Decimal, step: Decimal): Refused {
  const text = `a positive ${what} in steps of ${step.toString()} was expected, was `;
  return refused('filter', text + value.toString());
}

function tooSmall(what: string, value: Decimal, least: Decimal): Refused {
  const text = `${what} ${least.toString()} or more was expected, was ${value.toString()}`;
  return refused('filter', text);
}

/** And positive. */
function isOnStep(value: Decimal, step: Decimal): boolean {
  return value.isPositive && value.toStep(step, 'down').equals(value);
}

function refused(cause: Refused['cause'], reason: string): Refused {
  return { kind: 'refused', cause, reason: `${reason}; nothing was sent` };
}
