import { isCutShort, type QuantSageError } from '../../core/errors.ts';
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
import { leaveBehind } from './leave-behind.ts';
import { OperatorWatch } from './operator-watch.ts';
import { endInOrder, ownCommand, type ExitPolicy } from './orderly-end.ts';
import type { TradingPlan } from './plan-trading.ts';
import { readSessionState, writeSessionState } from './session-state.ts';
import { sideBySide } from './side-by-side.ts';
import { StatusView, type StatusHead } from './status-view.ts';
import type { TradingStatus } from './trading-status.ts';
import type { TradingVenue } from './trading-venue.ts';
import { recordingWarmUp } from './warm-up-record.ts';

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
  /** Takes secrets out of what is kept or shown; absent where there are none. */
  readonly redact?: (text: string) => string;
  /** In MiB, for the status. */
  readonly memory: () => number;
}

const HEARTBEAT_MS = 2_000;

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
  #isEnding = false;
  /** What ended it otherwise than in good order. */
  #cause: string | null = null;

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

  /** Calls back each time an input is on record. */
  onRecorded(listener: () => void): void {
    this.#door.onRecorded(listener);
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
    // The first act of an end: from this moment on no entry leaves.
    this.#isEnding = signal.aborted;
    signal.addEventListener('abort', () => (this.#isEnding = true), { once: true });
    this.#show();
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
      if (this.#phase === 'starting' && this.#door.failure === null && isCutShort(error, signal)) {
        this.#phase = 'stopped';
        run.endSession(clock.now(), 'shutdown');
        return;
      }
      this.#cause = this.#redact(textOf(error));
      await this.#leave();
      this.#phase = 'failed';
      this.#endFailed();
      throw error;
    } finally {
      this.#stop.abort();
      this.#show();
    }
  }

  async #live(signal: AbortSignal, stop: AbortSignal): Promise<void> {
    const { engine, venue } = this;
    const loops = [
      async (either: AbortSignal) => engine.run(either),
      async (either: AbortSignal) => venue.run(either),
      async (either: AbortSignal) => this.#watch.run(either),
      async (either: AbortSignal) => this.#beat(either),
    ];
    const fault = await sideBySide(loops, stop);
    const { failure } = this.#door;
    if (failure !== null) throw failure;
    if (fault !== null && !signal.aborted) throw fault.reason;
  }

  /** Where the record cannot be written any more, that is not what is to be told of the end. */
  #endFailed(): void {
    const { run, clock, logger } = this.#parts;
    try {
      run.endSession(clock.now(), this.#cause ?? 'unknown');
    } catch (error) {
      logger.error({ error: textOf(error) }, 'the end of the session could not be recorded');
    }
  }

  async #end(): Promise<void> {
    const { exitPolicy: policy, clock, timer, logger } = this.#parts;
    this.#phase = 'stopping';
    this.#show();
    const { engine, venue } = this;
    const command = (each: OperatorCommand): void => this.#command(each);
    const parts = { policy, engine, venue, clock, timer, logger, command };
    await endInOrder(parts, this.#stop.signal);
    const { failure } = this.#door;
    if (failure !== null) throw failure;
  }

  /** The engine hears nothing more, or its surroundings have failed it: what can be left safe is. */
  async #leave(): Promise<void> {
    const { exitPolicy, logger, timer } = this.#parts;
    const { engine, venue } = this;
    const isBegun = this.#phase !== 'starting';
    this.#isEnding = true;
    if (isBegun && this.#door.failure === null) {
      await this.#end().catch((error: unknown) => {
        logger.error({ error: textOf(error) }, 'the session could not be ended in good order');
      });
      if (this.#door.failure === null) return;
    }
    // An engine that never took over touches nothing.
    const policy = isBegun ? exitPolicy : 'keep';
    await leaveBehind({ policy, engine, venue, timer, logger });
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
        const reason = change.reason === null ? null : this.#redact(change.reason);
        const told = { ...change, reason };
        if (this.engine.control.isNews(told)) {
          this.#door.enter(() => this.engine.control.gate(told));
        }
      },
      onFault: (error) => this.#fault(error),
      mayEnter: () => !this.#isEnding && this.engine.risk.halted === null && inbox.halt() === null,
    };
  }

  #fault(error: unknown): void {
    const { clock, maxErrors } = this.#parts;
    const message = this.#redact(textOf(error));
    const isTooMany = this.#errors.spend(clock.now());
    if (!isTooMany || this.#door.failure !== null || this.engine.risk.halted !== null) return;
    const reason = `more than ${maxErrors} faults of the exchange within ten minutes, the last: ${message}`;
    this.#command(ownCommand({ clock }, 'halt', reason));
  }

  #command(given: OperatorCommand): void {
    const command = { ...given, reason: this.#redact(given.reason) };
    const { act, reason, by } = command;
    this.#parts.logger.warn({ act, reason, by }, 'a command is followed');
    this.#door.enter(() => this.engine.control.command(command));
  }

  #fail(failure: QuantSageError): void {
    this.#parts.logger.error({ error: failure.message }, 'the engine stops');
    this.#stop.abort(failure);
  }

  #redact(text: string): string {
    return this.#parts.redact?.(text) ?? text;
  }

  #show(): void {
    const { show, head, clock, memory } = this.#parts;
    show(
      this.#view.read(head, {
        phase: this.#phase,
        errors: this.#errors.count,
        memory_mb: memory(),
        failure: this.#cause,
        now: clock.now(),
      }),
    );
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
