import type { EquityMark } from '../core/equity.ts';
import type { EventBus } from '../core/event-bus.ts';
import { timeframeMs } from '../core/time.ts';
import type { RunRecorder } from '../ports/run-store.ts';
import { EquityCurve } from '../reporting/equity-curve.ts';
import { RoundTrips } from '../reporting/round-trips.ts';
import { RunStatistics } from '../reporting/run-statistics.ts';
import type { BacktestPlan } from './backtest-plan.ts';
import { ResultHash } from './result-hash.ts';

/** Events a run is recorded by; bars and marks are not among them. */
const RECORDED = [
  'signal.raised',
  'signal.ignored',
  'order.requested',
  'risk.assessed',
  'order.cancel-requested',
  'order.approved',
  'order.rejected',
  'order.updated',
  'order.filled',
  'position.updated',
  'risk.alerted',
] as const;

/** Results of a run by one set of books. */
export interface LedgerObserver {
  readonly curve: EquityCurve;
  readonly roundTrips: RoundTrips;
  readonly statistics: RunStatistics;
}

/** What listens to a run and changes nothing in it. */
export interface RunObserver extends LedgerObserver {
  readonly hash: ResultHash;
}

/** Subscribes curve, trades and statistics to a run, or to what it would be in other books. */
export function observeLedger(bus: Pick<EventBus, 'on'>, plan: BacktestPlan): LedgerObserver {
  const curve = new EquityCurve({
    initialCapital: plan.initialCapital.toNumber(),
    barMs: timeframeMs(plan.timeframe),
    intervalMs: plan.equityIntervalMs,
  });
  if (plan.closeAtEnd && plan.closeAtEndPrice !== 'close') markLate(bus, curve);
  else bus.on('equity.marked', ({ payload }) => curve.observe(payload));
  const roundTrips = new RoundTrips();
  roundTrips.subscribe(bus);
  const statistics = new RunStatistics();
  statistics.subscribe(bus);
  return { curve, roundTrips, statistics };
}

/** Subscribes statistics, the result hash and the record of a run. */
export function observeRun(
  bus: EventBus,
  plan: BacktestPlan,
  recorder: RunRecorder | null,
): RunObserver {
  const ledger = observeLedger(bus, plan);
  const hash = new ResultHash(bus);
  if (recorder !== null) {
    bus.onAny(RECORDED, (event) => {
      recorder.record(event);
      return undefined;
    });
  }
  return { ...ledger, hash };
}

/**
 * Marks reach the curve one late, and the last one not at all: it values at its close what is going
 * to be closed as of a price before, and the final mark takes its place.
 */
function markLate(bus: Pick<EventBus, 'on'>, curve: EquityCurve): void {
  let held: EquityMark | null = null;
  bus.on('equity.marked', ({ payload }) => {
    if (held !== null) curve.observe(held);
    held = payload;
    return undefined;
  });
}
