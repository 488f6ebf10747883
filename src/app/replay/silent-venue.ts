import type { Venue } from '../../ports/venue.ts';

/** Takes orders and says nothing: what an exchange had to say, a journal holds as inputs. */
export const SILENT_VENUE: Venue = {
  connect: () => undefined,
  submit: () => undefined,
  cancel: () => undefined,
  observe: () => undefined,
  quote: () => undefined,
  settle: () => undefined,
};
