import { Decimal } from '../core/decimal.ts';
import type { OrderId } from '../core/ids.ts';
import { stopPriceOf, type EntryOrder, type ExitOrder, type OrderPricing } from '../core/order.ts';
import type { Position } from '../core/position.ts';
import { stopLossPrice, type Protection, type StopLevel } from '../core/protection.ts';
import type { IgnoreReason, ProtectSignal } from '../core/signal.ts';
import { Guards, type Guard, type GuardsSnapshot } from './guards.ts';
import type { Holdings } from './holdings.ts';
import type { OrderDesk } from './order-desk.ts';
import { trailOf } from './order-pricing.ts';
import type { PendingOrder, PendingOrders } from './pending-orders.ts';
import type { PortfolioSettings } from './portfolio-settings.ts';
import { planStopLoss } from './protection-plan.ts';
import { stopLossPricing, takeProfitPricing, trailWishedBy } from './protective-pricing.ts';

interface ProtectionHandlerOptions {
  readonly settings: PortfolioSettings;
  readonly desk: OrderDesk;
  readonly pending: PendingOrders;
  readonly holdings: Holdings;
  /** Mean price of what is held of a position now: what its levels are measured from. */
  readonly heldPriceOf: (position: Position) => Decimal;
  readonly restored: GuardsSnapshot | null;
}

interface Cause {
  readonly signalSeq: number;
  readonly referencePrice: number;
}

const NO_ENTRIES: ReadonlySet<OrderId> = new Set();
const LEGS = ['stop-loss', 'take-profit'] as const;
type Leg = (typeof LEGS)[number];

/** What the legs of a position are to become; a leg that is absent stays as it is. */
type NewLevels = Partial<Protection>;

/**
 * Keeps a stop-loss and a take-profit on every open position, for all that can be sold. The levels
 * are those of the newest entry that filled, until the strategy moves them.
 */
export class ProtectionHandler {
  readonly #options: ProtectionHandlerOptions;
  readonly #guards: Guards;

  constructor(options: ProtectionHandlerOptions) {
    this.#options = options;
    this.#guards = new Guards(options.restored ?? []);
  }

  snapshot(): GuardsSnapshot {
    return this.#guards.snapshot();
  }

  /** The signal that the position, as it is guarded now, stems from. */
  signalSeqOf(position: Position): number {
    return this.#guardOf(position).signalSeq;
  }

  /** Origins of the entry orders that made a position. */
  entriesOf(position: Position | null): ReadonlySet<OrderId> {
    return position === null ? NO_ENTRIES : this.#guards.entriesOf(position.id);
  }

  /** Whether a position is known here: one that goods were entered to as ordered. */
  guards({ id }: Position): boolean {
    return this.#guards.has(id);
  }

  forget(position: Position): void {
    this.#guards.forget(position.id);
  }

  /** After a fill of an entry: earlier orders are replaced, so that they cover what is held now. */
  onEntryFilled(
    position: Position,
    { order, origin }: Pick<PendingOrder<EntryOrder>, 'order' | 'origin'>,
    referencePrice: number,
  ): void {
    const { signalSeq } = this.#guards.entered(position.id, order, origin);
    this.#cover(position, { signalSeq, referencePrice });
  }

  /**
   * Guards a position that nobody entered: more was sold than was held. The limit's own stop is all
   * that is known for it.
   */
  adopt(position: Position, { signalSeq }: Pick<ExitOrder, 'signalSeq'>, referencePrice: number) {
    const protection = { stopLoss: this.#withinLimit(position, null), takeProfit: null };
    this.#guards.set(position.id, { signalSeq, protection, isMoved: false, entries: NO_ENTRIES });
    this.#cover(position, { signalSeq, referencePrice });
  }

  /** After a change that no fill made: the orders cover what is held now, and no more than that. */
  resize(position: Position): void {
    const sellable = this.#options.holdings.sellable(position);
    const isRight = this.#legsOf(position).every(
      ({ remaining, isLeaving }) => isLeaving || remaining.equals(sellable),
    );
    if (isRight) return;
    const { signalSeq } = this.#guardOf(position);
    this.#cover(position, { signalSeq, referencePrice: this.#options.holdings.priceOf(position) });
  }

  /** Moves, adds or removes levels at the wish of the strategy. */
  answer(signal: ProtectSignal, signalSeq: number): IgnoreReason | null {
    const { strategy, symbol, stopLoss, takeProfit, reason } = signal;
    const { holdings } = this.#options;
    const position = holdings.standing(strategy, symbol);
    if (position === null) {
      return holdings.dust(strategy, symbol) === null ? 'no-position' : 'below-minimum';
    }
    const levels = {
      ...(stopLoss === 'keep' ? {} : { stopLoss }),
      ...(takeProfit === 'keep' ? {} : { takeProfit }),
    };
    this.move(position, levels, { signalSeq, reason });
    return null;
  }

  /**
   * Puts a leg's order where its level is now. The stop is held within the limit, whatever was
   * wished; the limit's own stop stands in for one that is removed.
   */
  move(
    position: Position,
    levels: NewLevels,
    { signalSeq, reason }: { readonly signalSeq: number; readonly reason: string },
  ): void {
    this.note(position, levels, signalSeq);
    const referencePrice = this.#options.holdings.priceOf(position);
    for (const leg of LEGS) {
      if (!isMoved(leg, levels)) continue;
      const earlier = this.#legsOf(position).filter(({ order }) => order.role === leg);
      for (const each of earlier) {
        // One that is on its way out already needs no second word.
        const isGoing = each.isLeaving && each.replacement === null;
        if (!isGoing) this.#options.desk.cancel(each, reason);
      }
      const pricing = this.#pricingOf(position, leg, earlier);
      if (pricing !== null) this.#place(position, leg, { signalSeq, referencePrice, pricing });
    }
  }

  /** Takes over new levels, within the limit, without an order yet. */
  note(position: Position, levels: NewLevels, signalSeq: number): void {
    const guard = this.#guardOf(position);
    const { protection } = guard;
    const stopLoss =
      levels.stopLoss === undefined
        ? protection.stopLoss
        : this.#withinLimit(position, levels.stopLoss);
    const takeProfit = levels.takeProfit === undefined ? protection.takeProfit : levels.takeProfit;
    const next = { stopLoss, takeProfit };
    this.#guards.set(position.id, { ...guard, signalSeq, protection: next, isMoved: true });
  }

  /** The order of a leg once the one it replaces has ended; null where the level is gone. */
  replace(
    position: Position,
    ended: ExitOrder,
    { quantity, ...cause }: Cause & { readonly quantity: Decimal },
  ): void {
    const leg = LEGS.find((each) => each === ended.role);
    if (leg === undefined) return;
    const pricing = this.#pricingOf(position, leg, [{ order: ended }]);
    if (pricing === null) return;
    this.#options.desk.exit(position, {
      ...cause,
      role: leg,
      reason: leg,
      pricing,
      // A stop covers all that is held: what it left out would be without one.
      quantity: leg === 'stop-loss' ? this.#options.holdings.sellable(position) : quantity,
      replaces: ended.id,
    });
  }

  /** Puts orders for all that can be sold in the place of earlier ones. */
  #cover(position: Position, cause: Cause): void {
    const earlier = this.#legsOf(position);
    for (const leg of earlier) this.#options.desk.cancel(leg, 'replaced for the new quantity');
    for (const leg of LEGS) {
      const pricing = this.#pricingOf(position, leg, earlier);
      if (pricing !== null) this.#place(position, leg, { ...cause, pricing });
    }
  }

  #place(position: Position, leg: Leg, order: Cause & { readonly pricing: OrderPricing }): void {
    const { holdings } = this.#options;
    if (holdings.isDust(position)) return;
    const quantity = holdings.sellable(position);
    this.#options.desk.exit(position, { ...order, role: leg, reason: leg, quantity });
  }

  #pricingOf(
    position: Position,
    leg: Leg,
    earlier: readonly { readonly order: PendingOrder['order'] }[],
  ): OrderPricing | null {
    const { protection, isMoved: wasMoved } = this.#guardOf(position);
    const { side, symbol } = position;
    const entryPrice = this.#options.heldPriceOf(position);
    const { tickSize } = this.#options.settings.instrumentOf(symbol);
    const basis = { side, entryPrice, tickSize };
    if (leg === 'take-profit') {
      const { takeProfit } = protection;
      return takeProfit === null ? null : takeProfitPricing(takeProfit, basis);
    }
    const { stopLoss } = protection;
    if (stopLoss === null) return null;
    const begun = trailBegunBy(stopLoss, earlier);
    // At its first fill a position is where the entry was planned; later it is where the market is.
    const isLater = wasMoved || begun !== null;
    const market = isLater
      ? Decimal.fromNumber(this.#options.holdings.priceOf(position))
      : entryPrice;
    const farthest = closer(side, begun, isLater ? this.#limitOf(position) : null);
    return stopLossPricing(stopLoss, { ...basis, market, farthest });
  }

  #withinLimit(position: Position, wished: StopLevel | null): StopLevel | null {
    const { side, symbol } = position;
    const { instrumentOf, protection: limits } = this.#options.settings;
    const { stopLoss } = planStopLoss({
      wished: { stopLoss: wished },
      limits,
      assetClass: instrumentOf(symbol).assetClass,
      side,
      price: this.#options.heldPriceOf(position).toNumber(),
    });
    return stopLoss;
  }

  /** Where the limit would have the stop; null while that limit is off. */
  #limitOf(position: Position): number | null {
    const { symbol, side } = position;
    const { instrumentOf, protection: limits } = this.#options.settings;
    const fraction = limits.stopLoss[instrumentOf(symbol).assetClass];
    if (fraction === null) return null;
    const entryPrice = this.#options.heldPriceOf(position).toNumber();
    return stopLossPrice({ kind: 'fraction', fraction }, { side, entryPrice });
  }

  #legsOf(position: Position): readonly PendingOrder[] {
    return this.#options.pending
      .ofPosition(position.id)
      .filter(({ order: { role } }) => role === 'stop-loss' || role === 'take-profit');
  }

  #guardOf({ id }: Position): Guard {
    return this.#guards.of(id);
  }
}

function isMoved(leg: Leg, levels: NewLevels): boolean {
  return (leg === 'stop-loss' ? levels.stopLoss : levels.takeProfit) !== undefined;
}

/** Where the earlier stop began, if it trails as this one is to: a later one begins no farther. */
function trailBegunBy(
  level: StopLevel,
  earlier: readonly { readonly order: PendingOrder['order'] }[],
): number | null {
  const wished = trailWishedBy(level);
  if (wished === null) return null;
  const trail = JSON.stringify(trailOf(wished));
  const like = earlier.findLast(
    ({ order }) => order.type === 'trailing_stop' && JSON.stringify(order.trail) === trail,
  );
  return like === undefined ? null : (stopPriceOf(like.order)?.toNumber() ?? null);
}

/** The one of two stop prices that lies closer to the market. */
function closer(
  side: Position['side'],
  first: number | null,
  second: number | null,
): number | null {
  if (first === null || second === null) return first ?? second;
  return side === 'long' ? Math.max(first, second) : Math.min(first, second);
}
