import { ReplayClock } from '../../adapters/system/replay-clock.ts';
import { ReplayFeed } from '../../adapters/sqlite/replay-feed.ts';
import type { Slice } from '../../core/bar.ts';
import { QuantSageError } from '../../core/errors.ts';
import { EventBus } from '../../core/event-bus.ts';
import type { SymbolName } from '../../core/instrument.ts';
import { MarketDataPublisher } from '../../data/market-data-publisher.ts';
import type { BarStore, StoredInstrument } from '../../ports/bar-store.ts';
import type { FeedSink } from '../../ports/feed.ts';
import { watchedOnly } from '../../strategies/declared-symbols.ts';
import { StrategyHost } from '../../strategies/strategy-host.ts';
import { backtestParts } from '../backtest-parts.ts';
import type { BacktestPlan } from '../backtest-plan.ts';
import type { ConfiguredStrategy } from '../configured-strategy.ts';
import { EMPTY_BARS } from '../empty-stores.ts';
import { planBacktest } from '../plan-backtest.ts';
import { warmupBarsOf } from '../warmup-bars.ts';
import { WatchedBars } from '../watched-bars.ts';
import { wireEngine } from '../wire-engine.ts';
import type { Workspace } from '../workspace.ts';
import { readExact } from './exact-text.ts';
import { HeldReplay } from './held-replay.ts';
import { preparedReader } from './prepared-market.ts';
import type { StrategyWatch } from './strategy-watch.ts';
import type { HeldSpan, RunTrace, TrialRun } from './trial.ts';

interface TrialParts {
  readonly workspace: Workspace;
  readonly strategy: ConfiguredStrategy;
  readonly watch: StrategyWatch;
}

const NEVER = new AbortController().signal;

/** Runs a strategy over prepared bars and says what it decided on each of them. */
export async function runTrial(run: TrialRun, parts: TrialParts): Promise<RunTrace> {
  const { watch } = parts;
  let fault: RunTrace['fault'] = null;
  try {
    const store = storeOf(run);
    const plan = planOf(run, parts, store);
    if (run.held === null) await runEngine(plan, store);
    else await runHost(plan, store, { ...run, held: run.held });
  } catch (error) {
    if (!(error instanceof QuantSageError)) throw error;
    fault = { place: watch.lastPlace, message: error.message };
  }
  watch.finish(run.end);
  const { bars, shapes, held, repainting } = watch;
  return { bars, shapes, held, repainting, fault };
}

function storeOf({ series, start, end }: TrialRun): BarStore {
  return {
    ...EMPTY_BARS,
    ...preparedReader(series),
    // A series that is cut off is still one of the run, however little of it there is.
    series: () => series.map((each) => ({ ...each.series, firstOpen: start, lastOpen: end })),
    instruments: (_, symbol) => {
      const own = series.find((each) => each.series.symbol === symbol);
      const stored = own === undefined ? [] : readExact(own.instruments);
      return isList(stored) ? stored : [];
    },
  };
}

/** A parent wrote it from a list of them. */
function isList(stored: unknown): stored is readonly StoredInstrument[] {
  return Array.isArray(stored);
}

function planOf(
  run: TrialRun,
  { workspace, strategy, watch }: TrialParts,
  store: BarStore,
): BacktestPlan {
  const { start, end } = run;
  const [first] = run.series;
  const plan = planBacktest({
    config: workspace.config,
    strategies: [{ ...strategy, definition: watch.watched(strategy.definition) }],
    request: {
      symbols: run.symbols,
      timeframe: first?.series.timeframe ?? null,
      range: { start: null, end: null },
      exchange: first?.series.exchange ?? null,
    },
    store,
    onSample: null,
  });
  return { ...plan, start, end };
}

async function runEngine(plan: BacktestPlan, store: BarStore): Promise<void> {
  const parts = backtestParts(plan, { store, timer: () => 0 });
  const engine = wireEngine({ ...parts, observers: [...parts.observers, freeze] });
  await engine.run(NEVER);
}

/** The strategies alone, shown the positions of another run. */
async function runHost(
  plan: BacktestPlan,
  store: BarStore,
  run: TrialRun & { readonly held: readonly HeldSpan[] },
): Promise<void> {
  const clock = new ReplayClock(0);
  const bus = new EventBus({ now: () => clock.now() });
  const market = new MarketDataPublisher(bus);
  const held = new HeldReplay(run.held);
  const view = {
    positionOf: (_: string, symbol: string) => held.of(symbol).position,
    openOrders: (_: string, symbol: string) => held.of(symbol).orders,
  };
  const warmUpBars = warmupBarsOf(plan.strategies);
  const host = new StrategyHost({ bus, view, strategies: plan.strategies });
  const { start, end } = plan;
  const series = [...plan.series, ...plan.informative];
  const feed = new ReplayFeed({ store, series, clock, warmUpBars, start, end, timer: () => 0 });
  const arranged = (slice: Slice): Slice => (run.inOrder ? inOrderOf(run.symbols, slice) : slice);
  const sink: FeedSink = {
    warmUp: (slice) => host.warmUp(arranged(slice)),
    trade: (slice) => {
      freeze(slice);
      held.moveTo(slice.bars[0]?.openTime ?? 0);
      market.publish(arranged(slice));
    },
    catchUp: (slice) => market.catchUp(arranged(slice)),
  };
  const watched = watchedOnly(plan.strategies);
  const whole = new WatchedBars(watched, { sink, strategies: host, market });
  await feed.run(whole, NEVER);
}

/** Whoever changes a bar is stopped at the line that does. */
function freeze({ bars }: Slice): void {
  for (const bar of bars) Object.freeze(bar);
}

function inOrderOf(symbols: readonly SymbolName[], { closeTime, bars }: Slice): Slice {
  const at = (symbol: SymbolName): number => symbols.indexOf(symbol);
  return { closeTime, bars: bars.toSorted((one, other) => at(one.symbol) - at(other.symbol)) };
}
