import { Decimal } from '../../core/decimal.ts';
import type { OrderPricing, TimeInForce } from '../../core/order.ts';
import type { EpochMs } from '../../core/time.ts';
import type { ClientOrderId, VenueOrderReport } from '../../ports/exchange-account.ts';
import type { VenueOrderStage } from '../../ports/venue-ledger.ts';

/**
 * Where a leg is: `waiting` was never sent and is not to be yet; `sending` leaves as soon as it is on
 * record, and may have left; `working` is known to the exchange; `unknown` was sent, and nobody can
 * say what became of it; `over` is the end.
 */
export type LegPhase = 'waiting' | 'sending' | 'working' | 'unknown' | 'over';

/** How the exchange says a leg ended. It is over once all it filled is booked. */
export interface LegEnd {
  readonly state: 'filled' | 'canceled' | 'expired' | 'rejected';
  readonly reason: string;
  readonly seenAt: EpochMs;
}

/** Why a leg is called back from the exchange, and since when. */
export interface Recall {
  readonly reason: string;
  readonly askedAt: EpochMs;
}

/** What the exchange is to get of an order: one order of its own there, sent once. */
export interface Leg {
  readonly clientId: ClientOrderId;
  /** From 1, by order. */
  readonly attempt: number;
  readonly phase: LegPhase;
  readonly venueId: string | null;
  readonly quantity: Decimal;
  readonly pricing: OrderPricing;
  readonly timeInForce: TimeInForce;
  /** Last price known when it was made, in quote currency: what its slippage is measured from. */
  readonly reference: Decimal;
  readonly intendedAt: EpochMs;
  /** Not to be sent before this. */
  readonly notBefore: EpochMs;
  /** Base units of its executions that are booked. */
  readonly filled: Decimal;
  /** The most the exchange has said was filled: it never falls, whatever a stale answer says. */
  readonly cumulative: Decimal;
  readonly end: LegEnd | null;
  readonly recall: Recall | null;
}

type NewLeg = Pick<
  Leg,
  'clientId' | 'attempt' | 'quantity' | 'pricing' | 'timeInForce' | 'reference' | 'intendedAt'
> & { readonly phase: 'waiting' | 'sending' };

export function newLeg(leg: NewLeg): Leg {
  return {
    ...leg,
    venueId: null,
    notBefore: leg.intendedAt,
    filled: Decimal.zero,
    cumulative: Decimal.zero,
    end: null,
    recall: null,
  };
}

/** Whether the exchange may hold this leg, or get it any moment. */
export function isOut({ phase }: Leg): boolean {
  return phase === 'sending' || phase === 'working' || phase === 'unknown';
}

/** What may still fill of it at the exchange. */
export function openQuantity(leg: Leg): Decimal {
  return isOut(leg) ? leg.quantity.minus(leg.filled).max(Decimal.zero) : Decimal.zero;
}

export function stageOf({ phase }: Leg): VenueOrderStage {
  switch (phase) {
    case 'waiting':
    case 'sending':
      return 'intended';
    case 'working':
      return 'acknowledged';
    case 'unknown':
      return 'unknown';
    case 'over':
      return 'over';
  }
}

/** True where the exchange claims what cannot be: more than was ordered, or less than nothing. */
export function isOverfilled(leg: Leg, filled: Decimal | null): boolean {
  return filled !== null && (filled.greaterThan(leg.quantity) || filled.isNegative);
}

/**
 * A leg after the exchange showed it. A final status without a quantity that can be believed says no
 * more than one that no table lists: neither open nor over. A leg that has ended stays so, whatever
 * older state a later answer shows.
 */
export function shown(leg: Leg, report: VenueOrderReport, now: EpochMs): Leg {
  const { status, filled, venueId } = report;
  const cumulative = filled === null ? leg.cumulative : leg.cumulative.max(filled);
  const seen: Leg = { ...leg, venueId, cumulative };
  if (leg.end !== null) return seen;
  if (status === 'open' || status === 'pending-cancel') return { ...seen, phase: 'working' };
  const isVague = status === 'unclear' || (filled === null && status !== 'rejected');
  if (isVague) return { ...seen, phase: 'unknown' };
  const reason = `the exchange says "${report.statusText}"`;
  return { ...seen, phase: 'working', end: { state: status, reason, seenAt: now } };
}

/** Whether nothing can follow: all of it filled, or it ended and what it filled is booked. */
export function isDone(leg: Leg): boolean {
  if (!leg.filled.lessThan(leg.quantity)) return true;
  return leg.end !== null && !leg.filled.lessThan(leg.cumulative);
}

/** Whether the exchange filled more than what is booked: its trades are still to be seen. */
export function awaitsTrades(leg: Leg): boolean {
  return leg.filled.lessThan(leg.cumulative);
}
