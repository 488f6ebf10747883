import { invariant, present } from '../../core/assert.ts';
import type { Bar, Slice } from '../../core/bar.ts';
import type { AnyEvent, EventType } from '../../core/events.ts';
import { fromExactJson, toExactJson } from '../../core/exact-json.ts';
import { USUAL_TERMS } from '../../core/signal.ts';

/** Stands for a bar: the number of the event that brought it. */
const BAR = '$bar';
/** Stands for the one object that all wishes without terms of their own share. */
const USUAL = 'usual';

const TYPES: Readonly<Record<EventType, true>> = {
  'bar.arrived': true,
  'bar.watched': true,
  'slice.closed': true,
  'bar.missed': true,
  'quote.arrived': true,
  'bar.closed': true,
  'signal.raised': true,
  'signal.ignored': true,
  'order.requested': true,
  'order.cancel-requested': true,
  'risk.assessed': true,
  'order.approved': true,
  'order.rejected': true,
  'order.updated': true,
  'order.filled': true,
  'fill.exceeded': true,
  'financing.charged': true,
  'fee.corrected': true,
  'account.checked': true,
  'operator.commanded': true,
  'gate.changed': true,
  'position.updated': true,
  'equity.marked': true,
  'risk.alerted': true,
};

/**
 * Writes the payloads of one input's events as exact JSON. A bar comes up several times in an input,
 * always the same object: written once, where it arrives, and as a reference from then on.
 */
export class PayloadWriter {
  readonly #seqOf = new Map<Bar, number>();

  textOf(event: AnyEvent): string {
    if (event.type === 'bar.arrived') this.#seqOf.set(event.payload, event.seq);
    return toExactJson(this.#written(event));
  }

  #written(event: AnyEvent): unknown {
    if (event.type === 'bar.closed' || event.type === 'bar.missed') {
      return this.#referring(event.payload);
    }
    if (event.type === 'slice.closed') {
      const { closeTime, bars } = event.payload;
      return { closeTime, bars: bars.map((bar) => this.#referring(bar)) };
    }
    const { payload } = event;
    return 'terms' in payload && payload.terms === USUAL_TERMS
      ? { ...payload, terms: USUAL }
      : payload;
  }

  #referring(bar: Bar): Bar | { readonly [BAR]: number } {
    const seq = this.#seqOf.get(bar);
    return seq === undefined ? bar : { [BAR]: seq };
  }
}

/** Events after which a bar is asked for again rather than remembered. */
const BARS_KEPT = 20_000;

/** A link of the journal as it is stored. */
export interface StoredEvent {
  readonly seq: number;
  readonly ts: number;
  readonly type: string;
  readonly causedBy: number | null;
  readonly payload: string;
}

/**
 * Reads events back, in order. Bars that arrived in what was read are shared again, as they were; of
 * others the text is asked for. Throws an `InvariantError` on what no `PayloadWriter` writes: whoever
 * reads a journal that may have been changed verifies it first.
 */
export class PayloadReader {
  readonly #payloadOf: (seq: number) => string | null;
  readonly #bars = new Map<number, Bar>();
  #forgottenAt = 0;

  /** `payloadOf` gives the text of another event of the same journal. */
  constructor(payloadOf: (seq: number) => string | null) {
    this.#payloadOf = payloadOf;
  }

  eventOf({ seq, ts, type, causedBy, payload: text }: StoredEvent): AnyEvent {
    invariant(isEventType(type), () => `an event type was expected, was "${type}"`);
    if (causedBy === null) this.#forgetOlder(seq);
    const payload = this.#payload(type, fromExactJson(text));
    const event = { seq, ts, type, causedBy, payload } as AnyEvent;
    if (event.type === 'bar.arrived') this.#bars.set(seq, event.payload);
    return event;
  }

  #payload(type: EventType, value: unknown): unknown {
    if (type === 'bar.closed' || type === 'bar.missed') return this.#bar(value);
    if (type === 'slice.closed') {
      const { closeTime, bars } = value as Slice;
      return { closeTime, bars: bars.map((bar) => this.#bar(bar)) };
    }
    if (type === 'signal.raised') return withUsualTerms(value as object);
    return value;
  }

  #bar(value: unknown): Bar {
    const { [BAR]: seq } = value as { readonly [BAR]?: number };
    if (seq === undefined) return value as Bar;
    const known = this.#bars.get(seq);
    if (known !== undefined) return known;
    const bar = fromExactJson(present(this.#payloadOf(seq), `the bar of event ${seq}`)) as Bar;
    this.#bars.set(seq, bar);
    return bar;
  }

  /** Now and then, when an input begins: what is far behind is hardly referred to any more. */
  #forgetOlder(seq: number): void {
    if (seq - this.#forgottenAt < BARS_KEPT) return;
    this.#forgottenAt = seq;
    for (const each of this.#bars.keys()) if (each < seq - BARS_KEPT) this.#bars.delete(each);
  }
}

function isEventType(type: string): type is EventType {
  return Object.hasOwn(TYPES, type);
}

function withUsualTerms(signal: object): object {
  if (!('terms' in signal) || signal.terms !== USUAL) return signal;
  return { ...signal, terms: USUAL_TERMS };
}
