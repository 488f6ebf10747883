import { present } from '../core/assert.ts';
import type { Slice } from '../core/bar.ts';
import type { Decimal } from '../core/decimal.ts';
import type { EventBus, Publish } from '../core/event-bus.ts';
import type { EquityMark } from '../core/equity.ts';
import type { SignalEvent } from '../core/events.ts';
import type { Fill } from '../core/fill.ts';
import type { FinancingCharge } from '../core/financing.ts';
import type { OrderId, PositionId, StrategyId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import { OpenItems } from '../core/open-items.ts';
import { isFinal, type EntryOrder, type OrderRequest, type OrderUpdate } from '../core/order.ts';
import type { Position } from '../core/position.ts';
import type { RiskAlert } from '../core/risk.ts';
import type { EntrySignal, ExitSignal, IgnoreReason, Signal } from '../core/signal.ts';
import type { EpochMs } from '../core/time.ts';
import type { OpenOrder, PortfolioView } from '../ports/portfolio-view.ts';
import { AccountFunds } from './account-funds.ts';
import { AccountMarks } from './account-marks.ts';
import { planEntry } from './entry-planner.ts';
import { Ledger } from './ledger.ts';
import { OrderDesk } from './order-desk.ts';
import { PendingOrders } from './pending-orders.ts';
import type { PortfolioSettings } from './portfolio-settings.ts';
import { PositionDirectory } from './position-directory.ts';

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
  readonly #funds: AccountFunds;
  /** Entry orders of open positions: they carry the protection and the signal. */
  readonly #entries = new OpenItems<PositionId, EntryOrder>();
  readonly #ignore: Publish<'signal.ignored'>;
  readonly #update: Publish<'position.updated'>;
  readonly #mark: Publish<'equity.marked'>;

  constructor({ bus, settings }: PortfolioOptions) {
    this.#settings = settings;
    this.ledger = new Ledger(settings.initialCapital);
    this.#marks = new AccountMarks(this.ledger);
    this.#desk = new OrderDesk({
      request: bus.publisher('order.requested'),
      cancel: bus.publisher('order.cancel-requested'),
      pending: this.#pending,
      instrumentOf: settings.instrumentOf,
      now: () => this.markedAt,
    });
    this.#funds = new AccountFunds({
      settings,
      ledger: this.ledger,
      marks: this.#marks,
      positions: this.#positions,
      pending: this.#pending,
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
    for (const position of this.#positions.all()) {
      this.#desk.closeOut(position, this.#causeOf(position), reason);
    }
  }

  /** Cancels every open order, keeping positions. */
  cancelAll(reason: string): void {
    for (const order of this.#pending.all()) this.#desk.cancel(order, reason);
  }

  /** The account after the last event, at the last prices; null when it was never marked. */
  finalMark(): EquityMark | null {
    const time = this.#marks.markedAt;
    return time === null ? null : this.#marks.markAt(time);
  }

  #onSignal({ seq, payload: signal }: SignalEvent): undefined {
    const ignored = this.#answer(signal, seq);
    if (ignored === null) return;
    const { strategy, symbol } = signal;
    this.#ignore({ signalSeq: seq, strategy, symbol, reason: ignored });
  }

  #answer(signal: Signal, seq: number): IgnoreReason | null {
    switch (signal.intent) {
      case 'enter':
        return this.#onEntry(signal, seq);
      case 'exit':
        return this.#onExit(signal, seq);
      case 'cancel':
      case 'replace':
      case 'protect':
        return 'order-final';
    }
  }

  /** An entry against the position held closes it; the other direction needs a signal of its own. */
  #onEntry(signal: EntrySignal, seq: number): IgnoreReason | null {
    const held = this.positionOf(signal.strategy, signal.symbol);
    if (held !== null) {
      const sameWay = (held.side === 'long') === (signal.side === 'buy');
      if (!sameWay) return this.#onExit(signal, seq);
      if (!this.#isDust(held)) return 'position-open';
    }
    if (this.#pending.entryFor(signal.strategy, signal.symbol) !== null) return 'order-pending';
    if (signal.side === 'sell' && !this.#settings.allowsShort(signal.strategy)) {
      return 'shorting-disabled';
    }
    const plan = planEntry(signal, this.#funds.forEntry(signal.strategy), this.#settings);
    if (typeof plan === 'string') return plan;
    this.#desk.enter(signal, seq, plan, held);
    return null;
  }

  #onExit(signal: Signal | ExitSignal, seq: number): IgnoreReason | null {
    const held = this.positionOf(signal.strategy, signal.symbol);
    // Whatever becomes of the position: who wants out must not go on buying.
    const entry = this.#pending.entryFor(signal.strategy, signal.symbol);
    if (entry !== null) this.#desk.cancel(entry, signal.reason);
    if (held === null) return entry === null ? 'no-position' : null;
    if (this.#pending.exitFor(held.id) !== null) return 'order-pending';
    if (this.#isDust(held)) return 'below-minimum';
    this.#exit(held, signal.reason, seq);
    return null;
  }

  #exit(held: Position, reason: string, signalSeq?: number): void {
    this.#desk.exit(held, this.#causeOf(held, signalSeq), reason);
  }

  #causeOf(held: Position, signalSeq = this.#entryOf(held).signalSeq) {
    return { signalSeq, referencePrice: this.#priceOf(held) };
  }

  /** Too small for any venue to sell; the next entry the same way takes it along. */
  #isDust(held: Position): boolean {
    const { minNotional } = this.#settings.instrumentOf(held.symbol);
    const sellable = this.#desk.sellable(held);
    if (sellable.isZero) return true;
    return sellable.toNumber() * this.#priceOf(held) < minNotional.toNumber();
  }

  #priceOf({ symbol }: Position): number {
    return present(this.lastPrice(symbol), 'the last price of what is held');
  }

  #entryOf({ id }: Position): EntryOrder {
    return present(this.#entries.get(id), 'the entry order of an open position');
  }

  #onSlice(slice: Slice): undefined {
    const { entryLifetimeMs } = this.#settings;
    if (entryLifetimeMs !== null) {
      for (const order of this.#pending.entriesFrom(slice.closeTime - entryLifetimeMs)) {
        this.#desk.cancel(order, 'not filled in time');
      }
    }
    return this.#mark(this.#marks.mark(slice));
  }

  #onFill(fill: Fill): undefined {
    const order = present(this.#pending.find(fill.orderId), `order ${fill.orderId}`);
    this.#pending.applyFill(fill);
    const position = this.ledger.apply(fill, order);
    this.#positions.put(position);
    this.#marks.sync();
    this.#update(position);
    if (order.role === 'entry') this.#protect(position, order, fill);
    else this.#afterExit(position, order, fill);
  }

  #onCharge(charge: FinancingCharge): undefined {
    const position = this.ledger.charge(charge);
    this.#marks.sync();
    if (position === null) return;
    this.#positions.put(position);
    this.#update(position);
  }

  #protect(position: Position, entry: EntryOrder, fill: Fill): void {
    this.#entries.set(position.id, entry);
    const referencePrice = fill.price.toNumber();
    this.#desk.protect(position, entry.protection, { signalSeq: entry.signalSeq, referencePrice });
  }

  /**
   * Once a position shrinks, what is left of its entry order must not enlarge it again. Its other
   * exits are of one group: the venue takes the fill off them.
   */
  #afterExit(position: Position, exit: OrderRequest, fill: Fill): void {
    for (const order of this.#pending.ofPosition(position.id)) {
      if (order.role === 'entry') this.#desk.cancel(order, exit.reason);
    }
    if (position.quantity.isZero) this.#entries.delete(position.id);
    else if (exit.role === 'stop-loss' && fill.orderState === 'filled') this.#leave(position);
  }

  /** A stop that is through means out: also with what was bought after it had triggered. */
  #leave(position: Position): void {
    if (this.#pending.exitFor(position.id) === null) this.#exit(position, 'stop-loss');
  }

  #onUpdate(update: OrderUpdate): undefined {
    if (isFinal(update.state)) this.#forget(update.orderId);
  }

  /** An exit that another fill overtook on its way to risk is asked for again, for what is left. */
  #onRejected(order: OrderRequest): undefined {
    this.#forget(order.id);
    if (order.role === 'entry') return;
    const held = this.positionOf(order.strategy, order.symbol);
    if (held?.id !== order.position || !held.quantity.lessThan(order.quantity)) return;
    this.#desk.resize(order, held);
  }

  #forget(id: OrderId): undefined {
    this.#pending.remove(id);
  }

  #onAlert(alert: RiskAlert): undefined {
    if (alert.kind !== 'halted') return;
    for (const order of this.#pending.entries()) this.#desk.cancel(order, alert.message);
    if (alert.onBreach === 'flatten') this.#flatten(alert.message);
  }

  /** Sells what can be sold; stops and targets stay until the exit has filled. */
  #flatten(reason: string): void {
    for (const position of this.#positions.all()) {
      const isLeaving = this.#pending.exitFor(position.id) !== null;
      if (!isLeaving && !this.#isDust(position)) this.#exit(position, reason);
    }
  }
}
