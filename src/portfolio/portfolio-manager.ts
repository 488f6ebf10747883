import type { Slice } from '../core/bar.ts';
import { Decimal } from '../core/decimal.ts';
import type { EventBus, Publish } from '../core/event-bus.ts';
import type { EquityMark } from '../core/equity.ts';
import type { SignalEvent } from '../core/events.ts';
import type { StrategyId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import { isFinal, type OrderRequest, type OrderUpdate } from '../core/order.ts';
import type { OperatorCommand } from '../core/operator.ts';
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
import { FillHandler } from './fill-handler.ts';
import { Holdings } from './holdings.ts';
import { Ledger } from './ledger.ts';
import { OrderDesk } from './order-desk.ts';
import { PendingOrders, type OwnedOrder, type PendingOrder } from './pending-orders.ts';
import type { PortfolioSettings } from './portfolio-settings.ts';
import type { PortfolioSnapshot } from './portfolio-snapshot.ts';
import { PositionDirectory } from './position-directory.ts';
import { ProtectionHandler } from './protection-handler.ts';

interface PortfolioOptions {
  readonly bus: Pick<EventBus, 'on' | 'publisher'>;
  readonly settings: PortfolioSettings;
  readonly restored?: PortfolioSnapshot | null | undefined;
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
  readonly #pending: PendingOrders;
  readonly #desk: OrderDesk;
  readonly #holdings: Holdings;
  readonly #protections: ProtectionHandler;
  readonly #exits: ExitHandler;
  readonly #entries: EntryHandler;
  readonly #amendments: AmendmentHandler;
  readonly #ignore: Publish<'signal.ignored'>;
  readonly #fills: FillHandler;
  readonly #mark: Publish<'equity.marked'>;
  /** Why everything is to be sold while trading is halted; null while nothing is. */
  #flattening: string | null;

  constructor({ bus, settings, restored = null }: PortfolioOptions) {
    this.#settings = settings;
    this.ledger = new Ledger(settings.initialCapital, restored?.ledger);
    this.#marks = new AccountMarks(this.ledger, restored?.marks);
    this.#pending = new PendingOrders(restored?.pending);
    this.#flattening = restored?.flattening ?? null;
    const pending = this.#pending;
    const positions = this.#positions;
    for (const position of this.ledger.openPositions()) positions.put(position.snapshot());
    this.#desk = new OrderDesk({
      request: bus.publisher('order.requested'),
      cancel: bus.publisher('order.cancel-requested'),
      dropped: (replacement) => this.#ignoreSignal(replacement, 'order-final'),
      pending,
      now: () => this.markedAt,
      restored: restored?.desk ?? null,
    });
    const lastPrice = (symbol: SymbolName) => this.lastPrice(symbol);
    this.#holdings = new Holdings({ positions, pending, settings, lastPrice });
    const base = { settings, desk: this.#desk, pending, positions, holdings: this.#holdings };
    this.#protections = new ProtectionHandler({
      ...base,
      heldPriceOf: (position) => this.ledger.heldPriceOf(position),
      restored: restored?.guards ?? null,
    });
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
    this.#fills = new FillHandler({
      ledger: this.ledger,
      marks: this.#marks,
      positions,
      pending,
      protections: this.#protections,
      exits: this.#exits,
      update: bus.publisher('position.updated'),
      exceed: bus.publisher('fill.exceeded'),
      settle: (ended) => this.#settle(ended, null),
      flattening: () => this.#flattening,
    });
    this.#ignore = bus.publisher('signal.ignored');
    this.#mark = bus.publisher('equity.marked');
    this.#subscribe(bus);
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

  /** Whether a position is too small for any venue to sell. */
  isDust(position: Position): boolean {
    return this.lastPrice(position.symbol) !== null && this.#holdings.isDust(position);
  }

  openOrders(strategy: StrategyId, symbol: SymbolName): readonly OpenOrder[] {
    return this.#pending.openOrders(strategy, symbol);
  }

  allOpenOrders(): readonly OwnedOrder[] {
    return this.#pending.allOpenOrders();
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

  /** All that a later process needs to go on exactly from here. */
  snapshot(): PortfolioSnapshot {
    const dust = this.#positions.all().filter((held) => this.isDust(held));
    return {
      ledger: this.ledger.snapshot(),
      marks: this.#marks.snapshot(),
      desk: this.#desk.snapshot(),
      pending: this.#pending.snapshot(),
      guards: this.#protections.snapshot(),
      flattening: this.#flattening,
      dust: dust.map(({ id }) => id),
    };
  }

  /** The account after the last event, at the last prices; null when it was never marked. */
  finalMark(): EquityMark | null {
    const time = this.#marks.markedAt;
    return time === null ? null : this.#marks.markAt(time);
  }

  #subscribe(bus: Pick<EventBus, 'on'>): void {
    bus.on('slice.closed', ({ payload }) => this.#onSlice(payload));
    bus.on('signal.raised', (event) => this.#onSignal(event));
    bus.on('order.rejected', ({ payload }) => this.#onRejected(payload.order));
    bus.on('order.updated', ({ ts, payload }) => this.#onUpdate(payload, ts));
    bus.on('order.filled', ({ payload }) => {
      this.#fills.filled(payload);
    });
    bus.on('fee.corrected', ({ payload }) => {
      this.#fills.corrected(payload);
    });
    bus.on('financing.charged', ({ payload }) => {
      this.#fills.charged(payload);
    });
    bus.on('risk.alerted', ({ payload }) => this.#onAlert(payload));
    bus.on('operator.commanded', ({ payload }) => this.#onCommand(payload));
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

  #onUpdate({ orderId, state }: OrderUpdate, at: EpochMs): undefined {
    if (!isFinal(state)) return;
    const pending = this.#pending.find(orderId);
    this.#pending.remove(orderId);
    if (pending !== null) this.#settle(pending, state === 'canceled' ? at : null);
    if (pending === null || pending.order.role === 'entry') return;
    this.#exits.onEnded(pending.order);
    // Neither a strategy nor a time in force may call off what a limit is to close. What the venue
    // refuses it would refuse again.
    if (state !== 'rejected' && this.#flattening !== null) this.#exits.flatten(this.#flattening);
  }

  /** What was to follow an order follows once it is cancelled, and does not after any other end. */
  #settle(ended: PendingOrder, canceledAt: EpochMs | null): void {
    const { replacement } = ended;
    if (replacement === null) return;
    const ignored = this.#amendments.succeed({ ended, ...replacement }, canceledAt);
    if (ignored !== null) this.#ignoreSignal(replacement, ignored);
  }

  /** An exit that another fill overtook on its way to risk is asked for again, for what is left. */
  #onRejected(order: OrderRequest): undefined {
    const pending = this.#pending.find(order.id);
    this.#pending.remove(order.id);
    if (pending !== null) this.#settle(pending, null);
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

  /** Halting and flattening are for risk to say; who stops for good leaves no entry behind. */
  #onCommand({ act, reason }: OperatorCommand): undefined {
    if (act !== 'shutdown') return;
    for (const order of this.#pending.entries()) this.#desk.cancel(order, `shutdown: ${reason}`);
  }

  #ignoreSignal(
    { signal, signalSeq }: { readonly signal: Signal; readonly signalSeq: number },
    reason: IgnoreReason,
  ): undefined {
    const { strategy, symbol } = signal;
    this.#ignore({ signalSeq, strategy, symbol, reason });
  }
}
