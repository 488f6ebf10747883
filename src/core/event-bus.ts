import { present } from './assert.ts';
import { InvariantError, QuantSageError } from './errors.ts';
import type { AnyEvent, EngineEvent, EventPayloads, EventType } from './events.ts';
import type { EpochMs } from './time.ts';

/** A listener returns nothing: an async one does not type-check, no promise crosses the bus. */
export type Listener<T extends EventType> = (event: EngineEvent<T>) => undefined;
export type Publish<T extends EventType> = (payload: EventPayloads[T]) => undefined;
export type Unsubscribe = () => undefined;

/** Events one outside input may lead to before the bus calls it a feedback loop. */
const EVENTS_PER_INPUT_MAX = 10_000;

interface Channel<T extends EventType = EventType> {
  readonly type: T;
  listeners: readonly Listener<T>[];
  claimed: boolean;
}

interface BusOptions {
  readonly now: () => EpochMs;
  /** Number of the last event of the processes before, which the numbers go on from; 0 when absent. */
  readonly seq?: number | undefined;
}

/**
 * Synchronous typed bus, run to completion: what a listener publishes waits its turn, and the
 * outermost publish returns once the queue is empty. Events are delivered in the order of their
 * numbers, to listeners in the order they subscribed.
 *
 * Each type has one publisher, who claims it once. A throwing listener stops the bus for good.
 */
export class EventBus {
  readonly #now: () => EpochMs;
  readonly #channels = new Map<EventType, Channel>();
  #taps: readonly ((event: AnyEvent) => undefined)[] = [];
  /** Slots are used again: new lists for every input would be most of the garbage of a run. */
  readonly #queue: (EngineEvent | null)[] = [];
  readonly #queueChannels: (Channel | null)[] = [];
  #queued = 0;
  #seq: number;
  #current: number | null = null;
  #draining = false;
  #failure: QuantSageError | null = null;

  constructor({ now, seq = 0 }: BusOptions) {
    this.#now = now;
    this.#seq = seq;
  }

  /** Number of the last event published; 0 before the first. */
  get seq(): number {
    return this.#seq;
  }

  /** What stopped the bus, or null while it runs. */
  get failure(): QuantSageError | null {
    return this.#failure;
  }

  /** Claims a type for its one publisher. Throws an `InvariantError` on a second claim. */
  publisher<T extends EventType>(type: T): Publish<T> {
    const channel = this.#channel(type);
    if (channel.claimed) throw new InvariantError(`event "${type}" already has a publisher`);
    channel.claimed = true;
    return (payload) => this.#publish(channel, payload);
  }

  /** Subscribes to one type; returns the unsubscribe function. Safe during delivery. */
  on<T extends EventType>(type: T, listener: Listener<T>): Unsubscribe {
    const channel = this.#channel(type);
    channel.listeners = [...channel.listeners, listener];
    let isSubscribed = true;
    return () => {
      if (isSubscribed) channel.listeners = without(channel.listeners, listener);
      isSubscribed = false;
      return undefined;
    };
  }

  /** Whether anybody would see an event of that type: what nobody sees need not be put together. */
  isHeard(type: EventType): boolean {
    return this.#taps.length > 0 || this.#channel(type).listeners.length > 0;
  }

  /** Subscribes one listener to several types. */
  onAny(types: readonly EventType[], listener: (event: AnyEvent) => undefined): undefined {
    for (const type of types) this.on(type, (event) => listener(event as AnyEvent));
    return undefined;
  }

  /** Sees every event before its listeners do: for journals and invariant checks. */
  tap(listener: (event: AnyEvent) => undefined): Unsubscribe {
    this.#taps = [...this.#taps, listener];
    let isSubscribed = true;
    return () => {
      if (isSubscribed) this.#taps = without(this.#taps, listener);
      isSubscribed = false;
      return undefined;
    };
  }

  #channel<T extends EventType>(type: T): Channel<T> {
    const known = this.#channels.get(type);
    // The map's value type cannot follow its key's: a channel is stored under its own type only.
    if (known !== undefined) return known as unknown as Channel<T>;
    const channel: Channel<T> = { type, listeners: [], claimed: false };
    this.#channels.set(type, channel as unknown as Channel);
    return channel;
  }

  #publish<T extends EventType>(channel: Channel<T>, payload: EventPayloads[T]): undefined {
    if (this.#failure !== null) throw this.#failure;
    Object.freeze(payload);
    const event: EngineEvent<T> = {
      seq: ++this.#seq,
      ts: this.#now(),
      type: channel.type,
      causedBy: this.#current,
      payload,
    };
    if (this.#draining) {
      this.#queue[this.#queued] = event;
      this.#queueChannels[this.#queued] = channel as unknown as Channel;
      this.#queued++;
      return;
    }
    this.#drain(event, channel as unknown as Channel);
  }

  #drain(first: EngineEvent, channel: Channel): void {
    this.#draining = true;
    try {
      this.#deliver(first, channel);
      for (let next = 0; next < this.#queued; next++) {
        if (next >= EVENTS_PER_INPUT_MAX) throw this.#stop(feedbackLoop(first));
        const event = present(this.#queue[next], 'a queued event');
        this.#deliver(event, present(this.#queueChannels[next], 'its channel'));
      }
    } finally {
      this.#draining = false;
      this.#current = null;
      if (this.#queued > 0) this.#clearQueue();
    }
  }

  #clearQueue(): void {
    for (let slot = 0; slot < this.#queued; slot++) {
      this.#queue[slot] = null;
      this.#queueChannels[slot] = null;
    }
    this.#queued = 0;
  }

  #deliver(event: EngineEvent, channel: Channel): void {
    this.#current = event.seq;
    try {
      if (this.#taps.length > 0) for (const tap of this.#taps) tap(event as AnyEvent);
      for (const listener of channel.listeners) listener(event);
    } catch (error) {
      throw this.#stop(failureOf(error, event));
    }
  }

  #stop(failure: QuantSageError): QuantSageError {
    this.#failure = failure;
    return failure;
  }
}

/** The list with one occurrence of the item less: who subscribed twice leaves once. */
function without<T>(items: readonly T[], item: T): readonly T[] {
  return items.toSpliced(items.indexOf(item), 1);
}

function feedbackLoop(first: EngineEvent): InvariantError {
  return new InvariantError(
    `at most ${EVENTS_PER_INPUT_MAX} events may follow one input, event ${first.seq} ` +
      `(${first.type}) led to more: two components answer each other for ever`,
  );
}

/** Errors raised on purpose pass as they are; anything else is a bug in the listener. */
function failureOf(error: unknown, event: EngineEvent): QuantSageError {
  if (error instanceof QuantSageError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new InvariantError(`event ${event.seq} (${event.type}) was not handled: ${message}`, {
    cause: error,
    details: { seq: event.seq, type: event.type },
  });
}
