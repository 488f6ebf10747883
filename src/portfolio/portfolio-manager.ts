import { present } from '../core/assert.ts';
import type { Slice } from '../core/bar.ts';
import type { Decimal } from '../core/decimal.ts';
import type { EventBus, Publish } from '../core/event-bus.ts';
import type { EquityMark } from '../core/equity.ts';
import type { SignalEvent } from '../core/events.ts';
import type { Fill } from '../core/fill.ts';
import type { OrderId, PositionId, StrategyId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import { isFinal, type EntryOrder, type OrderRequest, type OrderUpdate } from '../core/order.ts';
import type { Position } from '../core/position.ts';
import type { RiskAlert } from '../core/risk.ts';
import type { EntrySignal, ExitSignal, IgnoreReason, Signal } from '../core/signal.ts';
import type { EpochMs } from '../core/time.ts';
import type { PortfolioView } from '../ports/portfolio-view.ts';
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
  /** Entry orders of open positions: they carry the protection and the signal. */
  readonly #entries = new Map<PositionId, EntryOrder>();
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
    });
    this.#ignore = bus.publisher('signal.ignored');
    this.#update = bus.publisher('position.updated');
    this.#mark = bus.publisher('equity.marked');
    bus.on('slice.closed', ({ payload }) => this.#mark(this.#marks.mark(payload)));
    bus.on('signal.raised', (event) => this.#onSignal(event));
    bus.on('order.rejected', ({ payload }) => this.#onRejected(payload.order));
    bus.on('order.updated', ({ payload }) => this.#onUpdate(payload));
    bus.on('order.filled', ({ payload }) => this.#onFill(payload));
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

  lastPrice(symbol: SymbolName): number | null {
    return this.#marks.lastPrice(symbol);
  }

  /** Learns prices of a slice before the trading period. */
  observe(slice: Slice): void {
    this.#marks.observe(slice);
  }

  /** Asks for the end of everything: open orders cancelled, open positions sold at the market. */
  closeAll(reason: string): void {
    for (const order of this.#pending.all()) this.#desk.cancel(order, reason);
    for (const position of this.#positions.all()) {
      const entry = present(this.#entries.get(position.id), 'entry order of an open position');
      this.#requestExit(position, entry.signalSeq, reason);
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
    const ignored =
      signal.intent === 'exit' ? this.#onExit(signal, seq) : this.#onEntry(signal, seq);
    if (ignored === null) return;
    const { strategy, symbol } = signal;
    this.#ignore({ signalSeq: seq, strategy, symbol, reason: ignored });
  }

  /** An entry against the position held closes it; the other direction needs a signal of its own. */
  #onEntry(signal: EntrySignal, seq: number): IgnoreReason | null {
    const held = this.positionOf(signal.strategy, signal.symbol);
    if (held !== null) {
      const sameWay = (held.side === 'long') === (signal.side === 'buy');
      return sameWay ? 'position-open' : this.#onExit(signal, seq);
    }
    if (this.#pending.entryFor(signal.strategy, signal.symbol) !== null) return 'order-pending';
    if (signal.side === 'sell' && !this.#settings.allowsShort(signal.strategy)) {
      return 'shorting-disabled';
    }
    const availableCash = this.ledger.cash.toNumber() - this.#pending.promisedCash();
    const plan = planEntry(signal, { equity: this.equity, availableCash }, this.#settings);
    if (typeof plan === 'string') return plan;
    this.#desk.enter(signal, seq, plan);
    return null;
  }

  #onExit(signal: Signal | ExitSignal, seq: number): IgnoreReason | null {
    const held = this.positionOf(signal.strategy, signal.symbol);
    if (held === null) {
      const entry = this.#pending.entryFor(signal.strategy, signal.symbol);
      if (entry === null) return 'no-position';
      this.#desk.cancel(entry, signal.reason);
      return null;
    }
    if (this.#pending.exitFor(held.id) !== null) return 'order-pending';
    return this.#requestExit(held, seq, signal.reason);
  }

  #requestExit(held: Position, signalSeq: number, reason: string): IgnoreReason | null {
    const referencePrice = present(this.lastPrice(held.symbol), `last price of ${held.symbol}`);
    const { minNotional } = this.#settings.instrumentOf(held.symbol);
    const worth = held.quantity.toNumber() * referencePrice;
    if (worth < minNotional.toNumber()) return 'below-minimum';
    this.#desk.exit(held, { signalSeq, referencePrice }, reason);
    return null;
  }

  #onFill(fill: Fill): undefined {
    const order = present(this.#pending.find(fill.orderId), `order ${fill.orderId}`);
    this.#pending.applyFill(fill);
    const position = this.ledger.apply(fill, order);
    this.#positions.put(position);
    this.#marks.sync();
    this.#update(position);
    if (order.role === 'entry') this.#protect(position, order, fill);
    else this.#afterExit(position, order);
  }

  #protect(position: Position, entry: EntryOrder, fill: Fill): void {
    this.#entries.set(position.id, entry);
    const referencePrice = fill.price.toNumber();
    this.#desk.protect(position, entry.protection, { signalSeq: entry.signalSeq, referencePrice });
  }

  /** Once a position shrinks, what is left of its entry order must not enlarge it again. */
  #afterExit(position: Position, exit: OrderRequest): void {
    for (const order of this.#pending.ofPosition(position.id)) {
      if (order.role === 'entry') this.#desk.cancel(order, exit.reason);
      else if (position.quantity.isZero) this.#desk.cancel(order, 'position closed');
    }
    if (position.quantity.isZero) this.#entries.delete(position.id);
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
    this.#desk.resize(order, held.quantity);
  }

  #forget(id: OrderId): undefined {
    this.#pending.remove(id);
  }

  #onAlert(alert: RiskAlert): undefined {
    if (alert.kind !== 'halted') return;
    if (alert.onBreach === 'flatten') this.closeAll(alert.message);
    else for (const order of this.#pending.entries()) this.#desk.cancel(order, alert.message);
  }
}
