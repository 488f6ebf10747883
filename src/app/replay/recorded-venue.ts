import { SimulatedVenue } from '../../execution/simulated-venue.ts';
import type { VenueSnapshot } from '../../execution/venue-snapshot.ts';
import type { Venue } from '../../ports/venue.ts';
import { simulatedVenueOptions } from '../engine-terms.ts';
import type { SessionTerms } from './session-terms.ts';
import { SILENT_VENUE } from './silent-venue.ts';

/** A venue as a session had it, to hear its orders again. */
export interface RecordedVenue {
  readonly venue: Venue;
  /** Plain data; null for an exchange, whose state nobody can make again. */
  readonly state: () => unknown;
}

/**
 * The venue of a recorded run by its mode: simulated for paper, made of what the session began with;
 * silent for all others, whose exchange speaks through the journal.
 */
export function recordedVenue(mode: string, terms: SessionTerms, state: unknown): RecordedVenue {
  if (mode !== 'paper') return { venue: SILENT_VENUE, state: () => null };
  const venue = new SimulatedVenue({
    ...simulatedVenueOptions(terms),
    // Read from the store, which vouches for it by a hash.
    ...(state === null ? {} : { restored: state as VenueSnapshot }),
  });
  return { venue, state: () => venue.snapshot() };
}
