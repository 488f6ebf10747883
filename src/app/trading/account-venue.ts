import { QuotePoller, type QuotePollerParts } from '../../data/live/quote-poller.ts';
import { LiveVenue, type LiveVenueOptions } from '../../execution/live/live-venue.ts';
import type { OrderId } from '../../core/ids.ts';
import type { Quote } from '../../core/quote.ts';
import { runTogether } from './run-together.ts';
import type { TradingVenue } from './trading-venue.ts';

interface AccountVenueParts {
  readonly venue: LiveVenueOptions;
  /** How present prices are asked for. */
  readonly quotes: Omit<QuotePollerParts, 'symbols' | 'onQuote'>;
  /** Tells the engine a price. */
  readonly quote: (quote: Quote) => void;
}

/** How often the account is looked at for answers that are still to come. */
const LOOK_EVERY_MS = 100;

/** An account at an exchange, with the prices of what the engine watches there by itself. */
export class AccountVenue implements TradingVenue {
  readonly venue: LiveVenue;
  readonly #parts: AccountVenueParts;
  readonly #poller: QuotePoller;

  constructor(parts: AccountVenueParts) {
    this.#parts = parts;
    const { intake } = parts.venue;
    this.venue = new LiveVenue(parts.venue);
    this.#poller = new QuotePoller({
      ...parts.quotes,
      symbols: () => [...this.venue.watchedSymbols()],
      onQuote: (each) => {
        if (this.venue.isMovedBy(each)) intake.enter(() => parts.quote(each));
      },
    });
    intake.onRecorded(() => this.#poller.poke());
  }

  get ordersSent(): number {
    return this.venue.ordersSent;
  }

  state(): unknown {
    return this.venue.snapshot();
  }

  async prepare(signal: AbortSignal): Promise<void> {
    await this.venue.reconcile(signal);
  }

  async run(signal: AbortSignal): Promise<void> {
    await runTogether([this.venue, this.#poller], signal);
  }

  async settle(signal: AbortSignal): Promise<void> {
    const { timer } = this.#parts.venue;
    while (!this.venue.isQuiet && !signal.aborted) await timer.wait(LOOK_EVERY_MS, signal);
  }

  notes(): readonly string[] {
    return this.venue.describeProtection();
  }

  placeOf(order: OrderId): string {
    return this.venue.placeOf(order);
  }
}
