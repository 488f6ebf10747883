import { mean } from './moments.ts';

/** First and last close of a symbol within the traded period, in quote currency. */
export interface CloseSpan {
  readonly first: number;
  readonly last: number;
}

/**
 * Return of putting equal money into every symbol at its first traded close and holding it to its
 * last, without costs: the mean of `last / first − 1`, a fraction. Null of no symbols and where a
 * first close is not positive.
 */
export function buyAndHoldReturn(spans: readonly CloseSpan[]): number | null {
  if (spans.some(({ first }) => !(first > 0))) return null;
  return mean(spans.map(({ first, last }) => last / first - 1));
}
