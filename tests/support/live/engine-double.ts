import type { AccountCheck } from '../../../src/core/account-check.ts';
import { Decimal } from '../../../src/core/decimal.ts';
import type { FeeCorrection, Fill } from '../../../src/core/fill.ts';
import type { OrderId } from '../../../src/core/ids.ts';
import {
  isFinal,
  transition,
  type OrderRequest,
  type OrderState,
  type OrderUpdate,
} from '../../../src/core/order.ts';
import type { AccountReports, Venue } from '../../../src/ports/venue.ts';
import { approveOrder } from '../../../src/risk/approve-order.ts';

interface Known {
  readonly request: OrderRequest;
  state: OrderState;
  filled: Decimal;
}

export type Heard =
  | { readonly kind: 'updated'; readonly update: OrderUpdate }
  | { readonly kind: 'filled'; readonly fill: Fill; readonly isLate: boolean }
  | { readonly kind: 'fee'; readonly correction: FeeCorrection }
  | { readonly kind: 'checked'; readonly check: AccountCheck };

/**
 * The engine as a venue knows it: takes reports, and holds them against the life cycle of orders. It
 * outlives the venues of one test, as a restored engine would.
 */
export class EngineDouble implements AccountReports {
  readonly heard: Heard[] = [];
  readonly orders = new Map<OrderId, Known>();
  /** What components would do on a report, within the same input. */
  react: (heard: Heard) => void = () => undefined;
  /** Whether an input is under way: nothing may be reported outside one. */
  isInside: () => boolean = () => true;
  /** Whether the input under way is the engine's own: then no report may be made. */
  isOwnInput = false;
  #venue: Venue | null = null;

  attach(venue: Venue): void {
    this.#venue = venue;
    venue.connect(this);
  }

  submit(request: OrderRequest): void {
    this.orders.set(request.id, { request, state: 'submitted', filled: Decimal.zero });
    this.#venue?.submit(approveOrder(request));
  }

  cancel(orderId: OrderId, reason: string): void {
    const known = this.orders.get(orderId);
    if (known !== undefined && !isFinal(known.state)) this.#venue?.cancel(orderId, reason);
  }

  updated(update: OrderUpdate): void {
    const known = this.#known(update.orderId);
    known.state = transition(known.state, update.state, update.orderId);
    this.#hear({ kind: 'updated', update });
  }

  filled(fill: Fill): void {
    const known = this.#known(fill.orderId);
    const isLate = isFinal(known.state);
    if (!isLate) known.state = transition(known.state, fill.orderState, fill.orderId);
    known.filled = known.filled.plus(fill.quantity);
    const { quantity, role } = known.request;
    const isWhole = known.filled.equals(quantity);
    const isSound =
      !known.filled.greaterThan(quantity) &&
      (fill.orderState === 'filled' ? isWhole || role !== 'entry' : !isWhole);
    if (!isSound) throw new Error(`${fill.orderId}: ${fill.orderState} with ${fill.tradeId}`);
    this.#hear({ kind: 'filled', fill, isLate });
  }

  charged(): void {
    throw new Error('a live venue charges nothing');
  }

  feeCorrected(correction: FeeCorrection): void {
    this.#hear({ kind: 'fee', correction });
  }

  accountChecked(check: AccountCheck): void {
    this.#hear({ kind: 'checked', check });
  }

  /** What was heard of an order: its states, and how much filled in each. */
  story(orderId: OrderId): readonly string[] {
    return this.heard.flatMap((heard) => {
      if (heard.kind === 'updated' && heard.update.orderId === orderId) return [heard.update.state];
      if (heard.kind !== 'filled' || heard.fill.orderId !== orderId) return [];
      const { orderState, quantity } = heard.fill;
      return [`${heard.isLate ? 'late ' : ''}${orderState} ${quantity.toString()}`];
    });
  }

  reasonOf(orderId: OrderId): string {
    const updates = this.heard.filter((heard) => heard.kind === 'updated');
    return updates.findLast(({ update }) => update.orderId === orderId)?.update.reason ?? '';
  }

  get fills(): readonly Fill[] {
    return this.heard.flatMap((heard) => (heard.kind === 'filled' ? [heard.fill] : []));
  }

  get checks(): readonly AccountCheck[] {
    return this.heard.flatMap((heard) => (heard.kind === 'checked' ? [heard.check] : []));
  }

  #known(orderId: OrderId): Known {
    const known = this.orders.get(orderId);
    if (known === undefined) throw new Error(`nobody ordered ${orderId}`);
    return known;
  }

  #hear(heard: Heard): void {
    if (!this.isInside()) throw new Error(`${heard.kind} was reported outside an input`);
    if (this.isOwnInput) throw new Error(`${heard.kind} was reported in an input of the engine`);
    this.heard.push(heard);
    this.react(heard);
  }
}
