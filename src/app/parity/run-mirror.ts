import { ReplayClock } from '../../adapters/system/replay-clock.ts';
import { DataError } from '../../core/errors.ts';
import type { Slice } from '../../core/bar.ts';
import type { AnyEvent } from '../../core/events.ts';
import { sharedParts } from '../engine-terms.ts';
import { EventComparison } from '../replay/compare-events.ts';
import { JournalFeed } from '../replay/feed-journal.ts';
import { recordedVenue, type RecordedVenue } from '../replay/recorded-venue.ts';
import type { SessionTerms } from '../replay/session-terms.ts';
import type { SessionState } from '../trading/session-state.ts';
import { wireEngine, type Engine } from '../wire-engine.ts';
import { RecordedDeciders } from './recorded-deciders.ts';
import type { RecordedInput } from './recorded-inputs.ts';

interface MirrorParts {
  readonly mode: string;
  readonly terms: SessionTerms;
  /** Null for a run that begins. */
  readonly restored: SessionState | null;
  readonly warmUp: readonly Slice[];
}

const NO_FEED = { run: async (): Promise<void> => undefined };

/**
 * An engine in the state that a recorded one was in, input by input. Its strategies wish what is on
 * record: so it follows a run whose strategies would decide otherwise by now.
 */
export class RunMirror {
  readonly engine: Engine;
  readonly #clock = new ReplayClock(0);
  readonly #deciders = new RecordedDeciders();
  readonly #inputs: JournalFeed;
  readonly #venue: RecordedVenue;
  #onDecision: (() => void) | null = null;

  constructor({ mode, terms, restored, warmUp }: MirrorParts) {
    this.#venue = recordedVenue(mode, terms, restored?.venue ?? null);
    this.engine = wireEngine({
      ...sharedParts(terms, this.#clock),
      strategies: this.#deciders.inPlaceOf(terms.strategies),
      feed: NO_FEED,
      venue: this.#venue.venue,
      clock: this.#clock,
      intake: null,
      restored: restored?.engine ?? null,
    });
    this.#inputs = new JournalFeed(this.engine, (time) => this.#clock.advance(time));
    for (const slice of warmUp) this.engine.sink.warmUp(slice);
    this.engine.bus.onAny(['bar.closed', 'bar.missed'], () => {
      this.#onDecision?.();
      this.#onDecision = null;
      return undefined;
    });
  }

  /**
   * Takes an input as it is on record. `onDecision` is called when its bars are known and nothing is
   * decided on them. Throws a `DataError` where something else comes of it than is on record.
   */
  take(input: RecordedInput, onDecision: () => void = () => undefined): void {
    const published = this.#publishedBy(input, onDecision);
    const comparison = new EventComparison();
    for (const event of input.events) comparison.recorded(event);
    for (const event of published) comparison.replayed(event);
    comparison.finish();
    const { difference } = comparison;
    if (difference === null) return;
    throw new DataError(
      `event ${difference.seq}: the engine was expected to do again what is on record, but ` +
        `${difference.what}; "quantsage replay" and "quantsage verify" tell more`,
    );
  }

  /** Takes an input where something else may come of it; returns what did. */
  takeOtherwise(input: RecordedInput): readonly AnyEvent[] {
    return this.#publishedBy(input, () => undefined);
  }

  state(): SessionState {
    return { engine: this.engine.snapshot(), venue: this.#venue.state() };
  }

  #publishedBy({ events }: RecordedInput, onDecision: () => void): readonly AnyEvent[] {
    const published: AnyEvent[] = [];
    const leave = this.engine.bus.tap((event) => {
      published.push(event);
      return undefined;
    });
    this.#onDecision = onDecision;
    this.#deciders.tell(
      events.flatMap((event) => (event.type === 'signal.raised' ? [event.payload] : [])),
    );
    for (const event of events) this.#inputs.take(event);
    this.#onDecision = null;
    leave();
    return published;
  }
}
