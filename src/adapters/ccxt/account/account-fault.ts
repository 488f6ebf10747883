import { ConfigError, ExchangeError } from '../../../core/errors.ts';
import type { Answer } from '../call-scope.ts';
import { classesOf, exchangeFault } from '../ccxt-faults.ts';

export type Redact = (text: string) => string;

/**
 * Turns what a call on an account threw into an `ExchangeError` without secrets. The error behind it
 * is told by its class alone: ccxt writes addresses into its messages, which are signed.
 */
export function accountFault(
  exchange: string,
  wanted: string,
  thrown: { readonly error: unknown; readonly answer: Answer | null },
  redact: Redact,
): ExchangeError {
  const { error, answer } = thrown;
  const fault = exchangeFault(exchange, wanted, error, answer);
  const known = fault instanceof ExchangeError ? fault : null;
  const kind = known?.kind ?? (fault instanceof ConfigError ? 'rejected' : 'bad-response');
  const retryAfterMs = known?.retryAfterMs ?? answer?.retryAfterMs ?? null;
  return new ExchangeError(redact(fault.message), {
    kind,
    details: { error: classesOf(error)[0] ?? 'nothing' },
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  });
}
