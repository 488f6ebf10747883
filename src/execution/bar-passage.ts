import type { Bar } from '../core/bar.ts';
import { isInReach, onePrice, type PriceSpan } from './bar-matching.ts';
import type { FillDesk } from './fill-desk.ts';
import type { BarStretch, OrderEncounters } from './order-encounters.ts';
import { stretchFor } from './stretch-for.ts';
import type { SymbolBook } from './symbol-book.ts';
import type { EntryMoment } from './venue-account.ts';
import type { WorkingOrder } from './working-order.ts';

/**
 * What happens first in a bar: orders at the open, then stops, then limits, each in the order of
 * arrival. Trailing stops move last: what they move by is known when the bar is over, and a limit
 * that lies before the bar's extreme was filled on the way to it.
 */
export const PHASES = ['market', 'stop', 'limit', 'trail'] as const;
export type Phase = (typeof PHASES)[number];

/** Takes the orders of a symbol through a bar, in the order in which things happen in it. */
export class BarPassage {
  readonly #desk: FillDesk;
  readonly #encounters: OrderEncounters;

  constructor(desk: FillDesk, encounters: OrderEncounters) {
    this.#desk = desk;
    this.#encounters = encounters;
  }

  /** All orders that rest meet the bar; what its end, or the time before it, ends, goes. */
  pass(book: SymbolBook, bar: Bar): void {
    if (!concernsAny(book.orders, bar)) return;
    // What arrives in answer to these fills is not among them: it meets the rest of the bar.
    const waiting = book.orders.slice();
    for (const order of waiting) if (order.endsAt <= bar.openTime) this.#desk.expire(order);
    if (book.budget.hasTrading(bar)) {
      const time = bar.openTime;
      this.#meetGap(waiting, { book, bar, span: onePrice(bar.open), time });
      const { open: start, high, low, close } = bar;
      const span: PriceSpan = { start, high, low, close, rangeFollows: true };
      for (const phase of PHASES) this.#meetPhase(phase, waiting, { book, bar, span, time });
    }
    for (const order of waiting) {
      if (book.quote === null) order.keepTightened();
      if (!isPlacedAfter(order, bar)) this.#end(order, bar);
    }
  }

  /** Orders for a position entered in the running bar meet what is left of it. */
  passRest(arrived: WorkingOrder, book: SymbolBook, entry: EntryMoment): void {
    const { bar, meeting } = entry;
    if (arrived.kind === 'stop') entry.awaitsStop = false;
    if (arrived.kind === 'limit') entry.awaitsTarget = false;
    const { high, low, close } = bar;
    const start = meeting.double;
    const span: PriceSpan = { start, high, low, close, rangeFollows: meeting.atStart };
    for (const phase of PHASES) {
      if (!mayHappen(phase, entry)) continue;
      for (const order of book.orders) {
        const isOfEntry = order.restOf === bar && isForSamePosition(order, arrived);
        if (!isOfEntry || !takesPart(order, phase, bar)) continue;
        this.#meet(phase, order, { book, bar, span, time: bar.openTime });
        this.#end(order, bar);
      }
    }
  }

  /** A stop that the bar opens beyond is out at the open, before anybody buys there. */
  #meetGap(orders: readonly WorkingOrder[], atOpen: BarStretch): void {
    for (const order of orders) {
      const isStop = order.isOpen && order.kind === 'stop' && order.request.role !== 'entry';
      if (isStop && wasThere(order, atOpen.bar)) this.#encounters.meet(order, atOpen);
    }
  }

  /** Exits before entries: what a bar's volume has room for goes to who wants out. */
  #meetPhase(phase: Phase, orders: readonly WorkingOrder[], stretch: BarStretch): void {
    for (const entries of [false, true]) {
      for (const order of orders) {
        if (!takesPart(order, phase, stretch.bar)) continue;
        if ((order.request.role === 'entry') !== entries) continue;
        const own = wasThere(order, stretch.bar) ? stretch : stretchFor(order, phase, stretch);
        if (own !== null) this.#meet(phase, order, own);
      }
    }
  }

  #meet(phase: Phase, order: WorkingOrder, stretch: BarStretch): void {
    if (phase === 'trail') this.#encounters.follow(order, stretch);
    else this.#encounters.meet(order, stretch);
  }

  #end(order: WorkingOrder, bar: Bar): void {
    if (order.isImmediate) this.#desk.endAtOnce(order);
    else if (order.endsAt <= bar.closeTime) this.#desk.expire(order);
  }
}

/** Most bars leave what rests alone: they come to no price of it, and end nothing. */
function concernsAny(orders: readonly WorkingOrder[], bar: Bar): boolean {
  for (const order of orders) {
    if (order.isImmediate || order.isTrailing || order.endsAt <= bar.closeTime) return true;
    if (isInReach(order, bar)) return true;
  }
  return false;
}

function takesPart(order: WorkingOrder, phase: Phase, bar: Bar): boolean {
  const isOfPhase = phase === 'trail' ? order.isTrailing : order.kind === phase;
  return isOfPhase && order.isOpen && !order.isDoneWith(bar);
}

/** Whether an order stood as it stands before the bar opened. */
function wasThere({ placement }: WorkingOrder, { openTime }: Bar): boolean {
  return placement === null || placement.time <= openTime;
}

function isPlacedAfter({ placement }: WorkingOrder, { closeTime }: Bar): boolean {
  return placement !== null && placement.time >= closeTime;
}

function isForSamePosition(one: WorkingOrder, other: WorkingOrder): boolean {
  return one.request.position === other.request.position;
}

/**
 * What may follow an entry inside its bar. A take-profit that overtook its stop waits for it: the
 * stop is taken first; and it fills only where the whole bar came after the entry. A stop that
 * trails waits for the take-profit in turn, which is passed on the way to the bar's extreme.
 */
function mayHappen(phase: Phase, { awaitsStop, awaitsTarget, meeting }: EntryMoment): boolean {
  if (phase === 'limit') return meeting.atStart && !awaitsStop;
  return phase !== 'trail' || !awaitsTarget;
}
