import { invariant, present } from '../../../src/core/assert.ts';
import type { Bar } from '../../../src/core/bar.ts';
import type { Decimal } from '../../../src/core/decimal.ts';
import type { Fill } from '../../../src/core/fill.ts';
import {
  isFinal,
  limitPriceOf,
  stopPriceOf,
  transition,
  type ApprovedOrder,
  type OrderState,
  type OrderUpdate,
  type Side,
} from '../../../src/core/order.ts';
import { DAY_MS } from '../../../src/core/time.ts';
import type { SimulatedVenue } from '../../../src/execution/simulated-venue.ts';
import { LOTS, TICKS, type OrderScript } from './order-script.ts';
import { TrailModel } from './trail-model.ts';

export const SHARE = 0.025;
export const SLIPPAGE = 0.001;

interface Holding {
  readonly side: Side;
  lots: number;
}

interface Watched {
  readonly order: ApprovedOrder;
  /** When it ends by the auditor's own reckoning; Infinity for never. */
  readonly endsAt: number;
  readonly acceptedIn: Bar | null;
  readonly trail: TrailModel | null;
  state: OrderState;
  lots: number;
  fills: number;
  /** A bar with trading came to its stop while it was there. */
  isReached: boolean;
  /** Another entry of its group filled while it was open. */
  isExcluded: boolean;
  lastFillIn: Bar | null;
}

/** Keeps books of its own, in whole numbers, and holds every report of a venue against them. */
export class ScriptAuditor {
  readonly log: string[] = [];
  readonly fills: Fill[] = [];
  readonly #options: OrderScript['options'];
  #venue: SimulatedVenue | null = null;
  readonly #orders = new Map<string, Watched>();
  readonly #holdings = new Map<string, Holding>();
  /** Groups of entries that one was filled of since the last bar was settled. */
  readonly #taken = new Set<string>();
  #bar: Bar | null = null;
  #barLots = 0;
  #isSettled = true;
  #isClosing = false;

  constructor(options: OrderScript['options']) {
    this.#options = options;
  }

  /** Listens to a venue; to another one from where that is to go on from the first. */
  connect(venue: SimulatedVenue): void {
    this.#venue = venue;
    venue.connect({
      charged: () => undefined,
      updated: (update) => this.#onUpdate(update),
      filled: (fill) => this.#onFill(fill),
    });
  }

  /** Positions that hold something. */
  held(): readonly (readonly [position: string, holding: Holding])[] {
    return [...this.#holdings].filter(([, { lots }]) => lots > 0);
  }

  lotsOf(position: string): number {
    return this.#holdings.get(position)?.lots ?? 0;
  }

  /** How often each type of order filled, and each state was reached, for a look at coverage. */
  tally(count: (what: string) => void): void {
    for (const { order, state, fills, isExcluded } of this.#orders.values()) {
      count(state);
      if (fills > 1) count('in part');
      if (isExcluded) count('excluded');
      if (fills > 0) count(`${order.type} filled`);
      if (fills > 0) count(`${order.timeInForce} filled`);
    }
  }

  submit(order: ApprovedOrder): void {
    const now = this.#bar?.closeTime ?? 0;
    const { trailingReference } = this.#options;
    const trail = order.type === 'trailing_stop' ? new TrailModel(order, trailingReference) : null;
    this.#orders.set(order.id, {
      order,
      endsAt: endOf(order, now),
      acceptedIn: this.#isSettled ? null : this.#bar,
      trail,
      state: transition('approved', 'submitted', order.id),
      lots: 0,
      fills: 0,
      isReached: false,
      isExcluded: order.role === 'entry' && order.group !== null && this.#taken.has(order.group),
      lastFillIn: null,
    });
    this.#audited.submit(order);
    this.#auditExclusions();
  }

  observe(bar: Bar): void {
    this.#bar = bar;
    this.#barLots = 0;
    this.#isSettled = false;
    this.#audited.observe(bar);
    this.#auditExclusions();
    for (const { endsAt, state, order } of this.#orders.values()) {
      const isOver = endsAt <= bar.closeTime && !isFinal(state);
      invariant(!isOver, () => `${order.id} has ended with the bar`);
    }
  }

  settle(): void {
    this.#isSettled = true;
    this.#taken.clear();
    const bar = present(this.#bar, 'a bar');
    for (const watched of this.#orders.values()) {
      const { order, trail, state } = watched;
      if (isFinal(state)) continue;
      invariant(order.timeInForce !== 'ioc' || this.#isNew(watched), 'ioc is gone');
      watched.isReached ||= bar.volume > 0 && reachesStop(order, bar);
      if (trail === null) continue;
      const stop = this.#audited.workingStop(order.id);
      const actual = stop === null ? null : ticksOf(stop);
      if (watched.acceptedIn === bar) trail.passRest(bar, actual);
      else if (bar.volume > 0) trail.pass(bar, actual);
    }
  }

  cancel(pick: number): void {
    const id = [...this.#orders.keys()][pick];
    const watched = id === undefined ? undefined : this.#orders.get(id);
    if (watched !== undefined) this.#audited.cancel(watched.order.id, 'drawn by lot');
  }

  closeSession(): void {
    this.#isClosing = true;
  }

  /** After the end: nothing is open, nothing is held. */
  auditEnd(): void {
    for (const { order, state } of this.#orders.values()) {
      invariant(isFinal(state), () => `${order.id} ends, was ${state}`);
    }
    invariant(this.held().length === 0, 'nothing is held');
  }

  get #audited(): SimulatedVenue {
    return present(this.#venue, 'a venue');
  }

  #isNew({ lastFillIn }: Watched): boolean {
    return lastFillIn === null;
  }

  #onUpdate({ orderId, state, reason }: OrderUpdate): void {
    this.log.push(`${orderId} ${state} ${reason}`);
    const watched = present(this.#orders.get(orderId), orderId);
    watched.state = transition(watched.state, state, orderId);
    if (state !== 'expired') return;
    const bar = present(this.#bar, 'a bar');
    invariant(watched.endsAt <= bar.closeTime, 'nothing expires before its time');
  }

  #onFill(fill: Fill): void {
    this.fills.push(fill);
    const watched = present(this.#orders.get(fill.orderId), fill.orderId);
    const bar = present(this.#bar, 'a bar');
    const lots = Math.round(fill.quantity.toNumber() * LOTS);
    this.log.push(`${fill.orderId} ${lots} at ${fill.price.toString()} ${fill.time}`);
    watched.state = transition(watched.state, fill.orderState, fill.orderId);
    this.#auditPrice(fill, watched, bar);
    this.#auditTime(fill, watched, bar);
    this.#auditQuantity(fill, watched, lots);
    this.#auditHolding(watched.order, lots);
    this.#excludeGroup(watched.order);
  }

  #auditPrice(fill: Fill, watched: Watched, bar: Bar): void {
    const { order } = watched;
    const raw = fill.rawPrice.toNumber();
    invariant(raw >= bar.low && raw <= bar.high, 'the raw price lies in the bar');
    const worse =
      fill.side === 'buy' ? fill.price.minus(fill.rawPrice) : fill.rawPrice.minus(fill.price);
    invariant(!worse.isNegative, 'slippage never helps');
    const limit = limitPriceOf(order);
    const allowed = limit === null ? raw * SLIPPAGE + 1 / TICKS + 1e-9 : 0;
    invariant(worse.toNumber() <= allowed, 'slippage stays within the model and a tick');
    invariant(limit === null || !isWorse(fill.side, fill.price, limit), 'a limit is never passed');
    this.#auditStop(fill, watched, bar);
  }

  /** What has triggered before is a market order or a limit order by now. */
  #auditStop({ rawPrice, side }: Fill, watched: Watched, bar: Bar): void {
    const { order, isReached, trail } = watched;
    const stop = stopPriceOf(order);
    if (stop === null || isReached) return;
    if (trail !== null) {
      if (watched.acceptedIn !== bar && watched.fills === 0)
        trail.auditFill(ticksOf(rawPrice), bar);
      return;
    }
    invariant(reachesStop(order, bar), 'no stop triggers before it is reached');
    if (order.type === 'stop') {
      invariant(!isWorse(side, stop, rawPrice), 'a stop is never better than its price');
    }
  }

  #auditTime(fill: Fill, watched: Watched, bar: Bar): void {
    const { order } = watched;
    if (this.#isClosing) return;
    invariant(bar.volume > 0, 'nobody trades without volume');
    invariant(fill.time < watched.endsAt, 'nothing fills after its end');
    const isAtOnce = order.timeInForce === 'ioc' || order.timeInForce === 'fok';
    const first = fill.time === bar.openTime ? bar.open : bar.close;
    if (isAtOnce) {
      invariant(fill.rawPrice.toNumber() === first, 'at once is at the first price');
      invariant(watched.lastFillIn === null || watched.lastFillIn === bar, 'at once is one bar');
    }
    watched.lastFillIn = bar;
  }

  #auditQuantity(fill: Fill, watched: Watched, lots: number): void {
    const ordered = Math.round(watched.order.quantity.toNumber() * LOTS);
    watched.lots += lots;
    watched.fills++;
    invariant(lots > 0 && watched.lots <= ordered, 'fills stay within the quantity');
    const isWhole = watched.lots === ordered && watched.fills === 1;
    invariant(watched.order.timeInForce !== 'fok' || isWhole, 'all or nothing');
    invariant(!watched.isExcluded, 'entries of a group exclude one another');
    if (this.#isClosing) return;
    this.#barLots += lots;
    const volume = present(this.#bar, 'a bar').volume;
    // 0.025 = 1 / 40 of a whole volume, in thousandths.
    invariant(this.#barLots * 40 <= volume * LOTS, 'volume has room');
    const isPaid = !this.#audited.cash.isNegative;
    const buysIn = watched.order.role === 'entry' && fill.side === 'buy';
    invariant(!buysIn || isPaid, 'an entry never spends more than cash');
  }

  #auditHolding(order: ApprovedOrder, lots: number): void {
    const holding = this.#holdings.get(order.position) ?? { side: order.side, lots: 0 };
    this.#holdings.set(order.position, holding);
    holding.lots += order.role === 'entry' ? lots : -lots;
    invariant(holding.lots >= 0, 'exits never pass zero');
  }

  #excludeGroup({ id, role, group }: ApprovedOrder): void {
    if (role !== 'entry' || group === null) return;
    this.#taken.add(group);
    for (const other of this.#orders.values()) {
      const isSibling = other.order.group === group && other.order.id !== id;
      if (isSibling && !isFinal(other.state)) other.isExcluded = true;
    }
  }

  #auditExclusions(): void {
    for (const { isExcluded, state } of this.#orders.values()) {
      invariant(!isExcluded || isFinal(state), 'the others of a group are cancelled');
    }
  }
}

/** Midnight UTC ends a day; times are those of the script, from 1970 on. */
function endOf({ timeInForce, expiresAt }: ApprovedOrder, now: number): number {
  if (timeInForce === 'day') return (Math.floor(now / DAY_MS) + 1) * DAY_MS;
  return expiresAt ?? Infinity;
}

function reachesStop(order: ApprovedOrder, bar: Bar): boolean {
  const stop = stopPriceOf(order)?.toNumber();
  if (stop === undefined || order.type === 'trailing_stop') return false;
  return order.side === 'buy' ? bar.high >= stop : bar.low <= stop;
}

/** Whether a price is worse for that side than another. */
function isWorse(side: Side, price: Decimal, than: Decimal): boolean {
  return side === 'buy' ? price.greaterThan(than) : price.lessThan(than);
}

function ticksOf(price: Decimal): number {
  const ticks = price.toNumber() * TICKS;
  invariant(Math.abs(ticks - Math.round(ticks)) < 1e-6, 'prices are on the tick');
  return Math.round(ticks);
}
