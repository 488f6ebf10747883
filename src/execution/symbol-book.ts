import type { Bar } from '../core/bar.ts';
import type { Decimal } from '../core/decimal.ts';
import type { Instrument } from '../core/instrument.ts';
import { utcDayStart, type EpochMs } from '../core/time.ts';
import type { TradingCalendar } from '../core/trading-calendar.ts';
import type { Quote } from '../core/quote.ts';
import type { Side } from '../core/order.ts';
import { VolumeBudget } from './volume-budget.ts';
import { touchOf } from './quote-touch.ts';
import type { OrderSnapshot } from './order-snapshot.ts';
import { WorkingOrder } from './working-order.ts';

interface SymbolTerms {
  readonly instrumentAt: (time: EpochMs) => Instrument;
  readonly calendar: TradingCalendar;
  readonly maxVolumeShare: number | null;
}

/** A book to go on from; plain data. */
export interface SymbolBookSnapshot {
  readonly bar: Bar | null;
  readonly barBefore: Bar | null;
  readonly instant: number;
  readonly quote: Quote | null;
  /** Left of the last bar's room for fills; null where nothing of it was asked for yet. */
  readonly volumeLeft: Decimal | null;
  readonly orders: readonly OrderSnapshot[];
}

/** Working orders of one symbol in the order they arrived, and the last bar they could meet. */
export class SymbolBook {
  /** What the venue let one trade of the symbol at a time. */
  readonly instrumentAt: (time: EpochMs) => Instrument;
  readonly calendar: TradingCalendar;
  readonly budget: VolumeBudget;
  /** Last bar observed; null before the first. */
  bar: Bar | null = null;
  /** The one before it. */
  barBefore: Bar | null = null;
  /** Number of the instant that bar belongs to. */
  instant = -1;
  #orders: WorkingOrder[] = [];
  #quote: Quote | null = null;

  constructor(
    { instrumentAt, calendar, maxVolumeShare }: SymbolTerms,
    restored: SymbolBookSnapshot | null,
  ) {
    this.instrumentAt = instrumentAt;
    this.calendar = calendar;
    this.budget = new VolumeBudget(maxVolumeShare, (time) => instrumentAt(time).lotStep);
    if (restored !== null) this.#restore(restored);
  }

  /** Whether the market is open; it counts as open where nobody knows when it is. */
  tradesAt(time: EpochMs): boolean {
    const { calendar } = this;
    if (calendar.id === 'always' || !calendar.covers(time)) return true;
    const session = calendar.sessionOn(utcDayStart(time));
    return session !== null && time >= session.open && time < session.close;
  }

  /** The last quote that moved something, as long as no bar has closed since. */
  get quote(): Quote | null {
    const quote = this.#quote;
    return quote === null || (this.bar !== null && quote.time <= this.bar.closeTime) ? null : quote;
  }

  set quote(quote: Quote | null) {
    this.#quote = quote;
  }

  /** What an order of that side would have met last; null before anything is known. */
  lastPriceFor(side: Side): number | null {
    const { quote } = this;
    return quote === null ? (this.bar?.close ?? null) : touchOf(quote, side);
  }

  /** Orders that are closed are left out, but for those that another may go on from. */
  snapshot(): SymbolBookSnapshot {
    const { bar, barBefore, instant, quote } = this;
    const volumeLeft = this.budget.leftOf(bar);
    const kept = this.#orders.filter(({ isOpen, isTrailing }) => isOpen || isTrailing);
    const orders = kept.map((order) => order.snapshot(bar));
    return { bar, barBefore, instant, quote, volumeLeft, orders };
  }

  #restore({ bar, barBefore, instant, quote, volumeLeft, orders }: SymbolBookSnapshot): void {
    this.bar = bar;
    this.barBefore = barBefore;
    this.instant = instant;
    this.#quote = quote;
    this.budget.restore(bar, volumeLeft);
    this.#orders = orders.map((order) => WorkingOrder.restored(order, bar));
  }

  get orders(): readonly WorkingOrder[] {
    return this.#orders;
  }

  get isEmpty(): boolean {
    return this.#orders.length === 0;
  }

  add(order: WorkingOrder): void {
    this.#orders.push(order);
  }

  /** Forgets orders that are closed. */
  sweep(): void {
    if (this.#orders.every(isOpen)) return;
    this.#orders = this.#orders.filter(isOpen);
  }
}

function isOpen(order: WorkingOrder): boolean {
  return order.isOpen;
}
