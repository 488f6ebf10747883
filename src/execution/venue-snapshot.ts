import type { EpochMs } from '../core/time.ts';
import type { FillDeskSnapshot } from './fill-desk.ts';
import type { NamedBookSnapshot } from './symbol-books.ts';
import type { VenueAccountSnapshot } from './venue-account.ts';

/** All that a simulated venue goes on from: plain data, which exact JSON gives back as it was. */
export interface VenueSnapshot {
  readonly account: VenueAccountSnapshot;
  readonly desk: FillDeskSnapshot;
  readonly books: readonly NamedBookSnapshot[];
  /** Where the UTC day ends up to which lending is paid for; -Infinity before the first. */
  readonly dayEnd: EpochMs;
  /** How many instants have been settled. */
  readonly instant: number;
  readonly lastClose: EpochMs;
  readonly lastQuote: EpochMs;
}
