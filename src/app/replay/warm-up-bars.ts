import type { Bar, Slice } from '../../core/bar.ts';
import type { SymbolName } from '../../core/instrument.ts';
import { timeframeMs, type EpochMs, type Timeframe } from '../../core/time.ts';
import { BAR_STRIDE, type BarPage, type BarStore, type Series } from '../../ports/bar-store.ts';
import { WarmUpRecord, type WarmUpSpan } from '../trading/warm-up-record.ts';

/** The bars of a recorded warm-up. */
export interface WarmUpBars {
  readonly slices: readonly Slice[];
  /** Symbols whose bars are no longer those the session saw. */
  readonly changed: readonly SymbolName[];
}

export interface WarmUpSource {
  readonly store: Pick<BarStore, 'pages'>;
  readonly seriesOf: (symbol: SymbolName) => Series | null;
  readonly timeframe: Timeframe;
}

/** The slices of a recorded warm-up, as the database has them by now. */
export function warmUpSlices(spans: readonly WarmUpSpan[], source: WarmUpSource): WarmUpBars {
  const slices = slicesOf(spans.flatMap((span) => barsOf(span, source)));
  return { slices, changed: changedSymbols(spans, slices) };
}

/** All bars merged by close time, the bars of a slice in symbol order. */
export function slicesOf(bars: readonly Bar[]): readonly Slice[] {
  const byClose = new Map<EpochMs, Bar[]>();
  for (const bar of bars) {
    const same = byClose.get(bar.closeTime) ?? [];
    byClose.set(bar.closeTime, same);
    same.push(bar);
  }
  return [...byClose]
    .sort(([one], [other]) => one - other)
    .map(([closeTime, same]) => ({
      closeTime,
      bars: same.sort((one, other) => (one.symbol < other.symbol ? -1 : 1)),
    }));
}

/** The bars of a symbol that opened from `first` to `last`, both included. */
export function barsOf(
  { symbol, first, last }: Pick<WarmUpSpan, 'symbol' | 'first' | 'last'>,
  { store, seriesOf, timeframe }: WarmUpSource,
): readonly Bar[] {
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

function changedSymbols(
  spans: readonly WarmUpSpan[],
  slices: readonly Slice[],
): readonly SymbolName[] {
  const record = new WarmUpRecord();
  for (const slice of slices) record.observe(slice);
  const now = new Map(record.spans().map(({ symbol, sha256 }) => [symbol, sha256]));
  return spans
    .filter(({ symbol, sha256 }) => now.get(symbol) !== sha256)
    .map(({ symbol }) => symbol);
}
