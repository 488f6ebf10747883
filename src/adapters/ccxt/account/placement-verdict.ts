import { ExchangeError, QuantSageError } from '../../../core/errors.ts';
import type { PlaceOutcome, RefusalCause } from '../../../ports/exchange-account.ts';
import type { CallScope } from '../call-scope.ts';
import { classesOf } from '../ccxt-faults.ts';
import type { Refusal } from './dialect.ts';
import { PLACEMENT_ERRORS } from './placement-errors.ts';

/** Statuses of an answer by which a venue, or something before it, gave up on a request under way. */
const GIVEN_UP = new Set([408, 425]);

/** Told of an order that is there already: the request may have arrived twice. */
const KNOWN_ALREADY = /duplicate/i;

/**
 * What is certain of an order after its one request failed with `error`. Before anything left this
 * machine: refused. After that: refused only where the answer itself proves it.
 */
export function placementVerdict(
  error: unknown,
  scope: Pick<CallScope, 'isSent' | 'answer'>,
  refusals: readonly Refusal[],
  reason: string,
): PlaceOutcome {
  const mayPass = error instanceof ExchangeError && error.isRetryable;
  if (!scope.isSent) return { kind: 'refused', cause: mayPass ? 'rate' : 'other', reason };
  const cause = provenCause(error, scope, refusals);
  return cause === null ? { kind: 'unknown', reason } : { kind: 'refused', cause, reason };
}

function provenCause(
  error: unknown,
  { answer }: Pick<CallScope, 'answer'>,
  refusals: readonly Refusal[],
): RefusalCause | null {
  // What is no error of ccxt was raised on the way, or by a bug: it proves nothing.
  if (answer === null || error instanceof QuantSageError) return null;
  if (answer.status >= 500 || GIVEN_UP.has(answer.status)) return null;
  if (KNOWN_ALREADY.test(answer.body)) return null;
  const named = classesOf(error).find((name) => PLACEMENT_ERRORS[name] !== undefined);
  if (named === undefined) return null;
  const said = refusals.find(({ words }) => words.test(answer.body));
  if (said !== undefined) return said.cause;
  const verdict = PLACEMENT_ERRORS[named] ?? 'unknown';
  return verdict === 'unknown' ? null : verdict;
}
