import { isExit, type LiveOrder } from './live-order.ts';

/**
 * Whether an entry has to wait: a market order is selling what its strategy holds of the symbol, or
 * another entry of that kind is being called back. Risk let it pass on the word that these go first;
 * until their end is known, both may still count.
 */
export function standsBehind(order: LiveOrder, all: readonly LiveOrder[]): boolean {
  if (isExit(order)) return false;
  return all.some(
    (other) =>
      other.request.id !== order.request.id && isOfSame(order, other) && isOnItsWayOut(other),
  );
}

/** An entry that the engine keeps back, and not one that it watches the market for. */
export function isHeldEntry(order: LiveOrder): boolean {
  return !isExit(order) && order.leg.phase === 'waiting' && !order.isWatched;
}

function isOfSame({ request: one }: LiveOrder, { request: other }: LiveOrder): boolean {
  return one.strategy === other.strategy && one.symbol === other.symbol;
}

function isOnItsWayOut({ request, ending, leg }: LiveOrder): boolean {
  if (request.role !== 'entry') return request.role === 'exit' && request.type === 'market';
  return ending !== null || leg.recall !== null;
}
