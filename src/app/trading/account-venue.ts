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

/** An account at an exchange, with the prices of what the engine watches there by itself. */
export class AccountVenue implements TradingVenue {
  readonly venue: LiveVenue;
  readonly #poller: QuotePoller;

  constructor(parts: AccountVenueParts) {
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

  get isSettled(): boolean {
    return this.venue.isQuiet;
  }

  stopSending(): void {
    this.venue.stopSending();
  }

  async abandon(keepsEntries: boolean, signal: AbortSignal): Promise<readonly string[]> {
    return this.venue.abandon(keepsEntries, signal);
  }

  notes(): readonly string[] {
    return this.venue.describeProtection();
  }

  placeOf(order: OrderId): string {
    return this.venue.placeOf(order);
  }
}
