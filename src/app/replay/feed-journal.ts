import type { AnyEvent, EventPayloads, EventType } from '../../core/events.ts';
import type { Slice } from '../../core/bar.ts';
import type { EpochMs } from '../../core/time.ts';
import type { Engine } from '../wire-engine.ts';

type Inputs = Pick<Engine, 'executor' | 'control' | 'sink' | 'watch' | 'quote'>;

/** Inputs of one event each, by the type that they enter as. */
const ENTRANCES: {
  readonly [T in EventType]?: (engine: Inputs, payload: EventPayloads[T]) => void;
} = {
  'bar.watched': ({ watch }, bar) => watch([bar]),
  'quote.arrived': ({ quote }, payload) => quote(payload),
  'operator.commanded': ({ control }, command) => control.command(command),
  'gate.changed': ({ control }, change) => control.gate(change),
  'order.updated': ({ executor }, update) => executor.updated(update),
  'order.filled': ({ executor }, fill) => executor.filled(fill),
  'financing.charged': ({ executor }, charge) => executor.charged(charge),
  'fee.corrected': ({ executor }, correction) => executor.feeCorrected(correction),
  'account.checked': ({ executor }, check) => executor.accountChecked(check),
};

/**
 * Gives an engine again what entered from outside, and only that: everything else of a journal has to
 * follow by itself. Bars come back as the slices they entered in.
 */
export class JournalFeed {
  readonly #engine: Inputs;
  readonly #advance: (time: EpochMs) => void;
  /** Its bars have met the venue in the journal; whether strategies were asked, the next root tells. */
  #slice: Slice | null = null;

  constructor(engine: Inputs, advance: (time: EpochMs) => void) {
    this.#engine = engine;
    this.#advance = advance;
  }

  /** Takes the events of a journal in order; what another event caused is passed over. */
  take(event: AnyEvent): void {
    if (event.causedBy !== null) return;
    this.#advance(event.ts);
    if (event.type === 'slice.closed') this.#slice = event.payload;
    else if (event.type === 'bar.closed' || event.type === 'bar.missed') {
      this.#bring(event.type === 'bar.closed');
    } else this.#enter(event.type, event.payload);
  }

  /** All bars of a slice follow it one by one; the first of them brings it as a whole. */
  #bring(isInTime: boolean): void {
    const slice = this.#slice;
    if (slice === null) return;
    this.#slice = null;
    if (isInTime) this.#engine.sink.trade(slice);
    else this.#engine.sink.catchUp(slice);
  }

  #enter<T extends EventType>(type: T, payload: EventPayloads[T]): void {
    ENTRANCES[type]?.(this.#engine, payload);
  }
}
