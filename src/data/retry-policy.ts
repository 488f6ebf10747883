import { MINUTE_MS } from '../core/time.ts';

/** How often and how patiently a read that failed is tried again. */
export interface RetryPolicy {
  /** Tries after the first one. */
  readonly retries: number;
  /** Most of the wait before the second try; doubles with each further one. */
  readonly baseMs: number;
  /** Most of any wait that the venue did not ask for. */
  readonly capMs: number;
  /** A venue that asks for more than this is not waited for. */
  readonly banMs: number;
}

export const RETRY_WAITS = { baseMs: 1000, capMs: MINUTE_MS, banMs: 5 * MINUTE_MS } as const;

/** A read that failed: the first try is number 1. */
interface FailedTry {
  readonly tries: number;
  /** What the venue asked for; null where it named no time. */
  readonly retryAfterMs: number | null;
}

export type RetryDecision =
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'exhausted' }
  | { readonly kind: 'banned'; readonly ms: number };

/**
 * Exponential backoff with full jitter (a random share of the doubled wait, so that many clients
 * that failed together do not return together); what the venue asked for is the least.
 * `random` gives numbers in [0, 1).
 */
export function decideRetry(
  policy: RetryPolicy,
  { tries, retryAfterMs }: FailedTry,
  random: () => number,
): RetryDecision {
  if (retryAfterMs !== null && retryAfterMs > policy.banMs) {
    return { kind: 'banned', ms: retryAfterMs };
  }
  if (tries > policy.retries) return { kind: 'exhausted' };
  const most = Math.min(policy.capMs, policy.baseMs * 2 ** (tries - 1));
  return { kind: 'wait', ms: (retryAfterMs ?? 0) + Math.ceil(most * random()) };
}
