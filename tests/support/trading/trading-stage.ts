import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../../src/adapters/sqlite/database.ts';
import { SqliteBarStore } from '../../../src/adapters/sqlite/sqlite-bar-store.ts';
import { SYSTEM_TIMER } from '../../../src/adapters/system/system-timer.ts';
import { simulatedVenueOptions } from '../../../src/app/engine-terms.ts';
import { strategiesToRun } from '../../../src/app/run-strategies.ts';
import { PaperVenue } from '../../../src/app/trading/paper-venue.ts';
import { planTrading, type TradingPlan } from '../../../src/app/trading/plan-trading.ts';
import { runStartOf } from '../../../src/app/trading/run-start.ts';
import { TradingSession, type SessionLinks } from '../../../src/app/trading/trading-session.ts';
import type { TradingVenue } from '../../../src/app/trading/trading-venue.ts';
import type { Engine } from '../../../src/app/wire-engine.ts';
import { openWorkspace, type WorkspaceOptions } from '../../../src/app/workspace.ts';
import { present } from '../../../src/core/assert.ts';
import type { Bar } from '../../../src/core/bar.ts';
import type { RunId } from '../../../src/core/ids.ts';
import type { EpochMs, Timeframe } from '../../../src/core/time.ts';
import type { VenueSnapshot } from '../../../src/execution/venue-snapshot.ts';
import type { Feed, FeedSink } from '../../../src/ports/feed.ts';
import { dec } from '../orders.ts';
import { KeptLog } from '../kept-log.ts';
import { JUMPER } from './jumper.ts';

/** What a scripted process reaches: everything that may enter from outside. */
export interface Stagehand {
  readonly engine: Engine;
  readonly links: SessionLinks;
  readonly sink: FeedSink;
  /** Sets the clock: never back. */
  readonly at: (time: EpochMs) => void;
}

export type Scene = (hand: Stagehand) => void | Promise<void>;

interface SessionSketch {
  /** Besides those of the stage, as `--set` takes them. */
  readonly settings?: readonly string[];
  /** What the process runs with in truth, where that is not what it records. */
  readonly playedSettings?: readonly string[];
  /** Null for a simulated one. */
  readonly venue?: ((links: SessionLinks, engine: () => Engine) => TradingVenue) | null;
  readonly feed?: (links: SessionLinks, hand: Stagehand, from: EpochMs | null) => Feed;
}

interface StageSketch {
  readonly folder: string;
  readonly mode?: 'paper' | 'live';
  readonly settings?: readonly string[];
  readonly strategy?: string;
  readonly symbols?: readonly string[];
  readonly timeframe?: Timeframe;
}

const SETTINGS = [
  'transaction_costs.slippage.model=fixed_bps',
  'transaction_costs.slippage.bps=0',
  'execution.max_volume_share=null',
];

/** A database in which paper or live runs are played by script, one process after the other. */
export class TradingStage {
  readonly file: string;
  readonly strategy: string;
  readonly #sketch: StageSketch;
  #now: EpochMs = 0;
  #run: RunId | null = null;

  constructor(sketch: StageSketch) {
    this.#sketch = sketch;
    this.file = join(sketch.folder, 'run.db');
    this.strategy = join(sketch.folder, 'jumper.ts');
    writeFileSync(this.strategy, sketch.strategy ?? JUMPER);
  }

  options(settings: readonly string[] = []): WorkspaceOptions {
    return {
      configFiles: [],
      settings: [...SETTINGS, ...(this.#sketch.settings ?? []), ...settings],
      databasePath: this.file,
      environment: { overrides: {}, noColor: true, secret: () => null, redact: (text) => text },
      verbose: false,
      log: () => undefined,
    };
  }

  /** Puts bars into the database, as an exchange gave them. */
  store(bars: readonly Bar[], onConflict: 'report' | 'revise' = 'revise'): void {
    const database = openDatabase(this.file);
    const store = new SqliteBarStore(database);
    for (const symbol of new Set(bars.map((bar) => bar.symbol))) {
      const own = bars.filter((bar) => bar.symbol === symbol);
      const timeframe = own[0]?.timeframe ?? '1h';
      store.save({
        key: { exchange: 'coinbase', symbol, timeframe, adjustment: 'raw' },
        assetClass: 'crypto',
        calendar: 'always',
        instrument: {
          symbol,
          assetClass: 'crypto',
          quoteCurrency: 'USD',
          tickSize: dec('0.01'),
          lotStep: dec('0.0001'),
          minNotional: dec('1'),
          fees: null,
        },
        bars: own,
        covers: null,
        onConflict,
        at: 0,
        issues: [],
        source: 'test',
      });
    }
    database.close();
  }

  /** Changes what is on record, as nobody should. */
  tamper(sql: string): void {
    const database = openDatabase(this.file);
    database.exec(sql);
    database.close();
  }

  /** The one number that a query gives. */
  read(sql: string): number {
    const database = openDatabase(this.file, { readonly: true });
    const value = present(database.prepare<[], number>(sql).pluck().get(), `what "${sql}" gives`);
    database.close();
    return value;
  }

  /** Plays one process of the run from its start to its end in good order. */
  async session(scenes: readonly Scene[], sketch: SessionSketch = {}): Promise<void> {
    const { mode = 'paper' } = this.#sketch;
    const plan = await this.plan(sketch.settings);
    const played =
      sketch.playedSettings === undefined ? plan : await this.plan(sketch.playedSettings);
    const workspace = openWorkspace(this.options());
    try {
      const runs = workspace.lastingRuns();
      const account = mode === 'paper' ? null : 'acc-1';
      runs.claim({ mode, exchange: plan.exchange, account });
      const start = runStartOf(plan, { mode, capital: plan.initialCapital, startedAt: this.#now });
      const run = this.#run === null ? runs.begin(start) : runs.resume(this.#run, start);
      this.#run = run.runId;
      const { makeVenue, makeFeed } = this.#makers(scenes, { ...sketch, plan: played });
      const session: TradingSession = new TradingSession({
        plan: played,
        run,
        clock: { now: () => this.#now },
        timer: SYSTEM_TIMER,
        logger: new KeptLog(),
        inbox: { halt: () => null, pending: () => [], done: () => undefined },
        head: {
          mode,
          run_id: run.runId,
          session: run.session.number,
          pid: 1,
          host: 'test',
          account,
          started_at: '',
        },
        exitPolicy: 'keep',
        maxErrors: 5,
        makeVenue: (links, restored) => makeVenue(links, restored, () => session.engine),
        makeFeed,
        show: () => undefined,
        beat: () => undefined,
        memory: () => 1,
        onReady: () => undefined,
      });
      await session.run(new AbortController().signal);
    } finally {
      workspace.close();
    }
  }

  async plan(settings: readonly string[] = []): Promise<TradingPlan> {
    const workspace = openWorkspace({ ...this.options(settings), runsStrategies: true });
    try {
      const strategies = await strategiesToRun(workspace, this.strategy);
      const { symbols = ['BTC/USD'], timeframe = '1h' } = this.#sketch;
      const request = { symbols, timeframe, exchange: 'coinbase' };
      return planTrading({
        carried: [],
        config: workspace.config,
        strategies,
        request,
        store: workspace.bars(),
      });
    } finally {
      workspace.close();
    }
  }

  #makers(
    scenes: readonly Scene[],
    { plan, venue = null, feed }: SessionSketch & { readonly plan: TradingPlan },
  ) {
    return {
      makeVenue: (links: SessionLinks, restored: unknown, engine: () => Engine): TradingVenue =>
        venue?.(links, engine) ??
        new PaperVenue({
          venue: {
            ...simulatedVenueOptions(plan),
            ...(restored === null ? {} : { restored: restored as VenueSnapshot }),
          },
          intake: links.intake,
          quote: (quote) => engine().quote(quote),
          quotes: null,
        }),
      makeFeed: (links: SessionLinks, engine: Engine, from: EpochMs | null): Feed => {
        const at = (time: EpochMs): void => void (this.#now = Math.max(this.#now, time));
        const nowhere = { warmUp: none, trade: none, catchUp: none };
        if (feed !== undefined) return feed(links, { engine, links, sink: nowhere, at }, from);
        return {
          run: async (sink) => {
            for (const scene of scenes) await scene({ engine, links, sink, at });
          },
        };
      },
    };
  }
}

const none = (): undefined => undefined;
