import type { Bar } from '../core/bar.ts';
import type { Instrument } from '../core/instrument.ts';
import type { EpochMs } from '../core/time.ts';
import type { TradingCalendar } from '../core/trading-calendar.ts';
import { VolumeBudget } from './volume-budget.ts';
import type { WorkingOrder } from './working-order.ts';

interface SymbolTerms {
  readonly instrumentAt: (time: EpochMs) => Instrument;
  readonly calendar: TradingCalendar;
  readonly maxVolumeShare: number | null;
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

  constructor({ instrumentAt, calendar, maxVolumeShare }: SymbolTerms) {
    this.instrumentAt = instrumentAt;
    this.calendar = calendar;
    this.budget = new VolumeBudget(maxVolumeShare, (time) => instrumentAt(time).lotStep);
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
