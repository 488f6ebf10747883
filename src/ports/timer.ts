/** Waiting, so that what waits can be tested without the wall clock. */
export interface Timer {
  /** Resolves after that many milliseconds, or at once when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}
