/**
 * The one door by which anything from outside reaches a running engine: a slice, a quote, a report of
 * a venue, a command. One input is handled, all that follows from it on the bus included, before the
 * next one enters; what it led to is on record before anybody outside learns of it.
 */
export interface Intake {
  /** Throws what stopped the engine; from then on nothing enters any more. */
  enter(input: () => void): void;
  /** Calls back each time an input is on record: only now may orders leave. */
  onRecorded(listener: () => void): void;
}
