/** What a check found: all well, something to know of, or a reason not to trade real money. */
export interface Finding {
  /** What was looked at, e.g. `disk`. */
  readonly check: string;
  readonly verdict: 'ok' | 'warn' | 'fail';
  /** One sentence: what was found, and what to do where that is not well. */
  readonly text: string;
}

export function ok(check: string, text: string): Finding {
  return { check, verdict: 'ok', text };
}

export function warn(check: string, text: string): Finding {
  return { check, verdict: 'warn', text };
}

export function fail(check: string, text: string): Finding {
  return { check, verdict: 'fail', text };
}
