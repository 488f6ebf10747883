import type { EpochMs } from '../../core/time.ts';
import type { SourceBar } from '../../ports/bar-source.ts';
import { BAR_STRIDE, type BarPage } from '../../ports/bar-store.ts';

const CLOSE = 4;

interface RestatedBar {
  readonly openTime: EpochMs;
  /** Closes. */
  readonly stored: number;
  readonly sent: number;
}

/**
 * The first stored bar whose close the vendor now puts elsewhere. The last bar alone does not count:
 * a late correction of one bar is a revision, a restatement changes all of them.
 */
export function restatedBar(
  sent: readonly SourceBar[],
  stored: Iterable<BarPage>,
): RestatedBar | null {
  const closes = new Map(sent.map(({ openTime, close }) => [openTime, close]));
  let first: RestatedBar | null = null;
  for (const page of stored) {
    for (let at = 0; at < page.length; at += BAR_STRIDE) {
      const openTime = page[at] ?? Number.NaN;
      const close = page[at + CLOSE] ?? Number.NaN;
      const now = closes.get(openTime);
      if (now === undefined || !Number.isFinite(now)) continue;
      if (now === close) return null;
      first ??= { openTime, stored: close, sent: now };
    }
  }
  return first;
}
