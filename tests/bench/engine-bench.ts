/**
 * How fast the engine is: a million one-minute bars, mean reversion, full wiring with risk, exact
 * ledger, result hash and record, bars read from SQLite; against a plain loop of the same
 * arithmetic in the same process, which reads the same pages off the clock. Medians of several runs.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDatabase } from '../../src/adapters/sqlite/database.ts';
import { SqliteBarStore } from '../../src/adapters/sqlite/sqlite-bar-store.ts';
import { SqliteRunStore } from '../../src/adapters/sqlite/sqlite-run-store.ts';
import { planBacktest } from '../../src/app/plan-backtest.ts';
import { runBacktest, type BacktestResult } from '../../src/app/run-backtest.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { StrategyId } from '../../src/core/ids.ts';
import type { BarPage } from '../../src/ports/bar-store.ts';
import { meanReversion } from '../../src/strategies/mean-reversion.ts';
import { benchMarket } from './bench-market.ts';
import { plainLoop, type PlainResult } from './plain-loop.ts';

const BARS = Number(process.argv[2] ?? 1_000_000);
const RUNS = Number(process.argv[3] ?? 5);
const FEE = 0.0001;
const SLIPPAGE = 0.0001;

/** Costs and halts that let it trade to the last bar; limits stay on and are evaluated. */
const SETTINGS = [
  `transaction_costs.commission.crypto.maker=${FEE}`,
  `transaction_costs.commission.crypto.taker=${FEE}`,
  'transaction_costs.slippage.model=fixed_bps',
  `transaction_costs.slippage.bps=${SLIPPAGE * 1e4}`,
  'risk_limits.system.max_daily_loss=0.5',
  'risk_limits.system.max_drawdown=0.9',
];

/** What is compared: trades and equity curves of all runs together would be most of the memory. */
type Measured = Pick<BacktestResult, 'report' | 'seconds' | 'readSeconds'>;

async function bench(file: string): Promise<void> {
  const store = new SqliteBarStore(openDatabase(file));
  const filled = elapsed(() => store.save(benchMarket(BARS)));
  say(`${count(BARS)} bars stored in ${filled.toFixed(2)} s`);
  const runs = new SqliteRunStore(openDatabase(file));
  const { config } = loadConfig({
    directory: 'config',
    overlays: [],
    environment: {},
    settings: SETTINGS,
  });
  const plan = planBacktest({
    config,
    strategies: [
      {
        id: 'bench' as StrategyId,
        definition: meanReversion,
        params: meanReversion.params.parse({}),
        symbols: ['BTC/USD'],
        timeframe: '1m',
        allowShort: false,
      },
    ],
    request: {
      symbols: null,
      timeframe: null,
      range: { start: null, end: null },
      exchange: null,
    },
    store,
    onSample: () => {},
  });
  const engine: Measured[] = [];
  const unrecorded: Measured[] = [];
  const plain: PlainRun[] = [];
  for (let run = 0; run < RUNS; run++) {
    plain.push(runPlainLoop(store.pages(plan.series[0]?.id ?? 0, plan.start, plan.end)));
    engine.push(await once(runs));
    unrecorded.push(await once(null));
  }
  report(engine, unrecorded, plain);

  async function once(record: SqliteRunStore | null): Promise<Measured> {
    const { report, seconds, readSeconds } = await runBacktest(plan, {
      bars: store,
      runs: record,
      exportDirectory: null,
      signal: new AbortController().signal,
      timer: () => performance.now(),
      now: () => Date.now(),
    });
    return { report, seconds, readSeconds };
  }
}

const PLAIN_RULES = {
  capital: 100_000,
  maxFraction: 0.1,
  stopLoss: 0.02,
  fee: FEE,
  slippage: SLIPPAGE,
  takeProfitMultiple: 1.5,
};

interface PlainRun {
  readonly seconds: number;
  readonly result: PlainResult;
}

/** Reading is not part of its time, and no more than a page of bars part of the peak memory. */
function runPlainLoop(pages: Iterable<BarPage>): PlainRun {
  let readMs = 0;
  const { seconds, result } = timed(() => plainLoop(timedPages(), PLAIN_RULES));
  return { seconds: seconds - readMs / 1000, result };

  function* timedPages(): Generator<BarPage> {
    let before = performance.now();
    for (const page of pages) {
      readMs += performance.now() - before;
      yield page;
      before = performance.now();
    }
  }
}

function report(
  engine: readonly Measured[],
  unrecorded: readonly Measured[],
  plain: readonly PlainRun[],
): void {
  const work = ({ seconds, readSeconds }: Measured) => seconds - readSeconds;
  const total = median(engine.map(({ seconds }) => seconds));
  const read = median(engine.map(({ readSeconds }) => readSeconds));
  const loop = median(plain.map(({ seconds }) => seconds));
  const [first] = engine;
  const [reference] = plain;
  say(
    `trades: engine ${first?.report.metrics.total_trades}, plain loop ${reference?.result.trades}`,
  );
  say(`equity: engine ${first?.report.final_equity}, plain loop ${reference?.result.equity}`);
  say(`engine: ${total.toFixed(3)} s, ${count(BARS / total)} bars/s (median of ${RUNS})`);
  say(`engine without the record: ${median(unrecorded.map((run) => run.seconds)).toFixed(3)} s`);
  say(`reading: ${read.toFixed(3)} s, ${((read / total) * 100).toFixed(1)} % of the time`);
  say(`plain loop: ${loop.toFixed(3)} s, ${count(BARS / loop)} bars/s`);
  say(`ratio, reading aside: ${(median(engine.map(work)) / loop).toFixed(2)}`);
  say(`ratio without the record in SQLite: ${(median(unrecorded.map(work)) / loop).toFixed(2)}`);
  say(`peak memory: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);
}

function timed<T>(work: () => T): { readonly seconds: number; readonly result: T } {
  const started = performance.now();
  const result = work();
  return { seconds: (performance.now() - started) / 1000, result };
}

function elapsed(work: () => unknown): number {
  return timed(work).seconds;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const directory = mkdtempSync(path.join(tmpdir(), 'quantsage-bench-'));
try {
  await bench(path.join(directory, 'bench.db'));
} finally {
  rmSync(directory, { recursive: true });
}
