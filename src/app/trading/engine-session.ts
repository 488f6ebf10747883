import { invariant } from '../../core/assert.ts';
import { QuantSageError, InvariantError } from '../../core/errors.ts';
import type { EventBus } from '../../core/event-bus.ts';
import type { AnyEvent } from '../../core/events.ts';
import type { EquityPoint } from '../../ports/run-store.ts';
import type { Intake } from '../../ports/intake.ts';
import type { LastingRun } from '../../ports/lasting-run.ts';
import type { InstantClock } from './instant-clock.ts';

interface SessionOptions {
  readonly run: Pick<LastingRun, 'commit'>;
  readonly clock: InstantClock;
  /** Told once, of what stopped the engine. */
  readonly onFailure: (failure: QuantSageError) => void;
}

/** What a session needs of the engine it keeps the record of. */
interface RecordedEngine {
  readonly bus: Pick<EventBus, 'tap'>;
  /** Exact JSON of everything the engine and its venue hold. */
  readonly state: () => string;
}

/**
 * The door into a running engine. An input is handled to its end, and everything it led to is
 * recorded in one commit, before the next one enters and before anything leaves. An input that fails,
 * or that cannot be recorded, stops the engine for good: what is on record is the state before it.
 */
export class EngineSession implements Intake {
  readonly #options: SessionOptions;
  readonly #listeners: (() => void)[] = [];
  #engine: RecordedEngine | null = null;
  #events: AnyEvent[] = [];
  #isInside = false;
  #failure: QuantSageError | null = null;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** What stopped the engine; null while it runs. */
  get failure(): QuantSageError | null {
    return this.#failure;
  }

  /** Names the engine behind the door; once, before the first input. */
  attach(engine: RecordedEngine): void {
    invariant(this.#engine === null, 'a session must have one engine');
    this.#engine = engine;
    engine.bus.tap((event) => {
      this.#events.push(event);
      return undefined;
    });
  }

  enter(input: () => void): void {
    if (this.#failure !== null) throw this.#failure;
    invariant(!this.#isInside, 'an input must not enter while another one is handled');
    this.#isInside = true;
    try {
      this.#options.clock.during(() => {
        input();
        this.#record();
      });
    } catch (error) {
      throw this.#fail(error);
    } finally {
      this.#isInside = false;
    }
    this.#events = [];
    for (const listener of this.#listeners) listener();
  }

  onRecorded(listener: () => void): void {
    this.#listeners.push(listener);
  }

  #record(): void {
    const engine = this.#engine;
    if (engine === null) throw new InvariantError('an engine must stand behind the door');
    const events = this.#events;
    const equity = events.flatMap((event): readonly EquityPoint[] =>
      event.type === 'equity.marked' ? [event.payload] : [],
    );
    this.#options.run.commit({
      events,
      equity,
      state: engine.state(),
      at: this.#options.clock.now(),
    });
  }

  #fail(error: unknown): QuantSageError {
    const failure =
      error instanceof QuantSageError
        ? error
        : new InvariantError(`an input was not handled: ${String(error)}`, { cause: error });
    this.#failure = failure;
    this.#options.onFailure(failure);
    return failure;
  }
}
