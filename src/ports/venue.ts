import type { Bar } from '../core/bar.ts';
import type { AccountCheck } from '../core/account-check.ts';
import type { FeeCorrection, Fill } from '../core/fill.ts';
import type { FinancingCharge } from '../core/financing.ts';
import type { OrderId } from '../core/ids.ts';
import type { ApprovedOrder, OrderUpdate } from '../core/order.ts';
import type { Quote } from '../core/quote.ts';

/** Where a venue reports what became of orders and cash. Called in the order things happened. */
export interface VenueReports {
  updated(update: OrderUpdate): void;
  filled(fill: Fill): void;
  charged(charge: FinancingCharge): void;
}

/** What an account at an exchange has to report besides. */
export interface AccountReports extends VenueReports {
  feeCorrected(correction: FeeCorrection): void;
  accountChecked(check: AccountCheck): void;
}

/**
 * A place that executes orders: simulated, or an exchange. Exits of one group close one position
 * together: what one of them fills is taken off the others, and one with nothing left is reported
 * canceled. Where an exchange has no such groups, its adapter keeps the promise.
 */
export interface Venue {
  /** Names the receiver of all reports; called once, before anything else. */
  connect(reports: AccountReports): void;
  submit(order: ApprovedOrder): void;
  /** Cancelling an order that is already final does nothing. */
  cancel(orderId: OrderId, reason: string): void;
  /** A bar becomes known: a simulated venue fills against it, an exchange ignores it. */
  observe(bar: Bar): void;
  /** A price between two bars: a simulated venue fills against it, an exchange ignores it. */
  quote(quote: Quote): void;
  /** The bars of this instant are over: what is submitted from here on meets later bars only. */
  settle(): void;
}
