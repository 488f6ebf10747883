import type { QuantSageError } from '../../core/errors.ts';
import { toExactJson } from '../../core/exact-json.ts';
import type { GateChange, OperatorCommand } from '../../core/operator.ts';
import type { EpochMs } from '../../core/time.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Feed } from '../../ports/feed.ts';
import type { Intake } from '../../ports/intake.ts';
import type { LastingRun } from '../../ports/lasting-run.ts';
import type { Logger } from '../../ports/logger.ts';
import type { OperatorInbox } from '../../ports/operator-inbox.ts';
import type { Timer } from '../../ports/timer.ts';
import { sharedParts } from '../engine-terms.ts';
import { wireEngine, type Engine } from '../wire-engine.ts';
import { EngineSession } from './engine-session.ts';
import { ErrorBudget } from './error-budget.ts';
import { InstantClock } from './instant-clock.ts';
import { OperatorWatch } from './operator-watch.ts';
import type { TradingPlan } from './plan-trading.ts';
import { readSessionState, writeSessionState } from './session-state.ts';
import { StatusView, type StatusHead } from './status-view.ts';
import type { TradingStatus } from './trading-status.ts';
import type { TradingVenue } from './trading-venue.ts';
import { recordingWarmUp } from './warm-up-record.ts';

/** What happens to positions and orders when a session ends in good order. */
export type ExitPolicy = 'cancel_entries' | 'keep' | 'flatten';

/** What a venue or a feed is made with, so that it reaches the engine. */
export interface SessionLinks {
  readonly intake: Intake;
  /** A condition of the surroundings began to keep entries away, or ended. */
  readonly onGate: (change: GateChange) => void;
  /** Something of the surroundings failed, and will be tried again. */
  readonly onFault: (error: unknown) => void;
  /** Whether new orders may leave at all: false from the moment of a halt, recorded or not. */
  readonly mayEnter: () => boolean;
}

export interface TradingSessionParts {
  readonly plan: TradingPlan;
  readonly run: LastingRun;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly logger: Logger;
  readonly inbox: OperatorInbox;
  readonly head: StatusHead;
  readonly exitPolicy: ExitPolicy;
  /** Faults of the exchange that are borne within ten minutes. */
  readonly maxErrors: number;
  /** `restored` is what `state` of an earlier one gave; null for the first. */
  readonly makeVenue: (links: SessionLinks, restored: unknown) => TradingVenue;
  /** `from`: close time of the last slice the engine has seen; null where it saw none. */
  readonly makeFeed: (links: SessionLinks, engine: Engine, from: EpochMs | null) => Feed;
  /** Shows how things stand to whoever asks from outside; called each time they change. */
  readonly show: (status: TradingStatus) => void;
  /** Says that this process lives. */
  readonly beat: (now: EpochMs) => void;
  /** Called once all is settled, before the first decision. */
  readonly onReady: () => void;
  /** In MiB, for the status. */
  readonly memory: () => number;
}

const HEARTBEAT_MS = 2_000;
/** An orderly end waits so long for answers of the exchange. */
const SETTLE_MS = 15_000;
const FLATTEN_MS = 60_000;

/**
 * One process's share of a paper or live run: an engine behind its door, fed in real time, stopped by
 * commands, and resumed from what is on record.
 */
export class TradingSession {
  readonly engine: Engine;
  readonly venue: TradingVenue;
  readonly #parts: TradingSessionParts;
  readonly #door: EngineSession;
  readonly #feed: Feed;
  readonly #view: StatusView;
  readonly #watch: OperatorWatch;
  readonly #errors: ErrorBudget;
  readonly #stop = new AbortController();
  #phase: TradingStatus['phase'] = 'starting';

  constructor(parts: TradingSessionParts) {
    const { plan, run, clock, timer, inbox } = parts;
    this.#parts = parts;
    const instants = new InstantClock(clock, run.restored?.savedAt ?? 0);
    this.#errors = new ErrorBudget(parts.maxErrors);
    this.#door = new EngineSession({
      run,
      clock: instants,
      onFailure: (failure) => this.#fail(failure),
    });
    const restored = run.restored === null ? null : readSessionState(run.restored.state);
    const links = this.#links();
    this.venue = parts.makeVenue(links, restored?.venue ?? null);
    this.engine = wireEngine({
      ...sharedParts(plan, instants),
      // The feed is made with the engine it will feed: it knows which bars that one has seen.
      feed: { run: async (sink, signal) => this.#feed.run(sink, signal) },
      venue: this.venue.venue,
      clock: instants,
      intake: this.#door,
      restored: restored?.engine ?? null,
    });
    const { engine, venue } = this;
    this.#door.attach({
      bus: engine.bus,
      state: () => writeSessionState({ engine: engine.snapshot(), venue: venue.state() }),
    });
    const from = restored === null ? null : engine.portfolio.markedAt;
    this.#feed = recordingWarmUp(parts.makeFeed(links, engine, from === 0 ? null : from), (spans) =>
      run.warmedUp(toExactJson(spans)),
    );
    this.#view = new StatusView({ plan, engine, venue });
    this.#watch = new OperatorWatch({
      inbox,
      timer,
      isHalted: () => engine.risk.halted !== null,
      follow: (command) => this.#command(command),
    });
    this.#door.onRecorded(() => this.#show());
  }

  /** What stopped the engine; null while it runs, and after an orderly end. */
  get failure(): QuantSageError | null {
    return this.#door.failure;
  }

  /**
   * Trades until the signal aborts, then ends in good order. Rejects with what stopped the engine, or
   * kept it from starting.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { run, clock } = this.#parts;
    const stop = AbortSignal.any([signal, this.#stop.signal]);
    try {
      // What was ordered while nothing ran comes before anything else.
      this.#watch.look();
      await this.venue.prepare(stop);
      this.#phase = 'running';
      this.#show();
      this.#parts.onReady();
      await this.#live(signal, stop);
      await this.#end();
      this.#phase = 'stopped';
      run.endSession(clock.now(), 'shutdown');
    } catch (error) {
      this.#phase = 'failed';
      run.endSession(clock.now(), error instanceof Error ? error.message : String(error));
      throw error;
    } finally {
      this.#stop.abort();
      this.#show();
    }
  }

  /** All loops side by side; the first that cannot go on ends the others. */
  async #live(signal: AbortSignal, stop: AbortSignal): Promise<void> {
    const ended = new AbortController();
    const either = AbortSignal.any([stop, ended.signal]);
    const loops = [
      this.engine.run(either),
      this.venue.run(either),
      this.#watch.run(either),
      this.#beat(either),
    ].map(async (loop) => {
      try {
        await loop;
      } finally {
        ended.abort();
      }
    });
    const results = await Promise.allSettled(loops);
    const { failure } = this.#door;
    if (failure !== null) throw failure;
    const fault = results.find((result) => result.status === 'rejected');
    if (fault !== undefined && !signal.aborted) throw fault.reason;
  }

  /** No intent after this, open entries cancelled by policy, answers awaited. */
  async #end(): Promise<void> {
    const { exitPolicy, timer } = this.#parts;
    this.#phase = 'stopping';
    if (exitPolicy === 'keep') return;
    if (exitPolicy === 'flatten') {
      this.#command(this.#own('flatten', 'the engine ends, and flatten is its policy'));
      await this.#settled(FLATTEN_MS);
    }
    this.#command(this.#own('shutdown', 'the engine ends'));
    await this.#settled(SETTLE_MS);
    await timer.wait(0, this.#stop.signal);
  }

  async #settled(withinMs: number): Promise<void> {
    const { timer } = this.#parts;
    const late = new AbortController();
    const either = AbortSignal.any([late.signal, this.#stop.signal]);
    const live = new AbortController();
    const loop = this.venue.run(AbortSignal.any([live.signal, either]));
    void timer.wait(withinMs, live.signal).then(() => late.abort());
    try {
      await this.venue.settle(either);
    } finally {
      live.abort();
      await loop;
    }
  }

  async #beat(signal: AbortSignal): Promise<void> {
    const { beat, clock, timer } = this.#parts;
    while (!signal.aborted) {
      beat(clock.now());
      this.#show();
      await timer.wait(HEARTBEAT_MS, signal);
    }
  }

  #links(): SessionLinks {
    const { inbox } = this.#parts;
    return {
      intake: this.#door,
      onGate: (change) => {
        if (this.engine.control.isNews(change)) {
          this.#door.enter(() => this.engine.control.gate(change));
        }
      },
      onFault: (error) => this.#fault(error),
      mayEnter: () => this.engine.risk.halted === null && inbox.halt() === null,
    };
  }

  #fault(error: unknown): void {
    const { clock, logger, maxErrors } = this.#parts;
    const message = error instanceof Error ? error.message : String(error);
    logger.warn({ error: message }, 'the exchange did not answer as it should; it is asked again');
    if (!this.#errors.spend(clock.now())) return;
    const reason = `more than ${maxErrors} faults of the exchange within ten minutes, the last: ${message}`;
    this.#command(this.#own('halt', reason));
  }

  #own(act: OperatorCommand['act'], reason: string): OperatorCommand {
    return { act, reason, by: 'engine', at: this.#parts.clock.now() };
  }

  #command(command: OperatorCommand): void {
    const { act, reason, by } = command;
    this.#parts.logger.warn({ act, reason, by }, 'a command is followed');
    this.#door.enter(() => this.engine.control.command(command));
  }

  #fail(failure: QuantSageError): void {
    this.#parts.logger.error({ error: failure.message }, 'the engine stops');
    this.#stop.abort(failure);
  }

  #show(): void {
    const { show, head, clock, memory } = this.#parts;
    show(
      this.#view.read(head, {
        phase: this.#phase,
        errors: this.#errors.count,
        memory_mb: memory(),
        failure: this.#door.failure?.message ?? null,
        now: clock.now(),
      }),
    );
  }
}
