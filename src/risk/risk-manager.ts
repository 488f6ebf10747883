import type { Slice } from '../core/bar.ts';
import type { AccountCheck } from '../core/account-check.ts';
import type { EquityMark } from '../core/equity.ts';
import type { EventBus, Publish } from '../core/event-bus.ts';
import type { OrderId } from '../core/ids.ts';
import type { Instrument, SymbolName } from '../core/instrument.ts';
import type { OperatorCommand } from '../core/operator.ts';
import type { EntryOrder, OrderRequest } from '../core/order.ts';
import type { Position } from '../core/position.ts';
import type { Assessment, Refusal } from '../core/risk.ts';
import type { EpochMs } from '../core/time.ts';
import type { PortfolioView } from '../ports/portfolio-view.ts';
import { approveOrder } from './approve-order.ts';
import { refusalOf, refused } from './assess.ts';
import { CorrelationTracker } from './correlation-tracker.ts';
import { entryValue } from './entry-value.ts';
import { type BarriersSnapshot, EntryBarriers } from './entry-barriers.ts';
import { positionExposures } from './exposure.ts';
import { OrderRate, type OrderRateSnapshot } from './order-rate.ts';
import { ENTRY_CHECKS, ORDER_CHECKS } from './risk-layers.ts';
import type { RiskLimits } from './risk-limits.ts';
import type { RiskState } from './risk-state.ts';
import { type Halt, OPERATOR, SystemGuard, type SystemGuardSnapshot } from './system-guard.ts';
import { type WorkingExit, WorkingExits } from './working-exits.ts';
import { type WorkingOrder, WorkingOrders } from './working-orders.ts';

/** Name of the check that halts when more was executed than was ordered or held. */
const OVERFILL = 'overfill';

/** What risk remembers across a restart; plain data for exact JSON. */
export interface RiskSnapshot {
  readonly system: SystemGuardSnapshot;
  readonly rate: OrderRateSnapshot;
  readonly working: readonly WorkingOrder[];
  readonly exits: readonly WorkingExit[];
  readonly barriers: BarriersSnapshot;
}

/** What an order is judged with, and where the assessments go: null where nobody asks for them. */
interface Judgement {
  readonly instrument: Instrument;
  readonly now: EpochMs;
  readonly made: Assessment[] | null;
}

/** What an order was judged by, where nobody listens. The event has its number all the same. */
const UNHEARD: readonly Assessment[] = Object.freeze([]);

interface RiskManagerOptions {
  readonly bus: Pick<EventBus, 'on' | 'publisher' | 'isHeard'>;
  readonly view: PortfolioView;
  readonly limits: RiskLimits;
  /** Part of the exposure that equity may not fall below; no margin calls when absent or null. */
  readonly maintenance?: number | null;
  readonly instruments: (symbol: SymbolName) => Instrument;
  readonly restored?: RiskSnapshot | undefined;
}

/**
 * Owns the limits: answers every `order.requested` with what it looked at (`risk.assessed`), then
 * `order.approved` or `order.rejected`, and publishes `risk.alerted` when trading halts or goes on.
 * Nobody else publishes these four.
 *
 * It fails closed: when a check throws, the order is refused and trading halts. It never changes
 * an order, and never keeps one from reducing a position, halted or not.
 */
export class RiskManager {
  readonly #bus: Pick<EventBus, 'isHeard'>;
  readonly #view: PortfolioView;
  readonly #limits: RiskLimits;
  readonly #instruments: (symbol: SymbolName) => Instrument;
  readonly #correlations: CorrelationTracker;
  readonly #working: WorkingOrders;
  readonly #exits: WorkingExits;
  readonly #barriers: EntryBarriers;
  readonly #rate: OrderRate;
  readonly #guard: SystemGuard;
  readonly #assess: Publish<'risk.assessed'>;
  readonly #approve: Publish<'order.approved'>;
  readonly #reject: Publish<'order.rejected'>;

  constructor({ bus, view, limits, instruments, ...options }: RiskManagerOptions) {
    const { maintenance = null, restored } = options;
    this.#bus = bus;
    this.#view = view;
    // A copy of its own: whoever holds the original cannot loosen a limit later.
    this.#limits = structuredClone(limits);
    this.#instruments = instruments;
    this.#correlations = new CorrelationTracker(limits.portfolio.correlation.lookbackBars);
    this.#rate = new OrderRate(restored?.rate);
    this.#working = new WorkingOrders(restored?.working);
    this.#exits = new WorkingExits(restored?.exits);
    this.#barriers = new EntryBarriers(restored?.barriers);
    this.#assess = bus.publisher('risk.assessed');
    this.#approve = bus.publisher('order.approved');
    this.#reject = bus.publisher('order.rejected');
    this.#guard = new SystemGuard({
      limits: this.#limits.system,
      maintenance,
      view,
      alert: bus.publisher('risk.alerted'),
      restored: restored?.system,
    });
    this.#subscribe(bus);
  }

  /** Why entries are refused at present; null while trading goes on. */
  get halted(): Halt | null {
    return this.#guard.halt;
  }

  /** Learns the closes of a slice before the trading period; later slices come by the bus. */
  observe(slice: Slice): void {
    if (this.#correlates()) this.#correlations.observe(slice);
  }

  /** Refuses entries from now on. */
  halt(check: string, message: string): undefined {
    this.#guard.stop(check, message, this.#view.markedAt);
  }

  /**
   * Ends a halt of any kind; a loss that led to it is accepted and counts no more, and so are the
   * differences that the account shows.
   */
  resume(reason: string): undefined {
    this.#barriers.acceptDifferences();
    this.#guard.resume(reason);
  }

  snapshot(): RiskSnapshot {
    return {
      system: this.#guard.snapshot(),
      rate: this.#rate.snapshot(),
      working: this.#working.snapshot(),
      exits: this.#exits.snapshot(),
      barriers: this.#barriers.snapshot(),
    };
  }

  #subscribe(bus: Pick<EventBus, 'on'>): void {
    bus.on('order.requested', ({ payload, ts }) => this.#decide(payload, ts));
    bus.on('order.filled', ({ payload }) => {
      this.#barriers.fill(payload);
      this.#working.fill(payload);
      this.#exits.fill(payload);
      return undefined;
    });
    bus.on('order.updated', ({ payload }) => {
      this.#barriers.update(payload, this.#symbolOf);
      this.#working.update(payload);
      this.#exits.update(payload);
      return undefined;
    });
    bus.on('order.cancel-requested', ({ payload }) => {
      this.#working.leave(payload.orderId);
      return undefined;
    });
    bus.on('equity.marked', ({ payload }) => this.#watch(payload));
    bus.on('operator.commanded', ({ payload }) => this.#obey(payload));
    bus.on('gate.changed', ({ payload }) => {
      this.#barriers.change(payload);
    });
    bus.on('account.checked', ({ payload }) => this.#compare(payload));
    bus.on('fill.exceeded', ({ payload }) => this.halt(OVERFILL, payload.message));
    if (!this.#correlates()) return;
    bus.on('slice.closed', ({ payload }) => {
      this.#correlations.observe(payload);
      return undefined;
    });
  }

  #correlates(): boolean {
    const { threshold, maxGroupExposure } = this.#limits.portfolio.correlation;
    return threshold !== null && maxGroupExposure !== null;
  }

  readonly #symbolOf = (id: OrderId): SymbolName | null =>
    this.#working.symbolOf(id) ?? this.#exits.symbolOf(id);

  #obey({ act, reason, by, at }: OperatorCommand): undefined {
    const message = `${by}: ${reason}`;
    switch (act) {
      case 'halt':
        return this.halt(OPERATOR, message);
      case 'resume':
        return this.resume(message);
      case 'flatten':
        this.#guard.flatten(message, at);
        return;
      case 'shutdown':
        this.#barriers.shutDown(message);
        return;
    }
  }

  /** What an exchange executed beyond what was ordered is no matter of one symbol alone. */
  #compare(check: AccountCheck): undefined {
    for (const { kind, message } of this.#barriers.check(check)) {
      if (kind === 'overfilled-order') this.halt(OVERFILL, message);
    }
  }

  #watch(mark: EquityMark): undefined {
    try {
      this.#guard.watch(mark.time);
      this.#guard.watchMargin(mark);
    } catch (error) {
      this.#guard.stop('risk-error', describeFault(error), mark.time);
    }
  }

  #decide(order: OrderRequest, now: EpochMs): undefined {
    const made: Assessment[] | null = this.#bus.isHeard('risk.assessed') ? [] : null;
    const refusal = this.#judgeSafely(order, now, made);
    this.#assess({ orderId: order.id, assessments: made === null ? UNHEARD : Object.freeze(made) });
    if (refusal !== null) return this.#reject({ order, refusal });
    if (order.role === 'entry') {
      this.#working.add(order);
      this.#rate.record(now, entryValue(order));
    } else this.#exits.add(order);
    return this.#approve(approveOrder(order));
  }

  #judgeSafely(order: OrderRequest, now: EpochMs, made: Assessment[] | null): Refusal | null {
    try {
      return this.#judge(order, now, made);
    } catch (error) {
      const message = describeFault(error);
      this.#guard.stop('risk-error', message, now);
      const fault = { layer: 'system', check: 'risk-error', limit: 0, actual: 1 } as const;
      return note(refused(fault, message), made);
    }
  }

  #judge(order: OrderRequest, now: EpochMs, made: Assessment[] | null): Refusal | null {
    const instrument = this.#instruments(order.symbol);
    const context = { instrument, position: this.#positionOf(order) };
    for (const check of ORDER_CHECKS) {
      const refusal = note(check(order, context), made);
      if (refusal !== null) return refusal;
    }
    if (order.role !== 'entry') return null;
    return this.#judgeEntry(order, { instrument, now, made });
  }

  /** The position an order names, where that one is open; else what its strategy holds. */
  #positionOf({ strategy, symbol, position }: OrderRequest): Position | null {
    const held = this.#view.positionOf(strategy, symbol);
    if (held === null || held.id === position) return held;
    return this.#view.openPositions().find(({ id }) => id === position) ?? held;
  }

  #judgeEntry(order: EntryOrder, { instrument, now, made }: Judgement): Refusal | null {
    this.#guard.watch(this.#view.markedAt);
    const barrier = this.halted === null ? this.#barriers.refusalOf(order) : null;
    if (barrier !== null) return note(barrier, made);
    const state = this.#state(order, instrument, now);
    for (const check of ENTRY_CHECKS) {
      const refusal = note(check(order, state, this.#limits), made);
      if (refusal !== null) return refusal;
    }
    return null;
  }

  /**
   * A position that a market order for all of it is closing does not count against the entry of the
   * same strategy that is to follow it; nor does an entry that is being cancelled.
   */
  #state(entry: EntryOrder, instrument: Instrument, now: EpochMs): RiskState {
    const { strategy, symbol } = entry;
    const makesRoom = (held: Position): boolean =>
      held.strategy === strategy &&
      held.symbol === symbol &&
      this.#exits.close(held, instrument.lotStep);
    return {
      instrument,
      equity: this.#view.equity,
      exposures: [...positionExposures(this.#view, makesRoom), ...this.#working.exposures(entry)],
      halt: this.#guard.halt,
      approvedLastMinute: this.#rate.lastMinute(now),
      approvedToday: this.#rate.today(now),
      notionalToday: this.#rate.notionalToday(now),
      correlation: (first, second) => this.#correlations.correlation(first, second),
    };
  }
}

/** Adds an assessment to those made before it, if any are kept; tells the refusal where it is one. */
function note(assessment: Assessment | null, made: Assessment[] | null): Refusal | null {
  if (assessment !== null) made?.push(Object.freeze(assessment));
  return refusalOf(assessment);
}

function describeFault(error: unknown): string {
  const cause = error instanceof Error ? error.message : String(error);
  return `risk could not judge: ${cause}; entries are refused until trading is resumed by hand`;
}
