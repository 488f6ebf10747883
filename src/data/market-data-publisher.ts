import type { Bar, Slice } from '../core/bar.ts';
import type { EventBus, Publish } from '../core/event-bus.ts';
import type { Quote } from '../core/quote.ts';

/**
 * Brings the bars of one close time to the engine: first every bar to the venue, so that resting
 * orders fill before anybody knows the close; then all closes at once, for marks and indicators;
 * then bar by bar to the strategies, so that each decision has its own bar for a cause.
 */
export class MarketDataPublisher {
  readonly #watched: Publish<'bar.watched'>;
  readonly #arrived: Publish<'bar.arrived'>;
  readonly #sliceClosed: Publish<'slice.closed'>;
  readonly #barClosed: Publish<'bar.closed'>;
  readonly #missed: Publish<'bar.missed'>;
  readonly #quoted: Publish<'quote.arrived'>;

  constructor(bus: Pick<EventBus, 'publisher'>) {
    this.#watched = bus.publisher('bar.watched');
    this.#arrived = bus.publisher('bar.arrived');
    this.#sliceClosed = bus.publisher('slice.closed');
    this.#barClosed = bus.publisher('bar.closed');
    this.#missed = bus.publisher('bar.missed');
    this.#quoted = bus.publisher('quote.arrived');
  }

  /** Bars that only strategies see: to be called before the bars that are traded at that time. */
  watch(bars: readonly Bar[]): void {
    for (const bar of bars) this.#watched(bar);
  }

  publish(slice: Slice): void {
    const { bars } = slice;
    for (const bar of bars) this.#arrived(bar);
    this.#sliceClosed(slice);
    for (const bar of bars) this.#barClosed(bar);
  }

  /** Bars that came too late to decide on: all but the strategies learn them as ever. */
  catchUp(slice: Slice): void {
    const { bars } = slice;
    for (const bar of bars) this.#arrived(bar);
    this.#sliceClosed(slice);
    for (const bar of bars) this.#missed(bar);
  }

  quote(quote: Quote): void {
    this.#quoted(quote);
  }
}
