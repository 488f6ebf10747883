import { Decimal } from '../../core/decimal.ts';
import { InvariantError } from '../../core/errors.ts';
import type { OrderId, PositionId } from '../../core/ids.ts';
import type { Instrument, SymbolName } from '../../core/instrument.ts';
import type { ApprovedOrder, OrderUpdate } from '../../core/order.ts';
import type { Clock } from '../../ports/clock.ts';
import type { VenueCapabilities } from '../../ports/exchange-account.ts';
import type { Logger } from '../../ports/logger.ts';
import type { VenueLedger } from '../../ports/venue-ledger.ts';
import type { AccountReports } from '../../ports/venue.ts';
import { AccountBooks, type LiveVenueState } from './account-books.ts';
import { clientOrderId, type Sha256 } from './client-order-id.ts';
import { DueReports } from './due-reports.ts';
import { standsBehind } from './entry-queue.ts';
import { planExits } from './exit-plan.ts';
import { KnownMarket } from './known-market.ts';
import { newLeg, type Leg } from './leg.ts';
import { exchangeTakes, legTerms, liveRefusalOf, tooLittle } from './leg-terms.ts';
import { LiveBook } from './live-book.ts';
import { endState, isExit, remaining, type LiveOrder } from './live-order.ts';
import { Outbox } from './outbox.ts';

export interface LiveDeskOptions {
  readonly capabilities: VenueCapabilities;
  readonly ledger: VenueLedger;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly instrumentOf: (symbol: SymbolName) => Instrument;
  /** Random, made once for the run. */
  readonly nonce: string;
  readonly sha256: Sha256;
  /** What the account's books had come to in an earlier process; null where this is the first. */
  readonly restored: LiveVenueState | null;
}

/**
 * Orders on their way to an exchange: which leg each has, and what of it the engine was told. All of
 * it inside inputs; what one of the engine's own leads to is due, and enters by another.
 */
export class LiveDesk {
  readonly book: LiveBook;
  readonly books: AccountBooks;
  readonly market: KnownMarket;
  readonly options: LiveDeskOptions;
  readonly outbox = new Outbox();
  readonly due = new DueReports(this);
  #reports: AccountReports | null = null;

  constructor(options: LiveDeskOptions) {
    this.options = options;
    this.book = new LiveBook(options.ledger, ({ request, leg: { clientId, attempt } }) => {
      const parts = { nonce: options.nonce, orderId: request.id, attempt };
      return clientOrderId(parts, options.sha256) === clientId;
    });
    this.books = new AccountBooks(options.restored);
    this.market = new KnownMarket(options.instrumentOf);
    this.book.restore();
    for (const { leg } of this.book.all()) {
      // Nobody knows whether it left: it is as good as sent.
      if (leg.phase === 'sending') this.outbox.sent(leg.clientId);
    }
  }

  connect(reports: AccountReports): void {
    this.#reports = reports;
  }

  get reports(): AccountReports {
    if (this.#reports !== null) return this.#reports;
    throw new InvariantError('a receiver of reports was expected, was "none": connect the venue');
  }

  /** Orders that a process before this one may have sent; to be called once, in an input. */
  recover(): void {
    for (const { request, leg } of this.book.all()) {
      if (leg.phase !== 'sending' || this.outbox.isUnsent(leg)) continue;
      this.doubt(request.id, 'it may have been sent before the engine stopped');
    }
  }

  /** Takes up again what waited when an earlier process ended. */
  resume(): void {
    for (const { request } of this.book.all()) {
      if (request.role !== 'entry') this.replan(request.position);
    }
  }

  submit(request: ApprovedOrder): void {
    const { capabilities, clock } = this.options;
    const now = clock.now();
    const instrument = this.market.instrumentOf(request.symbol);
    const held = this.books.held(request.position);
    const refusal = liveRefusalOf(request, { instrument, capabilities, now, held });
    const isWatched = !exchangeTakes(request, capabilities);
    const mayLeave = request.role === 'entry' && refusal === null && !isWatched;
    const draft = {
      request,
      state: 'submitted',
      submittedAt: now,
      filled: Decimal.zero,
      refusal,
      ending: null,
      isWatched,
      hasTriggered: false,
      trailedTo: request.type === 'trailing_stop' ? request.stopPrice : null,
      isRestepped: false,
      failures: 0,
      lacksGoods: false,
    } as const;
    const waiting = { ...draft, leg: this.#leg(draft, { attempt: 1, phase: 'waiting' }) };
    this.book.put(waiting);
    if (mayLeave && !standsBehind(waiting, this.book.all())) this.letGo(waiting);
    if (request.role !== 'entry') this.replan(request.position);
  }

  /** An order that was not sent yet never will be; one that was is called back. */
  cancel(id: OrderId, reason: string): void {
    const order = this.book.get(id);
    if (order === null || order.ending !== null) return;
    const { leg } = order;
    const recall = leg.recall ?? { reason, askedAt: this.options.clock.now() };
    this.book.put({ ...order, ending: reason, leg: { ...leg, recall } });
    if (isExit(order)) this.replan(order.request.position);
  }

  /** The market moved a trailing stop, or reached the price of an order that waited for it. */
  watched(order: LiveOrder, seen: Pick<LiveOrder, 'hasTriggered' | 'trailedTo'>): void {
    const next: LiveOrder = { ...order, ...seen };
    const { request, leg } = next;
    if (!seen.hasTriggered || isExit(next)) this.book.put(next);
    else this.#intend(next, leg.quantity);
    if (isExit(next)) this.replan(request.position);
  }

  /** Base units of a position that can be sold. */
  sellable(position: PositionId, symbol: SymbolName): Decimal {
    return this.#onSteps(this.books.held(position), symbol);
  }

  /** Decides anew which exits of a position are to be at the exchange. */
  replan(position: PositionId): void {
    const exits = this.book.exitsOf(position);
    const symbol = exits[0]?.request.symbol;
    if (symbol === undefined) return;
    const { capabilities, clock } = this.options;
    const held = this.books.held(position);
    const lacksGoods = exits.some((exit) => exit.lacksGoods);
    const { send, recall } = planExits({
      held: this.#onSteps(lacksGoods ? this.books.deliverable(position, symbol) : held, symbol),
      exits,
      rests: (order) => !order.isWatched && exchangeTakes(order.request, capabilities),
      restsBothExits: capabilities.restsBothExits,
    });
    for (const [id, reason] of recall) {
      const order = this.#get(id);
      const called = { reason, askedAt: clock.now() };
      this.book.put({ ...order, leg: { ...order.leg, recall: called } });
    }
    if (this.outbox.isStopped) return;
    for (const [id, quantity] of send) this.#intend(this.#get(id), quantity);
  }

  /** An input is on record: what it meant to send may leave. */
  release(): void {
    this.outbox.release(this.book.all());
  }

  /** Hands out the orders to be sent now; each only ever once. */
  takeUnsent(allows: (order: LiveOrder) => boolean): readonly LiveOrder[] {
    const now = this.options.clock.now();
    const all = this.book.all();
    const taken = all
      .filter((order) => order.leg.notBefore <= now && this.outbox.mayLeave(order))
      .filter((order) => !standsBehind(order, all) && allows(order));
    for (const { leg } of taken) this.outbox.sent(leg.clientId);
    return taken;
  }

  /** From here on nothing is sent; cancellations still are. */
  stopSending(): void {
    this.outbox.stop();
  }

  /** An entry that waited for nothing of its own is to leave now. */
  letGo(order: LiveOrder): void {
    const intendedAt = this.options.clock.now();
    this.book.put({ ...order, leg: { ...order.leg, phase: 'sending', intendedAt } });
  }

  /** Tells the engine of a state, and gives the order as it is after all that follows; null if over. */
  report(order: LiveOrder, state: OrderUpdate['state'], reason: string): LiveOrder | null {
    this.book.put({ ...order, state });
    this.reports.updated({ orderId: order.request.id, state, reason });
    return this.book.get(order.request.id);
  }

  /** Nobody knows what became of the leg that was sent. */
  doubt(id: OrderId, reason: string): void {
    const order = this.#get(id);
    const { leg, request, state } = order;
    const doubtful: LiveOrder = { ...order, leg: { ...leg, phase: 'unknown' } };
    this.options.logger.warn(
      { order: request.id, client_id: leg.clientId, symbol: request.symbol, reason },
      'what became of an order is unknown; it is looked for and never sent again',
    );
    if (state === 'unknown') this.book.put(doubtful);
    else this.report(doubtful, 'unknown', reason);
  }

  end(order: LiveOrder, state: 'canceled' | 'expired' | 'rejected', reason: string): void {
    const { request } = order;
    const ended: LiveOrder = { ...order, leg: { ...order.leg, phase: 'over' } };
    // What all filled was reported as filled: no end can follow that.
    if (remaining(order).isZero) this.book.put({ ...ended, state: 'filled' });
    else this.report(ended, endState(order, state), reason);
    if (request.role !== 'entry') this.replan(request.position);
  }

  /** Gives an order a further leg, and what is changed with it; the one before is over. */
  further(
    order: LiveOrder,
    change: Partial<Omit<LiveOrder, 'request' | 'leg'>>,
    leg: Partial<Pick<Leg, 'quantity' | 'pricing' | 'notBefore'>> & {
      readonly phase: 'waiting' | 'sending';
    },
  ): void {
    const changed = { ...order, ...change };
    const next = this.#leg(changed, { attempt: order.leg.attempt + 1, phase: leg.phase });
    this.book.putFurther(order, { ...changed, leg: { ...next, ...leg } });
    if (isExit(order)) this.replan(order.request.position);
  }

  #onSteps(quantity: Decimal, symbol: SymbolName): Decimal {
    return quantity.toStep(this.market.instrumentOf(symbol).lotStep, 'down').max(Decimal.zero);
  }

  #intend(order: LiveOrder, quantity: Decimal): void {
    const { request, leg } = order;
    const instrument = this.market.instrumentOf(request.symbol);
    const reference = this.market.referenceOf(request);
    const isCut = quantity.lessThan(request.quantity);
    const refusal = isCut ? tooLittle(quantity, instrument, reference) : null;
    const terms = legTerms(order, this.options.capabilities);
    const next = { ...leg, ...terms, quantity, reference, intendedAt: this.options.clock.now() };
    if (refusal !== null) this.book.put({ ...order, refusal });
    else this.book.put({ ...order, leg: { ...next, phase: 'sending' } });
  }

  #leg(
    order: Omit<LiveOrder, 'leg'>,
    { attempt, phase }: { readonly attempt: number; readonly phase: 'waiting' | 'sending' },
  ): Leg {
    const { request } = order;
    const { capabilities, clock, nonce, sha256 } = this.options;
    return newLeg({
      ...legTerms(order, capabilities),
      clientId: clientOrderId({ nonce, orderId: request.id, attempt }, sha256),
      attempt,
      phase,
      quantity: request.quantity.minus(order.filled),
      reference: this.market.referenceOf(request),
      intendedAt: clock.now(),
    });
  }

  #get(id: OrderId): LiveOrder {
    const order = this.book.get(id);
    if (order !== null) return order;
    throw new InvariantError(`an order that is not final was expected, was "${id}"`);
  }
}
