import { Decimal } from '../core/decimal.ts';
import { InvariantError } from '../core/errors.ts';
import type { Fill } from '../core/fill.ts';
import { tradeId } from '../core/ids.ts';
import type { OrderUpdate } from '../core/order.ts';
import type { VenueReports } from '../ports/venue.ts';
import { draftFill, type Encounter, type FillDraft, type TradingCosts } from './fill-draft.ts';
import type { SymbolBook } from './symbol-book.ts';
import type { VenueAccount } from './venue-account.ts';
import type { WorkingOrder } from './working-order.ts';

/** Executes orders where they met the market, keeps the venue's account, reports both. */
export class FillDesk {
  readonly #account: VenueAccount;
  readonly #costs: TradingCosts;
  #reports: VenueReports | null = null;
  #trades = 0;

  constructor(account: VenueAccount, costs: TradingCosts) {
    this.#account = account;
    this.#costs = costs;
  }

  connect(reports: VenueReports): void {
    this.#reports = reports;
  }

  /** Fills what volume, holding and cash allow; a buying entry loses what cash cannot pay. */
  execute(encounter: Encounter): void {
    const { order } = encounter;
    const draft = draftFill(encounter, this.#account, this.#costs);
    if (draft === null) return;
    if (draft.quantity.isPositive) this.#book(encounter, draft);
    if (draft.isShortOfFunds) this.cancel(order, 'insufficient funds');
  }

  /** Does nothing to an order that is closed. */
  cancel(order: WorkingOrder, reason: string): void {
    if (!order.isOpen) return;
    order.close();
    this.update({ orderId: order.request.id, state: 'canceled', reason });
  }

  update(update: OrderUpdate): void {
    this.#connected().updated(update);
  }

  #book(encounter: Encounter, draft: FillDraft): void {
    const { order, book, bar, meeting } = encounter;
    const { request } = order;
    order.reduce(draft.quantity);
    if (order.remaining.isZero) order.close();
    if (!encounter.ignoreVolume) book.budget.take(draft.quantity);
    const fill: Fill = {
      tradeId: tradeId(++this.#trades),
      orderId: request.id,
      symbol: request.symbol,
      side: request.side,
      quantity: draft.quantity,
      price: draft.price,
      rawPrice: meeting.exact,
      impact: Decimal.zero,
      fee: draft.fee,
      liquidity: order.liquidity,
      time: encounter.time,
      orderState: order.isOpen ? 'partially_filled' : 'filled',
    };
    this.#account.book(fill, request);
    if (request.role === 'entry' && encounter.goesOn) {
      this.#account.noteEntry(request, bar, meeting);
    }
    this.#connected().filled(fill);
    if (request.role !== 'entry') this.#shrinkGroup(order, book);
  }

  /**
   * Exits share what their position holds: after a fill of one, none is left with more than that.
   * Once nothing is held, what was still to be added to it is not bought any more.
   */
  #shrinkGroup(order: WorkingOrder, book: SymbolBook): void {
    const { group, position } = order.request;
    const held = this.#account.held(position);
    for (const sibling of book.orders) {
      const { request } = sibling;
      if (sibling === order || !sibling.isOpen || request.position !== position) continue;
      if (request.group === group) sibling.reduce(sibling.remaining.minus(held).max(Decimal.zero));
      if (held.isZero || sibling.remaining.isZero) {
        this.cancel(sibling, request.role === 'entry' ? 'position closed' : 'group filled');
      }
    }
    if (held.isZero) this.cancel(order, 'position closed');
  }

  #connected(): VenueReports {
    if (this.#reports !== null) return this.#reports;
    throw new InvariantError('a receiver of reports was expected, was "none": connect the venue');
  }
}
