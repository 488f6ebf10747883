import type { Bar } from '../core/bar.ts';
import type { EpochMs } from '../core/time.ts';

const FINAL_PRICES = ['close', 'open', 'previous_close'] as const;
/**
 * Price at which the end of a trading period finds what is left: the last close; or, known only
 * afterwards, the open of the last bar or the close before it.
 */
export type FinalPrice = (typeof FINAL_PRICES)[number];

interface FinalPoint {
  /** In quote currency. */
  readonly price: number;
  readonly time: EpochMs;
}

interface LastBars {
  readonly bar: Bar;
  /** The one before; null where there is none. */
  readonly barBefore: Bar | null;
  /** Close time of the latest bar of any symbol. */
  readonly lastClose: EpochMs;
  /** When what is left was last added to. */
  readonly enteredAt: EpochMs;
}

/**
 * That price, and the time it is from. What ended before other symbols did was still held when they
 * ended: it is left with them. Nothing is left before it was entered: then the last close counts.
 */
export function finalPoint(final: FinalPrice, bars: LastBars): FinalPoint {
  const { bar, lastClose, enteredAt } = bars;
  const atClose = { price: bar.close, time: lastClose };
  if (final === 'close') return atClose;
  const { price, time } = earlierPoint(final, bars);
  if (enteredAt > time) return atClose;
  return { price, time: bar.closeTime === lastClose ? time : lastClose };
}

function earlierPoint(final: FinalPrice, { bar, barBefore }: LastBars): FinalPoint {
  if (final === 'open' || barBefore === null) return { price: bar.open, time: bar.openTime };
  return { price: barBefore.close, time: barBefore.closeTime };
}
