import { Decimal } from '../../core/decimal.ts';
import type { OrderId } from '../../core/ids.ts';
import { isOut, openQuantity } from './leg.ts';
import { arrival, isUrgent, leavesAtMarket, remaining, type LiveOrder } from './live-order.ts';

interface ExitsOfPosition {
  /** What the position holds that can be sold: base units on the lot step, positive or zero. */
  readonly held: Decimal;
  /** The exits of one position that are not final. */
  readonly exits: readonly LiveOrder[];
  /** Whether the exchange could keep an order until its price comes. */
  readonly rests: (order: LiveOrder) => boolean;
  /** Whether the exchange lets stop-loss and take-profit wait for the same goods. */
  readonly restsBothExits: boolean;
}

export interface ExitPlan {
  readonly send: ReadonlyMap<OrderId, Decimal>;
  /** Legs that stand in the way of others, with the reason to call them back. */
  readonly recall: ReadonlyMap<OrderId, string>;
}

/**
 * Who of the exits of one position may be at the exchange, and with how much. All of them together
 * never ask for more than is held. What wants out at any price goes first, then a target whose price
 * is there, then the stop-loss, then the rest as it came up; who gets nothing waits, and the engine watches the market for it meanwhile. Nobody
 * is sent before those in the way are certainly gone.
 */
export function planExits(position: ExitsOfPosition): ExitPlan {
  const shares = sharesOf(position);
  const send = new Map<OrderId, Decimal>();
  const recall = new Map<OrderId, string>();
  for (const order of byRank(position.exits)) {
    const { leg, request } = order;
    const share = shares.get(request.id) ?? Decimal.zero;
    if (isOut(leg)) {
      const reason = order.ending === null ? recallReason(order, share) : null;
      if (reason !== null) recall.set(request.id, reason);
    } else if (share.isPositive && !share.greaterThan(roomFor(order, position, send))) {
      send.set(request.id, share);
    }
  }
  return { send, recall };
}

/** What each exit is entitled to, whatever stands in its way. */
function sharesOf({ held, exits, rests, restsBothExits }: ExitsOfPosition) {
  const shares = new Map<OrderId, Decimal>();
  const left = { stops: held, others: held };
  for (const order of byRank(exits)) {
    if (!isWanted(order) || !(isUrgent(order) || rests(order))) continue;
    const isForAll = isUrgent(order) || !restsBothExits;
    const pool = isStopLoss(order) ? left.stops : left.others;
    const most = isForAll ? left.stops.min(left.others) : pool;
    const share = remaining(order).min(most).max(Decimal.zero);
    shares.set(order.request.id, share);
    if (isForAll || isStopLoss(order)) left.stops = left.stops.minus(share);
    if (isForAll || !isStopLoss(order)) left.others = left.others.minus(share);
  }
  return shares;
}

function isWanted({ ending, refusal }: LiveOrder): boolean {
  return ending === null && refusal === null;
}

/** What of the position no order at the exchange, and none that is to go there, asks for. */
function roomFor(
  order: LiveOrder,
  { held, exits, restsBothExits }: ExitsOfPosition,
  sent: ReadonlyMap<OrderId, Decimal>,
): Decimal {
  let room = held;
  for (const other of exits) {
    if (other === order || (restsBothExits && areBeside(order, other))) continue;
    room = room.minus(openQuantity(other.leg)).minus(sent.get(other.request.id) ?? Decimal.zero);
  }
  return room;
}

function areBeside(one: LiveOrder, other: LiveOrder): boolean {
  return !isUrgent(one) && !isUrgent(other) && isStopLoss(one) !== isStopLoss(other);
}

/** A market order is as good as executed: there is nothing left to call back. */
function recallReason({ leg, request }: LiveOrder, share: Decimal): string | null {
  if (leg.recall !== null || leg.pricing.type === 'market') return null;
  const open = openQuantity(leg);
  if (open.greaterThan(share)) return 'makes room for another exit';
  if (request.role === 'stop-loss' && open.lessThan(share)) return 'is to cover all that is held';
  return null;
}

function isStopLoss({ request }: LiveOrder): boolean {
  return request.role === 'stop-loss';
}

function byRank(exits: readonly LiveOrder[]): readonly LiveOrder[] {
  return exits.toSorted((one, other) => rank(one) - rank(other) || arrival(one) - arrival(other));
}

function rank(order: LiveOrder): number {
  if (leavesAtMarket(order)) return 0;
  if (isUrgent(order)) return 1;
  return isStopLoss(order) ? 2 : 3;
}
