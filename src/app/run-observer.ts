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
  'order.cancel-requested',
  'order.approved',
  'order.rejected',
  'order.updated',
  'order.filled',
  'position.updated',
  'risk.alerted',
] as const;

/** What listens to a run and changes nothing in it. */
export interface RunObserver {
  readonly curve: EquityCurve;
  readonly roundTrips: RoundTrips;
  readonly statistics: RunStatistics;
  readonly hash: ResultHash;
}

/** Subscribes statistics, the result hash and the record of a run. */
export function observeRun(
  bus: EventBus,
  plan: BacktestPlan,
  recorder: RunRecorder | null,
): RunObserver {
  const curve = new EquityCurve({
    initialCapital: plan.initialCapital.toNumber(),
    barMs: timeframeMs(plan.timeframe),
    intervalMs: plan.equityIntervalMs,
  });
  bus.on('equity.marked', ({ payload }) => curve.observe(payload));
  const roundTrips = new RoundTrips();
  roundTrips.subscribe(bus);
  const statistics = new RunStatistics();
  statistics.subscribe(bus);
  const hash = new ResultHash(bus);
  if (recorder !== null) {
    bus.onAny(RECORDED, (event) => {
      recorder.record(event);
      return undefined;
    });
  }
  return { curve, roundTrips, statistics, hash };
}
