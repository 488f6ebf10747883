import type { ExchangeAccount } from '../../ports/exchange-account.ts';
import { isOut } from './leg.ts';
import { isExit, type LiveOrder } from './live-order.ts';

/**
 * In sentences: what of stops and targets works at the exchange, even while this program does not
 * run, and what only works as long as it does.
 */
export function describeProtection(
  { exchange, capabilities }: Pick<ExchangeAccount, 'exchange' | 'capabilities'>,
  orders: readonly LiveOrder[],
): readonly string[] {
  const { orderTypes, restsBothExits, restsStops } = capabilities;
  const stopsRest = restsStops && orderTypes.has('stop');
  const trailRest = restsStops && orderTypes.has('trailing_stop');
  const lines = [
    placeOf('stop-losses', exchange, stopsRest),
    placeOf('trailing stops', exchange, trailRest),
    placeOf('take-profits', exchange, restsBothExits || !stopsRest),
  ];
  for (const { request, leg } of orders.filter(isExit)) {
    const where = isOut(leg) ? `is at ${exchange}` : 'is watched by the engine';
    lines.push(`${request.role} ${request.id} of ${request.symbol} ${where}`);
  }
  return lines;
}

function placeOf(what: string, exchange: string, rests: boolean): string {
  return rests
    ? `${what} rest at ${exchange}`
    : `${what} are watched by the engine, and only work while it runs`;
}
