import { BAR_FLAGS, type Bar, type Slice } from '../core/bar.ts';
import { Decimal } from '../core/decimal.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { EpochMs } from '../core/time.ts';
import { SeriesQualityMeter } from '../data/series-quality.ts';
import type { BarPage, BarStore, Series } from '../ports/bar-store.ts';
import type { RoundTrip } from '../reporting/round-trips.ts';

type PageStore = Pick<BarStore, 'pages' | 'openTimeBefore'>;

/** Measures the bars of a backtest while they are read, and which trades touched flagged ones. */
export class DataQuality {
  /** The store with a meter on its pages. */
  readonly store: PageStore;
  readonly #meters: ReadonlyMap<number, SeriesQualityMeter>;
  readonly #flagged = {
    outlier: new FlaggedBars(BAR_FLAGS.outlier),
    repaired: new FlaggedBars(BAR_FLAGS.repaired),
    revised: new FlaggedBars(BAR_FLAGS.revised),
  };

  /** The flagged bars that no bar of their symbol has followed yet. */
  readonly #latest = new Map<SymbolName, FlaggedBar>();

  constructor({ series }: { readonly series: readonly Series[] }, store: PageStore) {
    this.#meters = new Map(series.map((each) => [each.id, meterOf(each)]));
    this.store = {
      pages: (id, from, to) => this.#metered(id, store.pages(id, from, to)),
      openTimeBefore: (id, time, count) => store.openTimeBefore(id, time, count),
    };
  }

  /** Takes note of flagged bars. */
  readonly observe = ({ bars }: Slice): void => {
    for (const bar of bars) {
      if (this.#latest.size > 0) this.#endBefore(bar);
      if (bar.flags === 0) continue;
      const touched = { openTime: bar.openTime, until: bar.closeTime };
      this.#latest.set(bar.symbol, touched);
      for (const flagged of Object.values(this.#flagged)) flagged.note(bar, touched);
    }
  };

  /** Counts over all series, by the names of the report. */
  summary(trades: readonly RoundTrip[]): Readonly<Record<string, number>> {
    const ledgers = [...this.#meters.values()].map((meter) => meter.quality());
    const sum = (pick: (ledger: (typeof ledgers)[number]) => number) =>
      ledgers.reduce((total, ledger) => total + pick(ledger), 0);
    const { outlier, repaired, revised } = this.#flagged;
    const onRepaired = trades.filter((trade) => repaired.isIn(trade));
    const onAny = trades.filter((trade) =>
      Object.values(this.#flagged).some((flagged) => flagged.isIn(trade)),
    );
    return {
      missing_bars: sum(({ missing }) => missing ?? 0),
      gaps: sum(({ gaps }) => gaps),
      outliers: sum(({ outliers }) => outliers),
      repaired_bars: sum((ledger) => ledger.repaired),
      revised_bars: sum((ledger) => ledger.revised),
      flat_bars: sum(({ flat }) => flat.bars),
      zero_volume_bars: sum(({ zeroVolume }) => zeroVolume.bars),
      trades_on_flagged_bars: onAny.length,
      trades_on_outliers: trades.filter((trade) => outlier.isIn(trade)).length,
      trades_on_repaired_bars: onRepaired.length,
      trades_on_revised_bars: trades.filter((trade) => revised.isIn(trade)).length,
      net_pnl_on_repaired_bars: netPnlOf(onRepaired),
    };
  }

  /** What a bar's close decides happens at the next open: after a weekend or a gap that is later. */
  #endBefore({ symbol, openTime }: Bar): void {
    const flagged = this.#latest.get(symbol);
    if (flagged === undefined) return;
    flagged.until = Math.max(flagged.until, openTime);
    this.#latest.delete(symbol);
  }

  *#metered(id: number, pages: Iterable<BarPage>): Iterable<BarPage> {
    const meter = this.#meters.get(id);
    for (const page of pages) {
      meter?.add(page);
      yield page;
    }
  }
}

/** Where the bars with one flag are. */
class FlaggedBars {
  readonly #flag: number;
  /** By symbol, ascending. */
  readonly #bars = new Map<SymbolName, FlaggedBar[]>();

  constructor(flag: number) {
    this.#flag = flag;
  }

  note({ flags, symbol }: Bar, touched: FlaggedBar): void {
    if ((flags & this.#flag) === 0) return;
    const bars = this.#bars.get(symbol);
    if (bars === undefined) this.#bars.set(symbol, [touched]);
    else bars.push(touched);
  }

  /** Whether a trade rests on one: from the last bar that was over when it was entered to its exit. */
  isIn({ symbol, entryTime, exitTime }: RoundTrip): boolean {
    const bars = this.#bars.get(symbol) ?? [];
    const next = bars[firstOpenAt(bars, entryTime)];
    return next !== undefined && next.openTime <= exitTime;
  }
}

interface FlaggedBar {
  readonly openTime: EpochMs;
  /** When the next bar opens, or, while there is none, when this one closes. */
  until: EpochMs;
}

/** Index of the first of the ascending bars that is not over before `time`; their number if none. */
function firstOpenAt(bars: readonly FlaggedBar[], time: EpochMs): number {
  let low = 0;
  let high = bars.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((bars[middle]?.until ?? Infinity) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** In quote currency. */
function netPnlOf(trades: readonly RoundTrip[]): number {
  return trades.reduce((sum, { netPnl }) => sum.plus(netPnl), Decimal.zero).toNumber();
}

function meterOf({ timeframe, calendar }: Series): SeriesQualityMeter {
  return new SeriesQualityMeter({ timeframe, calendar });
}
