import type { BarPage, BarRow } from '../../ports/bar-store.ts';
import { BAR_STRIDE } from '../../ports/bar-store.ts';

/** The bars of pages one by one: for the few that a repair looks at. */
export function* rowsOf(pages: Iterable<BarPage>): Generator<BarRow, void> {
  for (const page of pages) {
    for (let at = 0; at < page.length; at += BAR_STRIDE) {
      const [openTime = 0, open = 0, high = 0, low = 0, close = 0, volume = 0, flags = 0] =
        page.subarray(at, at + BAR_STRIDE);
      yield { openTime, open, high, low, close, volume, flags };
    }
  }
}
