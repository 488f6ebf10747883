import type { Bar, Slice } from '../../core/bar.ts';
import { timeframeMs, type EpochMs, type Timeframe } from '../../core/time.ts';
import { BAR_STRIDE, type BarPage, type BarStore, type Series } from '../../ports/bar-store.ts';
import { WarmUpRecord, type WarmUpSpan } from '../trading/warm-up-record.ts';

/** Whether the bars a session was warmed up with are still those it saw. */
export type WarmUpVerdict = 'same' | 'changed';

interface WarmUpSource {
  readonly store: Pick<BarStore, 'pages'>;
  readonly seriesOf: (symbol: string) => Series | null;
  readonly timeframe: Timeframe;
}

/** The slices of a recorded warm-up, as the database has them by now. */
export function warmUpSlices(
  spans: readonly WarmUpSpan[],
  source: WarmUpSource,
): { readonly slices: readonly Slice[]; readonly verdict: WarmUpVerdict } {
  const bars = spans.flatMap((span) => barsOf(span, source));
  const byClose = new Map<EpochMs, Bar[]>();
  for (const bar of bars) {
    const same = byClose.get(bar.closeTime) ?? [];
    byClose.set(bar.closeTime, same);
    same.push(bar);
  }
  const slices = [...byClose]
    .sort(([one], [other]) => one - other)
    .map(([closeTime, same]) => ({
      closeTime,
      bars: same.sort((one, other) => (one.symbol < other.symbol ? -1 : 1)),
    }));
  return { slices, verdict: isSame(spans, slices) ? 'same' : 'changed' };
}

function barsOf({ symbol, first, last }: WarmUpSpan, source: WarmUpSource): readonly Bar[] {
  const { store, seriesOf, timeframe } = source;
  const series = seriesOf(symbol);
  if (series === null) return [];
  const bars: Bar[] = [];
  for (const page of store.pages(series.id, first, last + 1)) {
    for (let at = 0; at < page.length; at += BAR_STRIDE) {
      bars.push(barAt(page, at, { symbol, timeframe }));
    }
  }
  return bars;
}

function barAt(
  page: BarPage,
  at: number,
  { symbol, timeframe }: Pick<Bar, 'symbol' | 'timeframe'>,
): Bar {
  const value = (field: number): number => page[at + field] ?? Number.NaN;
  const openTime = value(0);
  return {
    symbol,
    timeframe,
    openTime,
    closeTime: openTime + timeframeMs(timeframe),
    open: value(1),
    high: value(2),
    low: value(3),
    close: value(4),
    volume: value(5),
    flags: value(6),
  };
}

function isSame(spans: readonly WarmUpSpan[], slices: readonly Slice[]): boolean {
  const record = new WarmUpRecord();
  for (const slice of slices) record.observe(slice);
  const now = record.spans();
  return (
    now.length === spans.length &&
    spans.every((span) =>
      now.some(({ symbol, sha256 }) => symbol === span.symbol && sha256 === span.sha256),
    )
  );
}
