import type { AnyEvent } from '../../core/events.ts';
import type { Slice } from '../../core/bar.ts';
import type { EpochMs } from '../../core/time.ts';
import type { Engine } from '../wire-engine.ts';

type Inputs = Pick<Engine, 'executor' | 'control' | 'sink' | 'watch' | 'quote'>;

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
    switch (event.type) {
      case 'bar.watched':
        this.#engine.watch([event.payload]);
        break;
      // It comes back with its slice.
      case 'bar.arrived':
        break;
      case 'slice.closed':
        this.#slice = event.payload;
        break;
      case 'bar.closed':
      case 'bar.missed':
        this.#bring(event.type === 'bar.closed');
        break;
      default:
        this.#takeOther(event);
    }
  }

  /** All bars of a slice follow it one by one; the first of them brings it as a whole. */
  #bring(isInTime: boolean): void {
    const slice = this.#slice;
    if (slice === null) return;
    this.#slice = null;
    if (isInTime) this.#engine.sink.trade(slice);
    else this.#engine.sink.catchUp(slice);
  }

  #takeOther(event: AnyEvent): void {
    const { executor, control, quote } = this.#engine;
    switch (event.type) {
      case 'quote.arrived':
        quote(event.payload);
        break;
      case 'operator.commanded':
        control.command(event.payload);
        break;
      case 'gate.changed':
        control.gate(event.payload);
        break;
      case 'order.updated':
        executor.updated(event.payload);
        break;
      case 'order.filled':
        executor.filled(event.payload);
        break;
      case 'financing.charged':
        executor.charged(event.payload);
        break;
      case 'fee.corrected':
        executor.feeCorrected(event.payload);
        break;
      case 'account.checked':
        executor.accountChecked(event.payload);
        break;
      default:
    }
  }
}
