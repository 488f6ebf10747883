import type { EpochMs } from '../../core/time.ts';
import type {
  ClientOrderId,
  VenueOrderRef,
  VenueOrderReport,
} from '../../ports/exchange-account.ts';
import { isOurs } from './client-order-id.ts';
import type { LiveBook } from './live-book.ts';

/** A list may lag behind an end by so much. */
const LAG_MS = 10_000;

/**
 * Orders of this run that were taken for over, and that the exchange shows as open again and again:
 * they may fill, and nothing waits for them.
 */
export class GhostOrders {
  readonly #book: LiveBook;
  /** When each was first seen of those in all lists since. */
  readonly #seenAt = new Map<ClientOrderId, EpochMs>();
  #ghosts: readonly VenueOrderRef[] = [];

  constructor(book: LiveBook) {
    this.#book = book;
  }

  /** Those that are to be called back. */
  get all(): readonly VenueOrderRef[] {
    return this.#ghosts;
  }

  /** Takes in a complete list of open orders, and the time at which it was asked for. */
  see(open: readonly VenueOrderReport[], now: EpochMs): void {
    const refs = open.flatMap((report) => this.#refOf(report) ?? []);
    const listed = new Set(refs.map(({ clientId }) => clientId));
    for (const known of this.#seenAt.keys()) if (!listed.has(known)) this.#seenAt.delete(known);
    this.#ghosts = refs.filter(({ clientId }) => {
      const seenAt = this.#seenAt.get(clientId) ?? now;
      this.#seenAt.set(clientId, seenAt);
      return now - seenAt >= LAG_MS;
    });
  }

  has({ venueId, symbol }: VenueOrderReport): boolean {
    return this.#ghosts.some((ghost) => ghost.venueId === venueId && ghost.symbol === symbol);
  }

  #refOf(report: VenueOrderReport): VenueOrderRef | null {
    const clientId = this.#book.clientIdOf(report);
    if (!isOurs(clientId) || this.#book.named(report) !== null) return null;
    const { symbol, venueId } = report;
    return this.#book.past(report) === null ? null : { clientId, venueId, symbol };
  }
}
