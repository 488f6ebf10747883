import type { Quote } from '../../core/quote.ts';
import { formatTime, type EpochMs } from '../../core/time.ts';

/** A venue's clocks need not agree with one another to the last bit. */
const AHEAD_MAX_MS = 5000;

export interface QuoteTerms {
  /** By the venue's clock. */
  readonly now: EpochMs;
  /** A quote that is older by its own time says nothing of the present. */
  readonly staleAfterMs: number;
}

/** What is wrong with a quote, as what was expected and what was; null for a sound one. */
export function quoteProblem(quote: Quote, { now, staleAfterMs }: QuoteTerms): string | null {
  const { bid, ask, time } = quote;
  // Written so that NaN fails.
  if (!(bid > 0 && bid < Infinity)) return `a bid above zero was expected, was ${bid}`;
  if (!(ask > 0 && ask < Infinity)) return `an ask above zero was expected, was ${ask}`;
  if (!(bid <= ask)) return `a bid not above the ask ${ask} was expected, was ${bid}`;
  if (!Number.isSafeInteger(time)) return `a time was expected, was ${time}`;
  if (time > now + AHEAD_MAX_MS) return `a time up to now was expected, was ${formatTime(time)}`;
  if (time < now - staleAfterMs) return `a fresh quote was expected, was of ${formatTime(time)}`;
  return null;
}
