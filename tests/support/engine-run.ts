import { backtestParts, type BacktestParts } from '../../src/app/backtest-parts.ts';
import type { BacktestPlan } from '../../src/app/backtest-plan.ts';
import { planBacktest } from '../../src/app/plan-backtest.ts';
import { barReader } from '../../src/app/readable-series.ts';
import { runBacktest, type BacktestReport } from '../../src/app/run-backtest.ts';
import { wireEngine, type Engine } from '../../src/app/wire-engine.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { TimeRange, Timeframe } from '../../src/core/time.ts';
import type { BarStore } from '../../src/ports/bar-store.ts';
import type { StrategyDefinition } from '../../src/strategies/strategy.ts';
import { strategyId } from './orders.ts';

export interface RunSketch {
  readonly definition: StrategyDefinition;
  readonly range: TimeRange;
  /** The configured one when absent. */
  readonly timeframe?: Timeframe;
  /** `path=value` on top of the defaults; files of the project's `config` do not count. */
  readonly settings?: readonly string[];
  readonly allowShort?: boolean;
}

interface WiredRun {
  readonly plan: BacktestPlan;
  readonly parts: BacktestParts;
  readonly engine: Engine;
}

/** The engine as a backtest wires it, not yet run: for tests that listen on its bus. */
export function wireRun(store: BarStore, sketch: RunSketch): WiredRun {
  const plan = planRun(store, sketch);
  const reader = barReader(store, [...plan.series, ...plan.informative]);
  const parts = backtestParts(plan, { store: reader, timer: () => 0 });
  return { plan, parts, engine: wireEngine(parts) };
}

/** A whole backtest without a record. */
export async function reportRun(store: BarStore, sketch: RunSketch): Promise<BacktestReport> {
  const { report } = await runBacktest(planRun(store, sketch), {
    bars: store,
    runs: null,
    exportDirectory: null,
    signal: new AbortController().signal,
    timer: () => 0,
    now: () => 0,
  });
  return report;
}

function planRun(store: BarStore, sketch: RunSketch): BacktestPlan {
  const { definition, range, timeframe = null, settings = [], allowShort = false } = sketch;
  const { config } = loadConfig({
    directory: 'no-such-directory',
    overlays: [],
    environment: {},
    settings,
  });
  return planBacktest({
    config,
    strategies: [
      {
        id: strategyId(definition.id),
        definition,
        params: definition.params.parse({}),
        symbols: null,
        timeframe,
        allowShort,
      },
    ],
    request: { symbols: null, timeframe: null, range, exchange: null },
    store,
    onSample: () => undefined,
  });
}
