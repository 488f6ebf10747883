import type { Bar } from '../core/bar.ts';
import type { EpochMs } from '../core/time.ts';

const FINAL_PRICES = ['close', 'open', 'previous_close'] as const;
/**
 * Price at which the end of a trading period finds what is left: the last close; or, known only
 * afterwards, the open of the last bar or the close before it.
 */
export type FinalPrice = (typeof FINAL_PRICES)[number];

interface LastBars {
  readonly bar: Bar;
  /** The one before; null where there is none. */
  readonly barBefore: Bar | null;
  /** Close time of the latest bar of any symbol. */
  readonly lastClose: EpochMs;
}

/**
 * That price, and the time it is from. What ended before other symbols did was still held when they
 * ended: it is left with them.
 */
export function finalPoint(
  final: FinalPrice,
  { bar, barBefore, lastClose }: LastBars,
): { readonly price: number; readonly time: EpochMs } {
  const time = bar.closeTime === lastClose ? null : lastClose;
  if (final === 'close') return { price: bar.close, time: lastClose };
  if (final === 'open' || barBefore === null) {
    return { price: bar.open, time: time ?? bar.openTime };
  }
  return { price: barBefore.close, time: time ?? barBefore.closeTime };
}
