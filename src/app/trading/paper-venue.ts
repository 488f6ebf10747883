import { QuotePoller, type QuotePollerParts } from '../../data/live/quote-poller.ts';
import { SimulatedVenue, type SimulatedVenueOptions } from '../../execution/simulated-venue.ts';
import type { OrderId } from '../../core/ids.ts';
import type { Quote } from '../../core/quote.ts';
import type { Intake } from '../../ports/intake.ts';
import type { TradingVenue } from './trading-venue.ts';

interface PaperVenueParts {
  readonly venue: SimulatedVenueOptions;
  readonly intake: Intake;
  /** How present prices are asked for; null where the exchange has none to give. */
  readonly quotes: Omit<QuotePollerParts, 'symbols' | 'onQuote'> | null;
  /** Tells the engine a price. */
  readonly quote: (quote: Quote) => void;
}

/** A simulated account that fills at the live prices of an exchange. */
export class PaperVenue implements TradingVenue {
  readonly venue: SimulatedVenue;
  readonly ordersSent = 0;
  readonly #parts: PaperVenueParts;
  readonly #poller: QuotePoller | null;

  constructor(parts: PaperVenueParts) {
    this.#parts = parts;
    this.venue = new SimulatedVenue(parts.venue);
    const { quotes, intake, quote } = parts;
    this.#poller =
      quotes === null
        ? null
        : new QuotePoller({
            ...quotes,
            symbols: () => this.venue.workingSymbols(),
            // A price that changes nothing is not worth a record.
            onQuote: (each) => {
              if (this.venue.isMovedBy(each)) intake.enter(() => quote(each));
            },
          });
    intake.onRecorded(() => this.#poller?.poke());
  }

  state(): unknown {
    return this.venue.snapshot();
  }

  async prepare(): Promise<void> {}

  async run(signal: AbortSignal): Promise<void> {
    await this.#poller?.run(signal);
  }

  /** Simulated orders need no answer. */
  readonly isSettled = true;

  stopSending(): void {}

  async abandon(): Promise<readonly string[]> {
    return [];
  }

  notes(): readonly string[] {
    if (this.#parts.quotes !== null) return [];
    return [
      'no present prices here: orders fill against whole bars, when these have closed, as in a backtest',
    ];
  }

  placeOf(_order: OrderId): string {
    return 'simulated';
  }
}
