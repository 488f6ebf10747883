import { present } from '../core/assert.ts';
import type { Slice } from '../core/bar.ts';
import { Decimal } from '../core/decimal.ts';
import type { EventBus, Publish } from '../core/event-bus.ts';
import type { EquityMark } from '../core/equity.ts';
import type { SignalEvent } from '../core/events.ts';
import type { Fill } from '../core/fill.ts';
import type { FinancingCharge } from '../core/financing.ts';
import type { StrategyId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import { isFinal, type OrderRequest, type OrderState, type OrderUpdate } from '../core/order.ts';
import type { Position } from '../core/position.ts';
import type { RiskAlert } from '../core/risk.ts';
import type { IgnoreReason, Signal } from '../core/signal.ts';
import type { EpochMs } from '../core/time.ts';
import type { OpenOrder, PortfolioView } from '../ports/portfolio-view.ts';
import { AccountFunds } from './account-funds.ts';
import { AccountMarks } from './account-marks.ts';
import { AmendmentHandler } from './amendment-handler.ts';
import { EntryHandler } from './entry-handler.ts';
import { ExitHandler } from './exit-handler.ts';
import { Holdings } from './holdings.ts';
import { Ledger } from './ledger.ts';
import { OrderDesk } from './order-desk.ts';
import { isEntry, PendingOrders, type PendingOrder } from './pending-orders.ts';
import type { PortfolioSettings } from './portfolio-settings.ts';
import { PositionDirectory } from './position-directory.ts';
import { ProtectionHandler } from './protection-handler.ts';

interface PortfolioOptions {
  readonly bus: Pick<EventBus, 'on' | 'publisher'>;
  readonly settings: PortfolioSettings;
}

/**
 * Owns cash and positions. Turns signals into order requests, fills into positions, and marks the
 * account once per close time. It asks; whether an order may go out is for risk alone to say.
 */
export class PortfolioManager implements PortfolioView {
  readonly ledger: Ledger;
  readonly #settings: PortfolioSettings;
  readonly #marks: AccountMarks;
  readonly #positions = new PositionDirectory();
  readonly #pending = new PendingOrders();
  readonly #desk: OrderDesk;
  readonly #holdings: Holdings;
  readonly #protections: ProtectionHandler;
  readonly #exits: ExitHandler;
  readonly #entries: EntryHandler;
  readonly #amendments: AmendmentHandler;
  readonly #ignore: Publish<'signal.ignored'>;
  readonly #update: Publish<'position.updated'>;
  readonly #mark: Publish<'equity.marked'>;
  /** Why everything is to be sold while trading is halted; null while nothing is. */
  #flattening: string | null = null;

  constructor({ bus, settings }: PortfolioOptions) {
    this.#settings = settings;
    this.ledger = new Ledger(settings.initialCapital);
    this.#marks = new AccountMarks(this.ledger);
    const pending = this.#pending;
    const positions = this.#positions;
    this.#desk = new OrderDesk({
      request: bus.publisher('order.requested'),
      cancel: bus.publisher('order.cancel-requested'),
      dropped: (replacement) => this.#ignoreSignal(replacement, 'order-final'),
      pending,
      now: () => this.markedAt,
    });
    const lastPrice = (symbol: SymbolName) => this.lastPrice(symbol);
    this.#holdings = new Holdings({ positions, pending, settings, lastPrice });
    const base = { settings, desk: this.#desk, pending, positions, holdings: this.#holdings };
    this.#protections = new ProtectionHandler(base);
    const guarded = { ...base, protections: this.#protections };
    this.#exits = new ExitHandler(guarded);
    this.#amendments = new AmendmentHandler(guarded);
    this.#entries = new EntryHandler({
      ...guarded,
      exits: this.#exits,
      funds: new AccountFunds({
        settings,
        ledger: this.ledger,
        marks: this.#marks,
        positions,
        pending,
      }),
    });
    this.#ignore = bus.publisher('signal.ignored');
    this.#update = bus.publisher('position.updated');
    this.#mark = bus.publisher('equity.marked');
    bus.on('slice.closed', ({ payload }) => this.#onSlice(payload));
    bus.on('signal.raised', (event) => this.#onSignal(event));
    bus.on('order.rejected', ({ payload }) => this.#onRejected(payload.order));
    bus.on('order.updated', ({ payload }) => this.#onUpdate(payload));
    bus.on('order.filled', ({ payload }) => this.#onFill(payload));
    bus.on('financing.charged', ({ payload }) => this.#onCharge(payload));
    bus.on('risk.alerted', ({ payload }) => this.#onAlert(payload));
  }

  get equity(): number {
    return this.#marks.equity;
  }

  get cash(): Decimal {
    return this.ledger.cash;
  }

  get dayOpeningEquity(): number {
    return this.#marks.dayOpening;
  }

  get peakEquity(): number {
    return this.#marks.peak;
  }

  get markedAt(): EpochMs {
    return this.#marks.markedAt ?? 0;
  }

  openPositions(): readonly Position[] {
    return this.#positions.all();
  }

  positionOf(strategy: StrategyId, symbol: SymbolName): Position | null {
    return this.#positions.find(strategy, symbol);
  }

  openOrders(strategy: StrategyId, symbol: SymbolName): readonly OpenOrder[] {
    return this.#pending.openOrders(strategy, symbol);
  }

  lastPrice(symbol: SymbolName): number | null {
    return this.#marks.lastPrice(symbol);
  }

  /** Learns prices of a slice before the trading period. */
  observe(slice: Slice): void {
    this.#marks.observe(slice);
  }

  /** Asks for the end of everything, however small: there is no later chance. */
  closeOut(reason: string): void {
    this.cancelAll(reason);
    for (const position of this.#positions.all()) this.#exits.closeOut(position, reason);
  }

  /** Cancels every open order, keeping positions. */
  cancelAll(reason: string): void {
    this.#flattening = null;
    for (const order of this.#pending.all()) this.#desk.cancel(order, reason);
  }

  /** The account after the last event, at the last prices; null when it was never marked. */
  finalMark(): EquityMark | null {
    const time = this.#marks.markedAt;
    return time === null ? null : this.#marks.markAt(time);
  }

  #onSignal({ seq, payload: signal }: SignalEvent): undefined {
    const ignored = this.#answer(signal, seq);
    if (ignored !== null) this.#ignoreSignal({ signal, signalSeq: seq }, ignored);
  }

  #answer(signal: Signal, seq: number): IgnoreReason | null {
    switch (signal.intent) {
      case 'enter':
        return this.#entries.answer(signal, seq);
      case 'exit':
        return this.#exits.answer(signal, seq);
      case 'cancel':
        return this.#amendments.cancel(signal, seq);
      case 'replace':
        return this.#amendments.replace(signal, seq);
      case 'protect':
        return this.#protections.answer(signal, seq);
    }
  }

  #onSlice(slice: Slice): undefined {
    const { entryBars } = this.#settings;
    if (entryBars !== null) {
      this.#pending.see(slice);
      for (const order of this.#pending.entriesAfter(entryBars)) {
        this.#desk.cancel(order, 'not filled in time');
      }
    }
    return this.#mark(this.#marks.mark(slice));
  }

  #onFill(fill: Fill): undefined {
    const pending = present(this.#pending.find(fill.orderId), `order ${fill.orderId}`);
    this.#pending.applyFill(fill);
    const { order } = pending;
    const position = this.ledger.apply(fill, order);
    this.#positions.put(position);
    this.#marks.sync();
    this.#update(position);
    if (isEntry(pending)) {
      this.#protections.onEntryFilled(position, pending, fill.price.toNumber());
    } else if (order.role !== 'entry') {
      this.#exits.onFilled(position, order, fill);
    }
    if (position.quantity.isZero) this.#protections.forget(position);
    if (isFinal(fill.orderState)) this.#settle(pending, fill.orderState);
  }

  #onCharge(charge: FinancingCharge): undefined {
    const position = this.ledger.charge(charge);
    this.#marks.sync();
    if (position === null) return;
    this.#positions.put(position);
    this.#update(position);
  }

  #onUpdate({ orderId, state }: OrderUpdate): undefined {
    if (!isFinal(state)) return;
    const pending = this.#pending.find(orderId);
    this.#pending.remove(orderId);
    if (pending !== null) this.#settle(pending, state);
    if (pending === null || pending.order.role === 'entry') return;
    this.#exits.onEnded(pending.order);
    // Neither a strategy nor a time in force may call off what a limit is to close. What the venue
    // refuses it would refuse again.
    if (state !== 'rejected' && this.#flattening !== null) this.#exits.flatten(this.#flattening);
  }

  /** What was to follow an order follows once its end is known. */
  #settle(ended: PendingOrder, state: OrderState): void {
    const { replacement } = ended;
    if (replacement === null) return;
    const ignored = this.#amendments.succeed({ ended, ...replacement }, state);
    if (ignored !== null) this.#ignoreSignal(replacement, ignored);
  }

  /** An exit that another fill overtook on its way to risk is asked for again, for what is left. */
  #onRejected(order: OrderRequest): undefined {
    const pending = this.#pending.find(order.id);
    this.#pending.remove(order.id);
    if (pending !== null) this.#settle(pending, 'rejected');
    if (order.role === 'entry') return;
    const held = this.#positions.get(order.position);
    const left = held === null ? Decimal.zero : this.#holdings.sellable(held);
    const isOvertaken = held?.quantity.lessThan(order.quantity) === true;
    if (isOvertaken && left.isPositive) this.#desk.resize(order, left);
    else this.#exits.onEnded(order);
  }

  #onAlert(alert: RiskAlert): undefined {
    if (alert.kind === 'resumed') this.#flattening = null;
    if (alert.kind !== 'halted') return;
    for (const order of this.#pending.entries()) this.#desk.cancel(order, alert.message);
    if (alert.onBreach !== 'flatten') return;
    this.#flattening = alert.message;
    this.#exits.flatten(alert.message);
  }

  #ignoreSignal(
    { signal, signalSeq }: { readonly signal: Signal; readonly signalSeq: number },
    reason: IgnoreReason,
  ): undefined {
    const { strategy, symbol } = signal;
    this.#ignore({ signalSeq, strategy, symbol, reason });
  }
}
