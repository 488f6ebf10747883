import type * as Sdk from '@alpacahq/alpaca-trade-api/rest';
import { Decimal } from '../../core/decimal.ts';
import { InvariantError } from '../../core/errors.ts';
import type { TimeInForce } from '../../core/order.ts';
import type { VenueOrder } from '../../ports/exchange-account.ts';

export type WireOrder = Sdk.trading.PostOrderRequest;

const HUNDRED = Decimal.parse('100');

/** The order as it goes out: numbers as plain decimals, to the last digit. */
export function wireOrder(order: VenueOrder): WireOrder {
  return {
    symbol: order.symbol,
    qty: order.quantity.toString(),
    side: order.side,
    timeInForce: wireTime(order.timeInForce),
    clientOrderId: order.clientId,
    ...wirePricing(order),
  };
}

function wirePricing(
  order: VenueOrder,
): Pick<WireOrder, 'type' | 'limitPrice' | 'stopPrice' | 'trailPrice' | 'trailPercent'> {
  switch (order.type) {
    case 'market':
      return { type: 'market' };
    case 'limit':
      return { type: 'limit', limitPrice: order.limitPrice.toString() };
    case 'stop':
      return { type: 'stop', stopPrice: order.stopPrice.toString() };
    case 'stop_limit':
      return {
        type: 'stop_limit',
        stopPrice: order.stopPrice.toString(),
        limitPrice: order.limitPrice.toString(),
      };
    case 'trailing_stop':
      return order.trail.kind === 'distance'
        ? { type: 'trailing_stop', trailPrice: order.trail.distance.toString() }
        : { type: 'trailing_stop', trailPercent: order.trail.fraction.times(HUNDRED).toString() };
  }
}

function wireTime(time: TimeInForce): WireOrder['timeInForce'] {
  if (time === 'gtd') throw new InvariantError('alpaca has no order that is good till a date');
  return time;
}
