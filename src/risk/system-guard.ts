import type { EquityMark } from '../core/equity.ts';
import { InvariantError } from '../core/errors.ts';
import type { Publish } from '../core/event-bus.ts';
import type { BreachPolicy } from '../core/risk.ts';
import { type EpochMs, utcDayClosedBy } from '../core/time.ts';
import type { PortfolioView } from '../ports/portfolio-view.ts';
import { type Breach, checkDailyLoss, checkDrawdown } from './checks/loss-limits.ts';
import { checkMargin, MARGIN_CALL } from './checks/margin-call.ts';
import type { RiskLimits } from './risk-limits.ts';

/** Why entries are refused, and since when. */
export interface Halt extends Breach {
  readonly since: EpochMs;
  readonly onBreach: BreachPolicy;
  /** Ends by itself with the next UTC day; any other halt waits for a `resume`. */
  readonly endsWithDay: boolean;
}

/** What must outlive a restart: the halt, and the losses an operator has accepted. */
export interface SystemGuardSnapshot {
  readonly halt: Halt | null;
  /** Highest equity since a drawdown was accepted; null while none was. */
  readonly acceptedPeak: number | null;
  /** Equity at which a day's loss was accepted, good for that UTC day. */
  readonly acceptedOpening: { readonly day: EpochMs; readonly equity: number } | null;
}

interface SystemGuardOptions {
  readonly limits: RiskLimits['system'];
  /** Part of the exposure that equity may not fall below; null where nobody calls for margin. */
  readonly maintenance: number | null;
  readonly view: PortfolioView;
  readonly alert: Publish<'risk.alerted'>;
  readonly restored?: SystemGuardSnapshot | undefined;
}

const LOSS_CHECKS: ReadonlySet<string> = new Set(['daily-loss', 'drawdown', MARGIN_CALL]);

/** Name of the check that an operator's own halt goes by. */
export const OPERATOR = 'operator';

/** Faults and orders from an operator have no measure: none is expected, one came. */
const UNMEASURED = { limit: 0, actual: 1 } as const;

/**
 * Halts trading when equity falls through a system limit or no longer carries the positions, on
 * order, or when risk itself fails.
 *
 * A `resume` after a loss accepts the limits still broken: they count from the equity of that
 * moment, else the next mark would halt again. A `resume` after anything else moves no limit.
 */
export class SystemGuard {
  readonly #limits: RiskLimits['system'];
  readonly #maintenance: number | null;
  readonly #view: PortfolioView;
  readonly #alert: Publish<'risk.alerted'>;
  #halt: Halt | null;
  #acceptedPeak: number | null;
  #acceptedOpening: SystemGuardSnapshot['acceptedOpening'];

  constructor({ limits, maintenance, view, alert, restored }: SystemGuardOptions) {
    this.#limits = limits;
    this.#maintenance = maintenance;
    this.#view = view;
    this.#alert = alert;
    this.#halt = restored?.halt ?? null;
    this.#acceptedPeak = restored?.acceptedPeak ?? null;
    this.#acceptedOpening = restored?.acceptedOpening ?? null;
  }

  get halt(): Halt | null {
    return this.#halt;
  }

  /** Compares equity with the limits. Throws an `InvariantError` where equity is no number. */
  watch(time: EpochMs): void {
    const { equity, dayOpeningEquity, peakEquity } = this.#view;
    // Their sum is finite when all three are; the sentence is made only when it is needed.
    if (!Number.isFinite(equity + dayOpeningEquity + peakEquity)) {
      throw new InvariantError(
        `finite equity was expected, was "${equity}" (day opened at ${dayOpeningEquity}, ` +
          `peak ${peakEquity})`,
      );
    }
    const halt = this.#halt;
    if (halt !== null && halt.endsWithDay && utcDayClosedBy(time) > utcDayClosedBy(halt.since)) {
      this.#lift(halt, 'a new UTC day began');
    }
    this.#trackPeak(equity);
    const breach = this.#breach(time, equity);
    if (breach !== null) this.#breached(breach, time);
  }

  /**
   * A margin call is not the engine's to decline: it closes everything whatever a breach of a limit
   * does, and takes the place of any other halt. It waits for a `resume`.
   */
  watchMargin(mark: EquityMark): void {
    const breach = checkMargin(this.#maintenance, mark);
    if (breach === null || this.#halt?.check === MARGIN_CALL) return;
    this.#halt = null;
    this.#engage({ ...breach, since: mark.time, onBreach: 'flatten', endsWithDay: false });
  }

  /** Refuses entries until `resume`. Positions are left alone: only a limit's breach may flatten. */
  stop(check: string, message: string, time: EpochMs): void {
    const halt = { check, ...UNMEASURED, message, since: time, endsWithDay: false } as const;
    this.#engage({ ...halt, onBreach: 'halt' });
  }

  /**
   * Refuses entries and has everything closed, on an operator's order; also where trading is halted
   * already. What it was halted for stays the reason: losses are accepted by a `resume` as ever.
   */
  flatten(message: string, time: EpochMs): void {
    const halt = this.#halt;
    this.#halt = null;
    const cause = halt ?? { check: OPERATOR, ...UNMEASURED };
    const { check, limit, actual } = cause;
    this.#engage({
      check,
      limit,
      actual,
      message: halt === null ? message : `${message}; halted before by ${check}: ${halt.message}`,
      since: time,
      onBreach: 'flatten',
      endsWithDay: false,
    });
  }

  /** Ends the halt, whatever it was for; nothing happens while trading is not halted. */
  resume(reason: string): void {
    const halt = this.#halt;
    if (halt === null) return;
    if (LOSS_CHECKS.has(halt.check)) this.#acceptLosses();
    this.#lift(halt, reason);
  }

  snapshot(): SystemGuardSnapshot {
    return {
      halt: this.#halt,
      acceptedPeak: this.#acceptedPeak,
      acceptedOpening: this.#acceptedOpening,
    };
  }

  /**
   * A breach that would change something: none under a halt that stays anyway. Drawdown first, its
   * halt outlasts the day.
   */
  #breach(time: EpochMs, equity: number): Breach | null {
    const halt = this.#halt;
    if (halt === null) return this.#drawdown(equity) ?? this.#dailyLoss(time, equity);
    return halt.endsWithDay ? this.#drawdown(equity) : null;
  }

  #drawdown(equity: number): Breach | null {
    return checkDrawdown(
      this.#limits.maxDrawdown,
      this.#acceptedPeak ?? this.#view.peakEquity,
      equity,
    );
  }

  #dailyLoss(time: EpochMs, equity: number): Breach | null {
    return checkDailyLoss(this.#limits.maxDailyLoss, this.#dayOpening(time), equity);
  }

  #acceptLosses(): void {
    const { equity, markedAt } = this.#view;
    // Accepting what is no number would break the limit for good; the next mark halts for it.
    if (!Number.isFinite(equity)) return;
    if (this.#drawdown(equity) !== null) this.#acceptedPeak = equity;
    if (this.#dailyLoss(markedAt, equity) !== null) {
      this.#acceptedOpening = { day: utcDayClosedBy(markedAt), equity };
    }
  }

  #trackPeak(equity: number): void {
    if (this.#acceptedPeak !== null) this.#acceptedPeak = Math.max(this.#acceptedPeak, equity);
  }

  #dayOpening(time: EpochMs): number {
    if (this.#acceptedOpening === null) return this.#view.dayOpeningEquity;
    if (this.#acceptedOpening.day === utcDayClosedBy(time)) return this.#acceptedOpening.equity;
    this.#acceptedOpening = null;
    return this.#view.dayOpeningEquity;
  }

  #breached(breach: Breach, time: EpochMs): void {
    const endsWithDay = breach.check === 'daily-loss' && this.#limits.dailyLossReset === 'next_day';
    this.#engage({ ...breach, since: time, onBreach: this.#limits.onBreach, endsWithDay });
  }

  /** A halt that ends by itself gives way to one that does not; else the first one stands. */
  #engage(halt: Halt): void {
    if (this.#halt !== null && (!this.#halt.endsWithDay || halt.endsWithDay)) return;
    this.#halt = halt;
    const { check, limit, actual, onBreach, message } = halt;
    this.#alert({ kind: 'halted', check, limit, actual, onBreach, message });
  }

  #lift({ check, limit, actual, onBreach }: Halt, reason: string): void {
    this.#halt = null;
    const message = `trading goes on after ${check}: ${reason}`;
    this.#alert({ kind: 'resumed', check, limit, actual, onBreach, message });
  }
}
