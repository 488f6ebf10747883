import { ExchangeError } from '../../core/errors.ts';
import type { PlaceOutcome, RefusalCause } from '../../ports/exchange-account.ts';

/** What Alpaca says when it refuses an order, the first that fits. */
const CAUSES: readonly (readonly [RegExp, RefusalCause])[] = [
  [/insufficient/i, 'funds'],
  [
    /cost basis|minimal amount|min(?:imum)? order|increment|sub-?penny|decimal|precision|must be integer|fractional|fractionable/i,
    'filter',
  ],
  [
    /not tradable|not active|halted|market (?:is )?closed|market hours|asset .*not found/i,
    'market',
  ],
  [/not authorized|unauthorized|forbidden|account is|restricted|blocked|not allowed/i, 'auth'],
];

/**
 * The statuses that refuse. 408 and 425 speak of the way, 409 of a state that may be the order's; and
 * of 429 Alpaca does not say that nothing was done.
 */
const REFUSING: ReadonlySet<unknown> = new Set([400, 403, 404, 422]);

const DUPLICATE = /client.?order.?id must be unique|duplicate client/i;

/**
 * What an error after the send proves. A refusal counts only where it is Alpaca's: with its code in
 * the body, as a proxy's page has none. A client id that exists already names an order that does.
 */
export function outcomeOf(error: unknown): PlaceOutcome {
  const reason = error instanceof Error ? error.message : String(error);
  if (!(error instanceof ExchangeError)) return { kind: 'unknown', reason };
  const { status, code, said } = error.details;
  // Nothing is done for somebody who is not known, and this answer alone comes without a code.
  if (status === 401) return { kind: 'refused', cause: 'auth', reason };
  const isAlpacas = code !== null && code !== undefined;
  if (!isAlpacas || !REFUSING.has(status)) return { kind: 'unknown', reason };
  const words = String(said);
  if (DUPLICATE.test(words)) {
    return { kind: 'unknown', reason: `${reason}; the order of that id is to be reconciled` };
  }
  const cause = CAUSES.find(([pattern]) => pattern.test(words))?.[1] ?? 'other';
  return { kind: 'refused', cause, reason };
}
